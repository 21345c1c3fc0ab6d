#include "store/guests.hpp"

#include <fmt/format.h>

#include "store/words.hpp"

namespace visitor::store {
namespace {

constexpr auto kAdd = R"sql(
    INSERT INTO guest (name, company, email, phone, document_sealed, document_hash, document_tail, created_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        ON CONFLICT (document_hash) DO NOTHING
 RETURNING id)sql";

constexpr auto kFind = R"sql(
    SELECT id, name, company, email, phone, document_tail, blocked_reason, created_at
      FROM guest
     WHERE id = $1)sql";

constexpr auto kFindByDocument = R"sql(
    SELECT id, name, company, email, phone, document_tail, blocked_reason, created_at
      FROM guest
     WHERE document_hash = $1)sql";

constexpr auto kWithContact = R"sql(
    SELECT id, name, company, email, phone, document_tail, blocked_reason, created_at
      FROM guest
     WHERE (email <> '' AND lower(email) = lower($1))
        OR (phone <> '' AND phone = $2)
     ORDER BY id)sql";

constexpr auto kList = R"sql(
    SELECT id, name, company, email, phone, document_tail, blocked_reason, created_at
      FROM guest
     WHERE ($1::text IS NULL OR lower(name) = lower($1))
       AND ($2::text IS NULL OR name ILIKE $2 OR company ILIKE $2 OR email ILIKE $2 OR phone ILIKE $2)
     ORDER BY lower(name), id
     LIMIT $3)sql";

domain::Guest to_guest(const db::Row& row) {
  domain::Guest guest;
  guest.id = row.get<GuestId>("id");
  guest.name = row.get<std::string>("name");
  guest.company = row.get<std::string>("company");
  guest.email = row.get<std::string>("email");
  guest.phone = row.get<std::string>("phone");
  guest.document_tail = row.get<std::string>("document_tail");
  guest.blocked_reason = row.get<std::optional<std::string>>("blocked_reason");
  guest.created_at = row.get<Instant>("created_at");
  return guest;
}

std::vector<domain::Guest> to_guests(const db::Rows& rows) {
  std::vector<domain::Guest> guests;
  guests.reserve(rows.size());
  for (const auto& row : rows) guests.push_back(to_guest(row));
  return guests;
}

}  // namespace

GuestId Guests::add(const domain::Guest& guest, const std::optional<SealedDocument>& document, Instant now) {
  std::optional<std::vector<std::byte>> sealed;
  std::optional<std::vector<std::byte>> hash;
  if (document) {
    sealed = document->sealed;
    hash = document->hash;
  }
  if (const auto row = tx_.maybe_row(kAdd, guest.name, guest.company, guest.email, guest.phone, sealed, hash,
                                     guest.document_tail, now))
    return row->get<GuestId>("id");
  const auto holder = hash ? find_by_document(*hash) : std::nullopt;
  throw Error(Errc::conflict,
              holder ? fmt::format("guest {} ({}) has this document already", holder->id, holder->name)
                     : std::string{"another guest has this document already"},
              "Use that guest: one person is registered once.");
}

std::optional<domain::Guest> Guests::find(GuestId id) {
  if (const auto row = tx_.maybe_row(kFind, id)) return to_guest(*row);
  return std::nullopt;
}

domain::Guest Guests::get(GuestId id) {
  if (auto guest = find(id)) return *std::move(guest);
  throw Error(Errc::not_found, fmt::format("guest {} does not exist", id), "Run 'visitorctl guest list' to see them.");
}

std::optional<domain::Guest> Guests::find_by_document(std::span<const std::byte> hash) {
  if (const auto row = tx_.maybe_row(kFindByDocument, hash)) return to_guest(*row);
  return std::nullopt;
}

std::vector<domain::Guest> Guests::with_contact(std::string_view email, std::string_view phone) {
  return to_guests(tx_.rows(kWithContact, email, phone));
}

std::vector<domain::Guest> Guests::list(const GuestFilter& filter) {
  return to_guests(tx_.rows(kList, unless_empty(filter.name), like(filter.text), filter.limit));
}

}  // namespace visitor::store
