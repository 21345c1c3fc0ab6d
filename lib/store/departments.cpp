#include "store/departments.hpp"

#include <fmt/format.h>

#include "store/words.hpp"

namespace visitor::store {
namespace {

constexpr auto kAdd = R"sql(
    INSERT INTO department (site_id, name, director)
    VALUES ($1, $2, $3)
        ON CONFLICT (site_id, lower(name)) DO NOTHING
 RETURNING id)sql";

// Also the department of a host in scope.
constexpr auto kFind = R"sql(
    SELECT id, site_id, name, director, version
      FROM department
     WHERE id = $1
       AND ($2::bigint[] IS NULL OR site_id = ANY($2) OR id = ANY($3::bigint[])
            OR id IN (SELECT department_id FROM host WHERE id = ANY($4::bigint[]))))sql";

constexpr auto kList = R"sql(
    SELECT d.id, d.site_id, d.name, d.director, d.version, s.name AS site_name
      FROM department d
      JOIN site s ON s.id = d.site_id
     WHERE ($1::bigint IS NULL OR d.site_id = $1)
       AND ($2::text IS NULL OR lower(d.name) = lower($2))
       AND ($3::bigint[] IS NULL OR d.site_id = ANY($3) OR d.id = ANY($4::bigint[])
            OR d.id IN (SELECT department_id FROM host WHERE id = ANY($5::bigint[])))
     ORDER BY lower(s.name), lower(d.name))sql";

constexpr auto kUpdate = R"sql(
    UPDATE department SET name = $3, director = $4, version = version + 1 WHERE id = $1 AND version = $2)sql";

constexpr auto kRemove = R"sql(
    DELETE FROM department WHERE id = $1)sql";

domain::Department to_department(const db::Row& row) {
  domain::Department department;
  department.id = row.get<DepartmentId>("id");
  department.site = row.get<SiteId>("site_id");
  department.name = row.get<std::string>("name");
  department.director = row.get<std::string>("director");
  department.version = row.get<int>("version");
  return department;
}

}  // namespace

DepartmentId Departments::add(const domain::Department& department) {
  if (const auto row = tx_.maybe_row(kAdd, department.site, department.name, department.director))
    return row->get<DepartmentId>("id");
  throw Error(Errc::conflict, fmt::format("site {} has a department '{}' already", department.site, department.name),
              "Run 'visitorctl department list' to see them.");
}

std::optional<domain::Department> Departments::find(DepartmentId id) {
  if (const auto row = tx_.maybe_row(kFind, id, scope_.sites(), scope_.departments(), scope_.hosts()))
    return to_department(*row);
  return std::nullopt;
}

domain::Department Departments::get(DepartmentId id) {
  if (auto department = find(id)) return *std::move(department);
  throw Error(Errc::not_found, fmt::format("department {} does not exist", id),
              "Run 'visitorctl department list' to see them.");
}

bool Departments::update(const domain::Department& department) {
  return tx_.exec(kUpdate, department.id, department.version, department.name, department.director) == 1;
}

void Departments::remove(DepartmentId id) {
  tx_.exec(kRemove, id);
}

std::vector<DepartmentListed> Departments::list(const DepartmentFilter& filter) {
  std::vector<DepartmentListed> departments;
  for (const auto& row :
       tx_.rows(kList, filter.site, unless_empty(filter.name), scope_.sites(), scope_.departments(), scope_.hosts()))
    departments.push_back({to_department(row), row.get<std::string>("site_name")});
  return departments;
}

}  // namespace visitor::store
