#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "db/transaction.hpp"
#include "domain/account.hpp"

namespace visitor::store {

struct GroupListed {
  domain::Group group;
  std::vector<std::string> members;  ///< logins, in order
};

/// Somebody in a group who can do something, with what alerts need.
struct GroupPerson {
  std::string group;  ///< as it was asked for
  std::string login;
  domain::Language language = domain::Language::english;
  std::string time_zone;  ///< IANA name; empty: that of the site
  std::string email;
  std::string chat_id;
};

/// Groups of accounts.
class AccountGroups {
 public:
  explicit AccountGroups(db::Transaction& tx) : tx_(tx) {}

  /// \returns nothing where the name is taken (letter case does not count)
  std::optional<GroupId> add(const domain::Group& group, Instant now);
  std::optional<GroupListed> find_by_name(std::string_view name);
  std::optional<GroupListed> find(GroupId id);
  /// By name.
  std::vector<GroupListed> list();
  /// Stores all of \p group, which was read at its version, and makes that one more.
  /// \returns whether it was still at that version
  bool update(const domain::Group& group);
  /// With its memberships.
  void remove(GroupId id);
  /// \returns whether something changed
  bool add_member(GroupId id, AccountId account);
  bool remove_member(GroupId id, AccountId account);
  /// Names of the groups that the account is in, in order.
  std::vector<std::string> names_of(AccountId account);
  /// Who is in these groups (letter case does not count) and is not disabled, by group and login.
  std::vector<GroupPerson> people(const std::vector<std::string>& groups);

 private:
  db::Transaction& tx_;
};

}  // namespace visitor::store
