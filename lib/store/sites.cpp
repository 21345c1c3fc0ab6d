#include "store/sites.hpp"

#include <fmt/format.h>

namespace visitor::store {
namespace {

constexpr auto kAdd = R"sql(
    INSERT INTO site (name, time_zone, country_code, days_off, created_at)
    VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (lower(name)) DO NOTHING
 RETURNING id)sql";

// Also the site of a department or a host in scope.
constexpr auto kFind = R"sql(
    SELECT id, name, time_zone, country_code, days_off, version
      FROM site
     WHERE ($1::bigint IS NULL OR id = $1)
       AND ($2::text IS NULL OR lower(name) = lower($2))
       AND ($3::bigint[] IS NULL OR id = ANY($3)
            OR id IN (SELECT site_id FROM department WHERE id = ANY($4::bigint[]))
            OR id IN (SELECT d.site_id FROM host h JOIN department d ON d.id = h.department_id
                       WHERE h.id = ANY($5::bigint[])))
     ORDER BY lower(name))sql";

constexpr auto kUpdate = R"sql(
    UPDATE site
       SET name = $3, time_zone = $4, country_code = $5, days_off = $6, version = version + 1
     WHERE id = $1 AND version = $2)sql";

constexpr auto kRemove = R"sql(
    DELETE FROM site WHERE id = $1)sql";

domain::Site to_site(const db::Row& row) {
  domain::Site site;
  site.id = row.get<SiteId>("id");
  site.name = row.get<std::string>("name");
  site.time_zone = row.get<std::string>("time_zone");
  site.country_code = row.get<std::string>("country_code");
  for (const auto day : row.get<std::vector<int>>("days_off")) site.days_off.push_back(static_cast<unsigned>(day));
  site.version = row.get<int>("version");
  return site;
}

}  // namespace

SiteId Sites::add(const domain::Site& site, Instant now) {
  const std::vector<int> days_off(site.days_off.begin(), site.days_off.end());
  if (const auto row = tx_.maybe_row(kAdd, site.name, site.time_zone, site.country_code, days_off, now))
    return row->get<SiteId>("id");
  throw Error(Errc::conflict, fmt::format("there is a site '{}' already", site.name),
              "Run 'visitorctl site list' to see them.");
}

std::optional<domain::Site> Sites::find(SiteId id) {
  if (const auto row = tx_.maybe_row(kFind, id, std::optional<std::string_view>{}, scope_.sites(), scope_.departments(),
                                     scope_.hosts()))
    return to_site(*row);
  return std::nullopt;
}

std::optional<domain::Site> Sites::find_by_name(std::string_view name) {
  if (const auto row =
          tx_.maybe_row(kFind, std::optional<SiteId>{}, name, scope_.sites(), scope_.departments(), scope_.hosts()))
    return to_site(*row);
  return std::nullopt;
}

domain::Site Sites::get(SiteId id) {
  if (auto site = find(id)) return *std::move(site);
  throw Error(Errc::not_found, fmt::format("site {} does not exist", id), "Run 'visitorctl site list' to see them.");
}

bool Sites::update(const domain::Site& site) {
  const std::vector<int> days_off(site.days_off.begin(), site.days_off.end());
  return tx_.exec(kUpdate, site.id, site.version, site.name, site.time_zone, site.country_code, days_off) == 1;
}

void Sites::remove(SiteId id) {
  tx_.exec(kRemove, id);
}

std::vector<domain::Site> Sites::list() {
  std::vector<domain::Site> sites;
  for (const auto& row : tx_.rows(kFind, std::optional<SiteId>{}, std::optional<std::string_view>{}, scope_.sites(),
                                  scope_.departments(), scope_.hosts()))
    sites.push_back(to_site(row));
  return sites;
}

}  // namespace visitor::store
