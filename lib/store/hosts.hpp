#pragma once

#include <optional>
#include <string>
#include <vector>

#include "db/transaction.hpp"
#include "domain/people.hpp"
#include "domain/scope.hpp"

namespace visitor::store {

struct HostListed {
  domain::Host host;
  std::string department_name;
  SiteId site;
  std::string site_name;
};

struct HostFilter {
  std::optional<SiteId> site;
  std::optional<DepartmentId> department;
  std::string name;  ///< exactly this one, letter case aside; empty: any
  std::string text;  ///< somewhere in name, e-mail or phone; empty: any
  int limit = 1000;
};

class Hosts {
 public:
  Hosts(db::Transaction& tx, const domain::Scope& scope) : tx_(tx), scope_(scope) {}

  HostId add(const domain::Host& host);

  std::optional<domain::Host> find(HostId id);
  /// \throws Error not_found
  domain::Host get(HostId id);
  /// Stores all fields of \p host, which was read at its version, and makes that one more.
  /// \returns whether it was still at that version
  bool update(const domain::Host& host);
  /// \throws DatabaseError conflict  something refers to it
  void remove(HostId id);
  /// By name, then number.
  std::vector<HostListed> list(const HostFilter& filter = {});

 private:
  db::Transaction& tx_;
  domain::Scope scope_;
};

}  // namespace visitor::store
