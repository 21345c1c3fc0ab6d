#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "db/transaction.hpp"
#include "domain/people.hpp"
#include "domain/scope.hpp"

namespace visitor::store {

/// A document number as it rests: never in the clear.
struct SealedDocument {
  std::vector<std::byte> sealed;  ///< label "guest.document"
  std::vector<std::byte> hash;    ///< keyed, for looking it up
};

struct GuestFilter {
  std::string name;  ///< exactly this one, letter case aside; empty: any
  std::string text;  ///< somewhere in name, company, e-mail or phone, in any case; empty: any
  int limit = 100;
  int offset = 0;  ///< so many are left out
};

/// What a guest is looked for by. Whoever has all of the words is found, and whoever has the number.
struct GuestSearch {
  std::vector<std::string> words;  ///< parts of name, company, e-mail or phone, in any case
  std::string digits;              ///< part of the telephone number; empty: none
  std::optional<std::vector<std::byte>> document_hash;
  std::optional<int> at_most;  ///< of more, any so many are looked at; nothing: all
  int limit = 100;
  int offset = 0;
};

/// What a merge moved, each with the version it has now.
struct Moved {
  std::vector<std::pair<VisitId, int>> visits;
  std::vector<std::pair<IncidentId, int>> incidents;
  std::int64_t credentials = 0;
  std::optional<SealedDocument> document;  ///< which nobody has now
};

class Guests {
 public:
  Guests(db::Transaction& tx, const domain::Scope& scope) : tx_(tx), scope_(scope) {}

  /// \param guest  id, blocked_reason and created_at are not looked at
  /// \throws Error conflict  somebody has this document already
  GuestId add(const domain::Guest& guest, const std::optional<SealedDocument>& document, Instant now);

  std::optional<domain::Guest> find(GuestId id);
  /// \throws Error not_found
  domain::Guest get(GuestId id);
  /// The guest with the row locked until the transaction ends.
  std::optional<domain::Guest> lock(GuestId id);
  /// The number of the document, sealed; nothing where there is none, or no such guest.
  std::optional<std::vector<std::byte>> find_sealed_document(GuestId id);
  std::optional<domain::Guest> find_by_document(std::span<const std::byte> hash);
  /// Everybody with that e-mail address (letter case aside) or telephone number, oldest first, without those who were
  /// merged into another; an empty one matches nobody.
  std::vector<domain::Guest> with_contact(std::string_view email, std::string_view phone);
  /// Stores all fields of \p guest but the document, created_at and merged_into; it was read at its version, which
  /// becomes one more.
  /// \returns whether it was still at that version
  bool update(const domain::Guest& guest);
  /// The same with another document, or none.
  /// \throws Error conflict  somebody else has it already
  bool update(const domain::Guest& guest, const std::optional<SealedDocument>& document);
  /// The guest with credentials and photo. \throws DatabaseError conflict  something else refers to the guest
  void remove(GuestId id);

  /// Moves what refers to \p from to \p into, and marks \p from as merged, with those that were merged into it before.
  /// A photo moves where \p into has none, and goes otherwise. The row of \p into stays as it is. \param from, into
  /// both locked
  Moved merge(GuestId from, GuestId into);
  /// Numbers of those who turned out to be this guest, ascending.
  std::vector<GuestId> merged(GuestId into);

  /// By name, then number, without those who were merged into another.
  std::vector<domain::Guest> search(const GuestSearch& search);
  /// How many there are of them, at_most, limit and offset aside.
  std::int64_t count(const GuestSearch& search);
  /// By name, then number, without those who were merged into another.
  std::vector<domain::Guest> list(const GuestFilter& filter = {});
  /// How many list() has, limit and offset aside.
  std::int64_t count(const GuestFilter& filter);

 private:
  db::Transaction& tx_;
  domain::Scope scope_;
};

}  // namespace visitor::store
