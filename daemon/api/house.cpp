#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>

#include "app/registry.hpp"
#include "core/text.hpp"
#include "daemon/api/listing.hpp"
#include "daemon/api/resources.hpp"

namespace visitor::api {
namespace {

using domain::Permission;

constexpr int kAll = 10'000;

Schema named_schema() {
  return {"Named", {id("id", "Number"), or_null(text("name", "Name"))}};
}

Schema site_schema() {
  return {"Site",
          {id("id", "Number"), text("name", "Name"), text("time_zone", "IANA name"),
           or_null(text("country_code", "Telephone country code, digits only")),
           many(number("days_off", "ISO weekdays that are days off, 1 is Monday", 1, 7)),
           number("version", "Counts changes", 1)}};
}

Schema department_schema() {
  return {"Department",
          {id("id", "Number"), text("name", "Name"), or_null(text("director", "Who leads it")),
           or_null(object("site", "Where it is", "Named")), number("version", "Counts changes", 1)}};
}

Schema host_schema() {
  return {"Host",
          {id("id", "Number"), text("name", "Name"), or_null(text("email", "E-mail address")),
           or_null(text("phone", "Telephone number, E.164")), or_null(text("chat_id", "Telegram chat")),
           or_null(object("department", "Department", "Named")), or_null(object("site", "Site", "Named")),
           number("version", "Counts changes", 1)}};
}

/// Whether \p text stands somewhere in one of these, letter case aside for ASCII.
bool has_text(const std::optional<std::string>& text, std::initializer_list<std::string_view> places) {
  if (!text) return true;
  const auto wanted = lower(*text);
  return std::ranges::any_of(places, [&](std::string_view place) { return lower(place).find(wanted) != place.npos; });
}

/// The one of that number, or 404: a reference by number alone.
template <class Listed, class Same>
Listed only(std::vector<Listed> rows, Same&& same, std::string_view what, std::int64_t number) {
  const auto found = std::ranges::find_if(rows, same);
  if (found == rows.end()) throw Error(Errc::not_found, fmt::format("there is no {} {}", what, number));
  return std::move(*found);
}

Answer list_sites(const Call& call) {
  if (const auto ref = call.query.text("ref")) return page_of(call, std::vector{app::resolve_site(call.work, *ref)});
  auto rows = app::list_sites(call.work);
  const auto text = call.query.text("search");
  std::erase_if(rows, [&](const domain::Site& site) { return !has_text(text, {site.name}); });
  return page_of<domain::Site>(call, std::move(rows),
                               {{"name", [](auto& a, auto& b) { return lower(a.name) < lower(b.name); }},
                                {"id", [](auto& a, auto& b) { return a.id < b.id; }}});
}

Answer get_site(const Call& call) {
  const auto id = call.id<SiteTag>();
  const auto site = only(
      app::list_sites(call.work), [&](const domain::Site& one) { return one.id == id; }, "site", id.value);
  return one(call, site, site.version);
}

Answer list_departments(const Call& call) {
  app::DepartmentFilter filter;
  filter.site = call.query.id<SiteTag>("site");
  if (const auto ref = call.query.text("ref"))
    return page_of(call, std::vector{app::resolve_department(call.work, *ref, filter.site)});
  auto rows = app::list_departments(call.work, filter);
  const auto text = call.query.text("search");
  std::erase_if(rows, [&](const auto& row) { return !has_text(text, {row.department.name, row.department.director}); });
  using Row = app::DepartmentListed;
  return page_of<Row>(call, std::move(rows),
                      {{"name", [](auto& a, auto& b) { return lower(a.department.name) < lower(b.department.name); }},
                       {"id", [](auto& a, auto& b) { return a.department.id < b.department.id; }}});
}

Answer get_department(const Call& call) {
  const auto id = call.id<DepartmentTag>();
  const auto listed = only(
      app::list_departments(call.work), [&](const auto& one) { return one.department.id == id; }, "department",
      id.value);
  return one(call, listed, listed.department.version);
}

Answer list_hosts(const Call& call) {
  app::HostFilter filter;
  filter.site = call.query.id<SiteTag>("site");
  if (const auto ref = call.query.text("ref"))
    return page_of(call, std::vector{app::resolve_host(call.work, *ref, filter.site)});
  filter.department = call.query.id<DepartmentTag>("department");
  filter.text = call.query.text_or("search");
  filter.limit = kAll;
  return page_of<app::HostListed>(call, app::list_hosts(call.work, filter),
                                  {{"name", [](auto& a, auto& b) { return lower(a.host.name) < lower(b.host.name); }},
                                   {"id", [](auto& a, auto& b) { return a.host.id < b.host.id; }}});
}

Answer get_host(const Call& call) {
  const auto id = call.id<HostTag>();
  app::HostFilter filter;
  filter.limit = kAll;
  const auto listed = only(
      app::list_hosts(call.work, filter), [&](const auto& one) { return one.host.id == id; }, "host", id.value);
  return one(call, listed, listed.host.version);
}

}  // namespace

void add_house(Table& table) {
  table.add(named_schema());
  table.add(site_schema());
  table.add(department_schema());
  table.add(host_schema());

  const auto search = text("search", "Somewhere in a name", 200);
  table.add({.path = "/sites/",
             .name = "list_sites",
             .summary = "Sites, by name",
             .command = "visitorctl site list",
             .permission = Permission::site_view,
             .query = {reference(), search, ordering({"name", "id"}, "name")},
             .answer = "Site",
             .paging = Paging::pages,
             .run = list_sites});
  table.add({.path = "/sites/{id}/",
             .name = "get_site",
             .summary = "A site",
             .command = "visitorctl site show",
             .permission = Permission::site_view,
             .answer = "Site",
             .run = get_site});
  table.add({.path = "/departments/",
             .name = "list_departments",
             .summary = "Departments, by site and name",
             .command = "visitorctl department list",
             .permission = Permission::department_view,
             .query = {reference(), id("site", "Of this site"), search, ordering({"name", "id"}, "by site, then name")},
             .answer = "Department",
             .paging = Paging::pages,
             .run = list_departments});
  table.add({.path = "/departments/{id}/",
             .name = "get_department",
             .summary = "A department",
             .command = "visitorctl department show",
             .permission = Permission::department_view,
             .answer = "Department",
             .run = get_department});
  table.add({.path = "/hosts/",
             .name = "list_hosts",
             .summary = "Employees who receive guests, by name",
             .command = "visitorctl host list",
             .permission = Permission::host_view,
             .query = {reference(), id("site", "Of this site"), id("department", "Of this department"),
                       text("search", "Somewhere in name, e-mail address or telephone number", 200),
                       ordering({"name", "id"}, "name")},
             .answer = "Host",
             .paging = Paging::pages,
             .run = list_hosts});
  table.add({.path = "/hosts/{id}/",
             .name = "get_host",
             .summary = "An employee who receives guests",
             .command = "visitorctl host show",
             .permission = Permission::host_view,
             .answer = "Host",
             .run = get_host});
}

}  // namespace visitor::api
