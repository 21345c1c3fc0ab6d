#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "db/transaction.hpp"
#include "domain/people.hpp"
#include "domain/scope.hpp"

namespace visitor::store {

struct DepartmentListed {
  domain::Department department;
  std::string site_name;
};

struct DepartmentFilter {
  std::optional<SiteId> site;
  std::string name;  ///< exactly this one, letter case aside; empty: any
};

class Departments {
 public:
  Departments(db::Transaction& tx, const domain::Scope& scope) : tx_(tx), scope_(scope) {}

  /// \throws Error conflict  the site has a department of that name (letter case does not count)
  DepartmentId add(const domain::Department& department);

  std::optional<domain::Department> find(DepartmentId id);
  /// \throws Error not_found
  domain::Department get(DepartmentId id);
  /// Stores all fields of \p department, which was read at its version, and makes that one more.
  /// \returns whether it was still at that version
  /// \throws DatabaseError conflict  the name is taken
  bool update(const domain::Department& department);
  /// \throws DatabaseError conflict  something refers to it
  void remove(DepartmentId id);
  /// By site, then name.
  std::vector<DepartmentListed> list(const DepartmentFilter& filter = {});

 private:
  db::Transaction& tx_;
  domain::Scope scope_;
};

}  // namespace visitor::store
