#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "db/transaction.hpp"
#include "domain/people.hpp"

namespace visitor::store {

class Credentials {
 public:
  explicit Credentials(db::Transaction& tx) : tx_(tx) {}

  /// \throws Error conflict  the value belongs to a guest already, also where it is the same one
  CredentialId add(const domain::Credential& credential, Instant now);

  std::optional<domain::Credential> find(domain::CredentialKind kind, std::string_view value);
  /// Of one guest, oldest first.
  std::vector<domain::Credential> of(GuestId guest);

  /// Whose numbers these are. What nobody has is not in the maps.
  struct Owners {
    std::unordered_map<std::string, GuestId> employee_no;
    std::unordered_map<std::string, GuestId> card;
    std::unordered_set<GuestId> blocked;  ///< of these guests
  };
  /// One query for a whole page of events; duplicates are allowed.
  Owners resolve(std::span<const std::string_view> employee_numbers, std::span<const std::string_view> card_numbers);

 private:
  db::Transaction& tx_;
};

}  // namespace visitor::store
