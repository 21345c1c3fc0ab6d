#include "app/remote/muster.hpp"

#include "app/remote/json_object.hpp"

namespace visitor::app {
namespace {

domain::RollEntry entry_in(const JsonObject& json) {
  domain::RollEntry entry;
  entry.visit = json.id<VisitId>("visit_id");
  entry.site = json.id<SiteId>("site_id");
  entry.department = json.text("department");
  entry.host = json.text("host");
  entry.host_phone = json.text("host_phone");
  const auto guest = json.object("guest");
  entry.guest = guest.id<GuestId>("id");
  entry.guest_name = guest.text("name");
  entry.company = guest.text("company");
  entry.phone = json.text("phone");
  entry.since = json.instant("since");
  entry.how = json.named<domain::How>("how");
  entry.proof_at = json.instant("proof_at");
  entry.entered_at = json.maybe_instant("entered_at");
  entry.place = json.text("place");
  entry.login = json.text("login");
  return entry;
}

}  // namespace

domain::RollCall roll_call(RemoteHouse& house, std::optional<SiteId> site) {
  const auto body = house.get("/muster/", Query{}.add("site", site));
  const JsonObject json{body};
  domain::RollCall roll;
  roll.at = json.instant("at");
  for (const auto& one : json.objects("sites"))
    roll.sites.push_back({one.id<SiteId>("id"), one.text("name"), one.text("time_zone")});
  for (const auto& one : json.objects("entries")) roll.entries.push_back(entry_in(one));
  return roll;
}

}  // namespace visitor::app
