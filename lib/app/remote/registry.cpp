#include "app/remote/registry.hpp"

#include <fmt/format.h>

#include "app/remote/json_object.hpp"
#include "core/error.hpp"

namespace visitor::app {
namespace {

domain::Site site_in(const JsonObject& json) {
  domain::Site site;
  site.id = json.id<SiteId>("id");
  site.name = json.text("name");
  site.time_zone = json.text("time_zone");
  site.country_code = json.text("country_code");
  for (const auto day : json.numbers("days_off")) site.days_off.push_back(static_cast<unsigned>(day));
  site.version = json.integer("version");
  return site;
}

DepartmentListed department_in(const JsonObject& json) {
  DepartmentListed listed;
  listed.department.id = json.id<DepartmentId>("id");
  listed.department.name = json.text("name");
  listed.department.director = json.text("director");
  listed.department.site = json.named_thing<SiteId>("site", listed.site_name).value_or(SiteId{});
  listed.department.version = json.integer("version");
  return listed;
}

HostListed host_in(const JsonObject& json) {
  HostListed listed;
  auto& host = listed.host;
  host.id = json.id<HostId>("id");
  host.name = json.text("name");
  host.email = json.text("email");
  host.phone = json.text("phone");
  host.chat_id = json.text("chat_id");
  host.department = json.named_thing<DepartmentId>("department", listed.department_name).value_or(DepartmentId{});
  listed.site = json.named_thing<SiteId>("site", listed.site_name).value_or(SiteId{});
  host.version = json.integer("version");
  return listed;
}

/// All rows of a list, each as \p read makes it.
template <class T>
std::vector<T> all(RemoteHouse& house, const std::string& path, const Query& query, std::size_t limit,
                   T (*read)(const JsonObject&)) {
  std::vector<T> things;
  for (const auto& row : house.list(path, query, limit)) things.push_back(read(JsonObject{row}));
  return things;
}

/// The one thing that \p ref names: visitord looks it up as a command there would.
template <class T>
T resolve(RemoteHouse& house, const std::string& path, std::string_view ref, std::optional<SiteId> site,
          T (*read)(const JsonObject&)) {
  Query query;
  // Blanks name nothing, and are not the same as no parameter.
  query.add("ref", ref.empty() ? std::string_view{" "} : ref).add("site", site);
  auto found = all(house, path, query, 1, read);
  if (found.empty()) throw Error(Errc::not_found, fmt::format("there is no '{}'", ref));
  return std::move(found.front());
}

}  // namespace

std::vector<domain::Site> list_sites(RemoteHouse& house) {
  return all(house, "/sites/", {}, RemoteHouse::kAll, site_in);
}

domain::Site resolve_site(RemoteHouse& house, std::string_view ref) {
  return resolve(house, "/sites/", ref, {}, site_in);
}

std::vector<DepartmentListed> list_departments(RemoteHouse& house, const DepartmentFilter& filter) {
  return all(house, "/departments/", Query{}.add("site", filter.site), RemoteHouse::kAll, department_in);
}

DepartmentListed resolve_department(RemoteHouse& house, std::string_view ref, std::optional<SiteId> site) {
  return resolve(house, "/departments/", ref, site, department_in);
}

std::vector<HostListed> list_hosts(RemoteHouse& house, const HostFilter& filter) {
  Query query;
  query.add("site", filter.site).add("department", filter.department).add("search", filter.text);
  return all(house, "/hosts/", query, static_cast<std::size_t>(filter.limit), host_in);
}

HostListed resolve_host(RemoteHouse& house, std::string_view ref, std::optional<SiteId> site) {
  return resolve(house, "/hosts/", ref, site, host_in);
}

}  // namespace visitor::app
