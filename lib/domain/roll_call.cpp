#include "domain/roll_call.hpp"

#include <algorithm>
#include <tuple>

namespace visitor::domain {

void sort(RollCall& roll) {
  std::sort(roll.sites.begin(), roll.sites.end(),
            [](const RollSite& a, const RollSite& b) { return std::tie(a.name, a.id) < std::tie(b.name, b.id); });
  const auto place_of = [&](SiteId site) {
    return std::find_if(roll.sites.begin(), roll.sites.end(), [&](const RollSite& one) { return one.id == site; }) -
           roll.sites.begin();
  };
  const auto order = [&](const RollEntry& entry) {
    return std::tuple{place_of(entry.site),     entry.how == How::presumed,
                      entry.department.empty(), entry.department,
                      entry.host.empty(),       entry.host,
                      entry.guest_name,         entry.visit};
  };
  std::sort(roll.entries.begin(), roll.entries.end(),
            [&](const RollEntry& a, const RollEntry& b) { return order(a) < order(b); });
}

RollCall of_site(RollCall roll, SiteId site) {
  std::erase_if(roll.sites, [&](const RollSite& one) { return one.id != site; });
  std::erase_if(roll.entries, [&](const RollEntry& entry) { return entry.site != site; });
  return roll;
}

}  // namespace visitor::domain
