#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "db/transaction.hpp"
#include "domain/people.hpp"
#include "domain/scope.hpp"

namespace visitor::store {

class Sites {
 public:
  Sites(db::Transaction& tx, const domain::Scope& scope) : tx_(tx), scope_(scope) {}

  /// \param site  its id is not looked at
  /// \throws Error conflict  the name is taken (letter case does not count)
  SiteId add(const domain::Site& site, Instant now);

  std::optional<domain::Site> find(SiteId id);
  /// Letter case does not count.
  std::optional<domain::Site> find_by_name(std::string_view name);
  /// \throws Error not_found
  domain::Site get(SiteId id);
  /// Stores all fields of \p site, which was read at its version, and makes that one more.
  /// \returns whether it was still at that version
  /// \throws DatabaseError conflict  the name is taken
  bool update(const domain::Site& site);
  /// \throws DatabaseError conflict  something refers to it
  void remove(SiteId id);
  /// All, by name.
  std::vector<domain::Site> list();

 private:
  db::Transaction& tx_;
  domain::Scope scope_;
};

}  // namespace visitor::store
