#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "db/transaction.hpp"
#include "domain/people.hpp"

namespace visitor::store {

/// A document number as it rests: never in the clear.
struct SealedDocument {
  std::vector<std::byte> sealed;  ///< label "guest.document"
  std::vector<std::byte> hash;    ///< keyed, for looking it up
};

struct GuestFilter {
  std::string name;  ///< exactly this one, letter case aside; empty: any
  std::string text;  ///< somewhere in name, company, e-mail or phone; empty: any
  int limit = 100;
};

class Guests {
 public:
  explicit Guests(db::Transaction& tx) : tx_(tx) {}

  /// \param guest  id, blocked_reason and created_at are not looked at
  /// \throws Error conflict  somebody has this document already
  GuestId add(const domain::Guest& guest, const std::optional<SealedDocument>& document, Instant now);

  std::optional<domain::Guest> find(GuestId id);
  /// \throws Error not_found
  domain::Guest get(GuestId id);
  std::optional<domain::Guest> find_by_document(std::span<const std::byte> hash);
  /// Everybody with that e-mail address (letter case aside) or telephone number, oldest first; an empty one matches
  /// nobody.
  std::vector<domain::Guest> with_contact(std::string_view email, std::string_view phone);
  /// By name, then number.
  std::vector<domain::Guest> list(const GuestFilter& filter = {});

 private:
  db::Transaction& tx_;
};

}  // namespace visitor::store
