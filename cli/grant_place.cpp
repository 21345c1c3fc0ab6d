#include "cli/grant_place.hpp"

#include "app/registry.hpp"
#include "app/remote/registry.hpp"
#include "core/error.hpp"

namespace visitor::cli {

namespace {

template <class House>
app::GrantPlace find_place(House& house, const PlaceOptions& place) {
  if (place.site.has_value() + place.department.has_value() + place.host.has_value() > 1)
    throw Error(Errc::usage, "only one of --site, --department and --host can be given",
                "Grant the role once for each place.");
  app::GrantPlace found;
  if (place.site) found.site = app::resolve_site(house, *place.site).id;
  if (place.department) found.department = app::resolve_department(house, *place.department, {}).department.id;
  if (place.host) found.host = app::resolve_host(house, *place.host, {}).host.id;
  return found;
}

}  // namespace

void add_grant_place(Command& command, PlaceOptions& place) {
  command.option("--site", "SITE", place.site, "On what belongs to this site only: name or number")
      .option("--department", "DEPARTMENT", place.department, "On what belongs to this department only: name or number")
      .option("--host", "HOST", place.host, "On this host's own visits only: name or number");
}

app::GrantPlace find_grant_place(const app::Work& work, const PlaceOptions& place) {
  return find_place(work, place);
}

app::GrantPlace find_grant_place(app::RemoteHouse& house, const PlaceOptions& place) {
  return find_place(house, place);
}

}  // namespace visitor::cli
