#include "app/registry.hpp"
#include "app/masking.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "app/checks.hpp"
#include "app/details.hpp"
#include "app/editing.hpp"
#include "app/journal.hpp"
#include "app/refold.hpp"
#include "core/text.hpp"
#include "core/zone.hpp"
#include "store/sites.hpp"
#include "store/visits.hpp"

namespace visitor::app {
namespace {

constexpr std::size_t kName = 200, kShort = 100;
constexpr int kLiveVisits = 1'000'000;

std::string checked_site_name(std::string_view given) {
  auto name = checked_text("the name of a site", given, 1, kName);
  if (to_integer(name))
    throw Error(Errc::usage, fmt::format("'{}' cannot be the name of a site: it is a number", name),
                "Numbers name sites already; add a letter.");
  return name;
}

std::string checked_time_zone(const std::string& given) {
  try {
    return Zone::named(given).name();
  } catch (const Error& error) {
    throw Error(Errc::usage, error.message(), error.hint());
  }
}

std::string checked_country_code(std::string_view given) {
  auto code = std::string{trim(given)};
  if (!code.empty() && code.front() == '+') code.erase(0, 1);
  const bool whole = code.size() <= 4 && (code.empty() || code.front() != '0') &&
                     std::all_of(code.begin(), code.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (!whole)
    throw Error(Errc::usage, fmt::format("'{}' is no country code of telephone numbers", given),
                "Give one to four digits, such as 7 or +44.");
  return code;
}

std::vector<unsigned> checked_days_off(std::vector<unsigned> days) {
  std::sort(days.begin(), days.end());
  days.erase(std::unique(days.begin(), days.end()), days.end());
  if (!days.empty() && (days.front() < 1 || days.back() > 7))
    throw Error(Errc::usage, "a day off is no day of the week", "Give numbers from 1 (Monday) to 7 (Sunday).");
  return days;
}

// A ref that is a number names a thing by its id; whatever is not found so may still be a name.
template <class Id>
std::optional<Id> number_in(std::string_view ref) {
  const auto number = to_integer(ref);
  if (!number || *number <= 0) return std::nullopt;
  return Id{*number};
}

// "host 3 (Ann, Finance), host 9 (Ann, Sales)": up to ten.
template <class List, class Describe>
[[noreturn]] void refuse_ambiguous(std::string_view kind, std::string_view ref, const List& found,
                                   const Describe& describe) {
  constexpr std::size_t kNamed = 10;
  std::string candidates;
  for (std::size_t i = 0; i < found.size() && i < kNamed; ++i) {
    if (i > 0) candidates += ", ";
    candidates += describe(found[i]);
  }
  if (found.size() > kNamed) candidates += ", …";
  throw Error(Errc::usage, fmt::format("several {}s are called '{}': {}", kind, ref, candidates),
              "Give the number instead of the name.");
}

// A given field as \p check takes it.
template <class T, class Check>
auto checked_if(const std::optional<T>& given, const Check& check) {
  return given ? std::optional{check(*given)} : std::nullopt;
}

// Which day a visit is expected on depends on the zone.
void refold_live(const Work& work, SiteId site) {
  store::VisitFilter live;
  live.statuses = {domain::VisitStatus::awaiting, domain::VisitStatus::checked_in};
  live.site = site;
  live.limit = kLiveVisits;
  std::vector<GuestId> guests;
  for (const auto& listed : store::Visits{work.tx, domain::Scope::everything()}.list(live))
    guests.push_back(listed.visit.guest);
  refold(work, guests, work.now);
}

template <class Id>
void record_removal(const Work& work, std::string_view topic, Id id, const std::string& name, int version) {
  auto entries = journal(work);
  entries.audit(domain::AuditAction::remove, topic, id, Details{}.add("name", std::string_view{name}).json());
  entries.change(topic, id, version + 1);
}

}  // namespace

std::string checked_phone(const Work& work, SiteId site, std::string_view given) {
  const auto phone = trim(given);
  return phone.empty() ? std::string{}
                       : domain::to_e164(phone, store::Sites{work.tx, work.scope}.get(site).country_code);
}

domain::Site add_site(const Work& work, const NewSite& given) {
  require_scope(work, SiteId{});
  domain::Site site;
  site.name = checked_site_name(given.name);
  site.time_zone = checked_time_zone(given.time_zone);
  site.country_code = checked_country_code(given.country_code);
  site.days_off = checked_days_off(given.days_off);
  site.id = store::Sites{work.tx, work.scope}.add(site, work.now);

  auto entries = journal(work);
  entries.audit(domain::AuditAction::create, store::topic::kSite, site.id,
                Details{}.add("name", site.name).add("time_zone", site.time_zone).json());
  entries.change(store::topic::kSite, site.id, 1);
  return site;
}

domain::Site edit_site(const Work& work, SiteId id, const SiteEdit& wanted, std::optional<int> seen) {
  store::Sites sites{work.tx, work.scope};
  auto site = sites.get(id);
  require_scope(work, id);
  require_version(work, store::topic::kSite, id.value, site.version, seen);
  const auto zone_before = site.time_zone;
  Edit edit;
  edit.set("name", site.name, checked_if(wanted.name, checked_site_name));
  edit.set("time_zone", site.time_zone, checked_if(wanted.time_zone, checked_time_zone));
  edit.set("country_code", site.country_code, checked_if(wanted.country_code, checked_country_code));
  edit.set("days_off", site.days_off, checked_if(wanted.days_off, checked_days_off));
  if (edit.empty()) return site;
  if (const auto other = sites.find_by_name(site.name); other && other->id != id)
    throw Error(Errc::conflict, fmt::format("there is a site '{}' already: {}", other->name, other->id),
                "Give another name.");
  if (!sites.update(site)) lost_race(work, store::topic::kSite, id.value, site.version);
  record_edit(work, store::topic::kSite, id.value, ++site.version, edit);
  if (site.time_zone != zone_before) refold_live(work, id);
  return site;
}

void remove_site(const Work& work, SiteId id) {
  store::Sites sites{work.tx, work.scope};
  const auto site = sites.get(id);
  require_scope(work, id);
  refuse_removal(store::topic::kSite, id.value, store::References{work.tx}.to(id));
  sites.remove(id);
  record_removal(work, store::topic::kSite, id, site.name, site.version);
}

std::vector<domain::Site> list_sites(const Work& work) {
  return store::Sites{work.tx, work.scope}.list();
}

domain::Site resolve_site(const Work& work, std::string_view given) {
  store::Sites sites{work.tx, work.scope};
  const auto ref = trim(given);
  if (const auto id = number_in<SiteId>(ref)) return sites.get(*id);
  if (auto site = sites.find_by_name(ref)) return *std::move(site);
  std::vector<std::string> names;
  for (const auto& site : sites.list()) names.push_back(site.name);
  throw Error(Errc::not_found, fmt::format("there is no site '{}'", ref),
              near_hint(ref, names, "Run 'visitorctl site list' to see them."));
}

domain::Site resolve_site_or_only(const Work& work, const std::optional<std::string>& ref) {
  if (ref) return resolve_site(work, *ref);
  auto sites = list_sites(work);
  if (sites.size() == 1) return std::move(sites.front());
  if (sites.empty()) throw Error(Errc::usage, "there is no site yet", "Run 'visitorctl site add' first.");
  std::string names;
  for (const auto& site : sites) names += fmt::format("{}'{}'", names.empty() ? "" : ", ", site.name);
  throw Error(Errc::usage, fmt::format("there are {} sites: {}", sites.size(), names), "Say which one is meant.");
}

domain::Department add_department(const Work& work, const NewDepartment& given) {
  domain::Department department;
  department.site = store::Sites{work.tx, work.scope}.get(given.site).id;
  require_scope(work, given.site);
  department.name = checked_text("the name of a department", given.name, 1, kName);
  department.director = checked_text("the director", given.director, 0, kName);
  department.id = store::Departments{work.tx, work.scope}.add(department);

  auto entries = journal(work);
  entries.audit(domain::AuditAction::create, store::topic::kDepartment, department.id,
                Details{}.add("site", department.site).add("name", department.name).json());
  entries.change(store::topic::kDepartment, department.id, 1);
  return department;
}

domain::Department edit_department(const Work& work, DepartmentId id, const DepartmentEdit& wanted,
                                   std::optional<int> seen) {
  store::Departments departments{work.tx, work.scope};
  auto department = departments.get(id);
  require_scope(work, department.site, id);
  require_version(work, store::topic::kDepartment, id.value, department.version, seen);
  Edit edit;
  edit.set("name", department.name, checked_if(wanted.name, [](const std::string& name) {
             return checked_text("the name of a department", name, 1, kName);
           }));
  edit.set("director", department.director, checked_if(wanted.director, [](const std::string& name) {
             return checked_text("the director", name, 0, kName);
           }));
  if (edit.empty()) return department;
  for (const auto& other : departments.list({department.site, department.name}))
    if (other.department.id != id)
      throw Error(Errc::conflict,
                  fmt::format("site {} has a department '{}' already: {}", department.site, other.department.name,
                              other.department.id),
                  "Give another name.");
  if (!departments.update(department)) lost_race(work, store::topic::kDepartment, id.value, department.version);
  record_edit(work, store::topic::kDepartment, id.value, ++department.version, edit);
  return department;
}

void remove_department(const Work& work, DepartmentId id) {
  store::Departments departments{work.tx, work.scope};
  const auto department = departments.get(id);
  require_scope(work, department.site, id);
  refuse_removal(store::topic::kDepartment, id.value, store::References{work.tx}.to(id));
  departments.remove(id);
  record_removal(work, store::topic::kDepartment, id, department.name, department.version);
}

std::vector<DepartmentListed> list_departments(const Work& work, const DepartmentFilter& filter) {
  return store::Departments{work.tx, work.scope}.list(filter);
}

DepartmentListed resolve_department(const Work& work, std::string_view given, std::optional<SiteId> site) {
  store::Departments departments{work.tx, work.scope};
  const auto ref = trim(given);
  if (const auto id = number_in<DepartmentId>(ref)) {
    if (const auto found = departments.find(*id); found && (!site || found->site == *site))
      return {*found, store::Sites{work.tx, work.scope}.get(found->site).name};
  }
  auto found = ref.empty() ? std::vector<DepartmentListed>{} : departments.list({site, std::string{ref}});
  if (found.size() == 1) return std::move(found.front());
  if (found.size() > 1)
    refuse_ambiguous("department", ref, found, [](const DepartmentListed& one) {
      return fmt::format("department {} ({})", one.department.id, one.site_name);
    });
  std::vector<std::string> names;
  for (const auto& one : departments.list({site, {}})) names.push_back(one.department.name);
  throw Error(Errc::not_found, fmt::format("there is no department '{}'", ref),
              near_hint(ref, names, "Run 'visitorctl department list' to see them."));
}

domain::Host add_host(const Work& work, const NewHost& given) {
  const auto department = store::Departments{work.tx, work.scope}.get(given.department);
  require_scope(work, department.site, department.id);
  domain::Host host;
  host.department = department.id;
  host.name = checked_text("the name of a host", given.name, 1, kName);
  host.email = checked_email(given.email);
  host.phone = checked_phone(work, department.site, given.phone);
  host.chat_id = checked_text("the chat id", given.chat_id, 0, kShort);
  host.id = store::Hosts{work.tx, work.scope}.add(host);

  auto entries = journal(work);
  entries.audit(domain::AuditAction::create, store::topic::kHost, host.id,
                Details{}.add("department", host.department).add("name", host.name).json());
  entries.change(store::topic::kHost, host.id, 1);
  return host;
}

domain::Host edit_host(const Work& work, HostId id, const HostEdit& wanted, std::optional<int> seen) {
  store::Hosts hosts{work.tx, work.scope};
  auto host = hosts.get(id);
  require_version(work, store::topic::kHost, id.value, host.version, seen);
  const auto department = store::Departments{work.tx, work.scope}.get(wanted.department.value_or(host.department));
  require_scope(work, department.site, department.id, id);
  Edit edit;
  edit.set("department", host.department, wanted.department);
  edit.set("name", host.name, checked_if(wanted.name, [](const std::string& name) {
             return checked_text("the name of a host", name, 1, kName);
           }));
  edit.set("email", host.email, checked_if(wanted.email, checked_email), masked_email);
  edit.set(
      "phone", host.phone,
      checked_if(wanted.phone, [&](const std::string& phone) { return checked_phone(work, department.site, phone); }),
      masked_number);
  edit.set(
      "chat_id", host.chat_id,
      checked_if(wanted.chat_id, [](const std::string& chat) { return checked_text("the chat id", chat, 0, kShort); }),
      masked_number);
  if (edit.empty()) return host;
  if (!hosts.update(host)) lost_race(work, store::topic::kHost, id.value, host.version);
  record_edit(work, store::topic::kHost, id.value, ++host.version, edit);
  return host;
}

void remove_host(const Work& work, HostId id) {
  store::Hosts hosts{work.tx, work.scope};
  const auto host = hosts.get(id);
  refuse_removal(store::topic::kHost, id.value, store::References{work.tx}.to(id));
  hosts.remove(id);
  record_removal(work, store::topic::kHost, id, host.name, host.version);
}

std::vector<HostListed> list_hosts(const Work& work, const HostFilter& filter) {
  return store::Hosts{work.tx, work.scope}.list(filter);
}

HostListed resolve_host(const Work& work, std::string_view given, std::optional<SiteId> site) {
  store::Hosts hosts{work.tx, work.scope};
  const auto ref = trim(given);
  if (const auto id = number_in<HostId>(ref)) {
    if (const auto found = hosts.find(*id)) {
      const auto department = store::Departments{work.tx, work.scope}.get(found->department);
      if (!site || department.site == *site)
        return {*found, department.name, department.site, store::Sites{work.tx, work.scope}.get(department.site).name};
    }
  }
  HostFilter filter;
  filter.site = site;
  filter.name = ref;
  auto found = ref.empty() ? std::vector<HostListed>{} : hosts.list(filter);
  if (found.size() == 1) return std::move(found.front());
  if (found.size() > 1)
    refuse_ambiguous("host", ref, found, [](const HostListed& one) {
      return fmt::format("host {} ({}, {})", one.host.id, one.department_name, one.site_name);
    });
  filter.name.clear();
  std::vector<std::string> names;
  for (const auto& one : hosts.list(filter)) names.push_back(one.host.name);
  throw Error(Errc::not_found, fmt::format("there is no host '{}'", ref),
              near_hint(ref, names, "Run 'visitorctl host list' to see them."));
}

}  // namespace visitor::app
