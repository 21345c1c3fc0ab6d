#include "store/hosts.hpp"

#include <fmt/format.h>

#include "store/scoped.hpp"
#include "store/words.hpp"

namespace visitor::store {
namespace {

constexpr auto kAdd = R"sql(
    INSERT INTO host (department_id, name, email, phone, chat_id)
    VALUES ($1, $2, $3, $4, $5)
 RETURNING id)sql";

const std::string kFind = R"sql(
    SELECT h.id, h.department_id, h.name, h.email, h.phone, h.chat_id, h.version
      FROM host h
      JOIN department d ON d.id = h.department_id
     WHERE h.id = $1)sql" +
                          in_scope("d.site_id", "h.department_id", "h.id", 2);

const std::string kList = R"sql(
    SELECT h.id, h.department_id, h.name, h.email, h.phone, h.chat_id, h.version,
           d.name AS department_name, d.site_id, s.name AS site_name
      FROM host h
      JOIN department d ON d.id = h.department_id
      JOIN site s ON s.id = d.site_id
     WHERE ($1::bigint IS NULL OR d.site_id = $1)
       AND ($2::bigint IS NULL OR h.department_id = $2)
       AND ($3::text IS NULL OR lower(h.name) = lower($3))
       AND ($4::text IS NULL OR h.name ILIKE $4 OR h.email ILIKE $4 OR h.phone ILIKE $4))sql" +
                          in_scope("d.site_id", "h.department_id", "h.id", 6) +
                          R"sql(
     ORDER BY lower(h.name), h.id
     LIMIT $5)sql";

constexpr auto kUpdate = R"sql(
    UPDATE host
       SET department_id = $3, name = $4, email = $5, phone = $6, chat_id = $7, version = version + 1
     WHERE id = $1 AND version = $2)sql";

constexpr auto kRemove = R"sql(
    DELETE FROM host WHERE id = $1)sql";

domain::Host to_host(const db::Row& row) {
  domain::Host host;
  host.id = row.get<HostId>("id");
  host.department = row.get<DepartmentId>("department_id");
  host.name = row.get<std::string>("name");
  host.email = row.get<std::string>("email");
  host.phone = row.get<std::string>("phone");
  host.chat_id = row.get<std::string>("chat_id");
  host.version = row.get<int>("version");
  return host;
}

}  // namespace

HostId Hosts::add(const domain::Host& host) {
  return tx_.row(kAdd, host.department, host.name, host.email, host.phone, host.chat_id).get<HostId>("id");
}

std::optional<domain::Host> Hosts::find(HostId id) {
  if (const auto row = tx_.maybe_row(kFind, id, scope_.sites(), scope_.departments(), scope_.hosts()))
    return to_host(*row);
  return std::nullopt;
}

domain::Host Hosts::get(HostId id) {
  if (auto host = find(id)) return *std::move(host);
  throw Error(Errc::not_found, fmt::format("host {} does not exist", id), "Run 'visitorctl host list' to see them.");
}

bool Hosts::update(const domain::Host& host) {
  return tx_.exec(kUpdate, host.id, host.version, host.department, host.name, host.email, host.phone, host.chat_id) ==
         1;
}

void Hosts::remove(HostId id) {
  tx_.exec(kRemove, id);
}

std::vector<HostListed> Hosts::list(const HostFilter& filter) {
  std::vector<HostListed> hosts;
  for (const auto& row : tx_.rows(kList, filter.site, filter.department, unless_empty(filter.name), like(filter.text),
                                  filter.limit, scope_.sites(), scope_.departments(), scope_.hosts()))
    hosts.push_back({to_host(row), row.get<std::string>("department_name"), row.get<SiteId>("site_id"),
                     row.get<std::string>("site_name")});
  return hosts;
}

}  // namespace visitor::store
