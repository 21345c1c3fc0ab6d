#include "app/muster.hpp"

#include "daemon/api/listing.hpp"
#include "daemon/api/resources.hpp"

namespace visitor::api {

void add_muster(Table& table) {
  table.add({"MusterSite", {id("id", "Number"), text("name", "Name"), text("time_zone", "IANA name")}});
  table.add({"MusterEntry",
             {id("visit_id", "Visit"), id("site_id", "Site"), or_null(text("department", "Department")),
              or_null(text("host", "Whom the guest came to see")), or_null(text("host_phone", "Telephone of that one")),
              object("guest", "Who", "GuestNamed"), or_null(text("phone", "Telephone of the guest")),
              moment("since", "When the guest came"),
              named<domain::How>("how", "What shows it; presumed: has presumably left, though nobody saw it"),
              moment("proof_at", "When that was"), or_null(moment("entered_at", "Last entry")),
              or_null(text("place", "Door or terminal of that one")),
              or_null(text("login", "Who checked the guest in by hand"))}});
  table.add({"Muster",
             {moment("at", "When this was so"), many(object("sites", "Sites, by name", "MusterSite")),
              many(object("entries", "By site, department, host and name", "MusterEntry"))}});
  table.add(
      {.path = "/muster/",
       .name = "get_muster",
       .summary = "The roll call for an evacuation: everybody inside, and who is presumed to have left",
       .command = "visitorctl muster",
       .permission = domain::Permission::inside_view,
       .query = {id("site", "Of this site")},
       .answer = "Muster",
       .run = [](const Call& call) { return one(call, app::roll_call(call.work, call.query.id<SiteTag>("site"))); }});
}

}  // namespace visitor::api
