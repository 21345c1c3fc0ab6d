#include "store/guests.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "store/scoped.hpp"
#include "store/words.hpp"

namespace visitor::store {
namespace {

constexpr auto kAdd = R"sql(
    INSERT INTO guest (name, company, email, phone, document_sealed, document_hash, document_tail, created_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        ON CONFLICT (document_hash) DO NOTHING
 RETURNING id)sql";

const std::string kFind = R"sql(
    SELECT id, name, company, email, phone, document_tail, blocked_reason, created_at, merged_into,
           version
      FROM guest
     WHERE id = $1)sql" + guest_in_scope("guest.id", 2);

const std::string kSealedDocument = "SELECT document_sealed FROM guest WHERE id = $1" + guest_in_scope("guest.id", 2);

const std::string kFindByDocument = R"sql(
    SELECT id, name, company, email, phone, document_tail, blocked_reason, created_at, merged_into,
           version
      FROM guest
     WHERE document_hash = $1)sql" + guest_in_scope("guest.id", 2);

const std::string kWithContact = R"sql(
    SELECT id, name, company, email, phone, document_tail, blocked_reason, created_at, merged_into,
           version
      FROM guest
     WHERE merged_into IS NULL
       AND ((email <> '' AND lower(email) = lower($1)) OR (phone <> '' AND phone = $2)))sql" +
                                 guest_in_scope("guest.id", 3) +
                                 R"sql(
     ORDER BY id)sql";

const std::string kMatching = R"sql(
      FROM guest
     WHERE merged_into IS NULL
       AND ($1::text IS NULL OR lower(name) = lower($1))
       AND ($2::text IS NULL OR search LIKE search_text($2)))sql" +
                              guest_in_scope("guest.id", 3);

const std::string kList = R"sql(
    SELECT id, name, company, email, phone, document_tail, blocked_reason, created_at, merged_into,
           version)sql" + kMatching +
                          R"sql(
     ORDER BY lower(name), id
     LIMIT $6 OFFSET $7)sql";

const std::string kCount = "SELECT count(*) AS count" + kMatching;

const std::string kLock = R"sql(
    SELECT id, name, company, email, phone, document_tail, blocked_reason, created_at, merged_into,
           version
      FROM guest
     WHERE id = $1)sql" + guest_in_scope("guest.id", 2) +
                          R"sql(
       FOR UPDATE)sql";

constexpr auto kUpdate = R"sql(
    UPDATE guest
       SET name = $3, company = $4, email = $5, phone = $6, blocked_reason = $7, document_tail = $8,
           version = version + 1
     WHERE id = $1 AND version = $2)sql";

constexpr auto kUpdateAll = R"sql(
    UPDATE guest
       SET name = $3, company = $4, email = $5, phone = $6, blocked_reason = $7, document_tail = $8,
           document_sealed = $9, document_hash = $10, version = version + 1
     WHERE id = $1 AND version = $2)sql";

// One index answers one pattern, so the word with most to tell stands alone. Whoever is found is sorted afterwards: to
// walk along the names until enough of them match would read everybody for a word that few have.
const std::string kFound = R"sql(
           FROM guest
          WHERE merged_into IS NULL
            AND ((search LIKE search_text($1)
                  AND search LIKE ALL (SELECT search_text(n.word) FROM unnest($2::text[]) AS n(word)))
                 OR search LIKE $3
                 OR document_hash = $4))sql" +
                           guest_in_scope("guest.id", 5);

const std::string kSearch = R"sql(
    WITH found AS MATERIALIZED (
         SELECT id, name, company, email, phone, document_tail, blocked_reason, created_at, merged_into, version)sql" +
                            kFound + R"sql(
          LIMIT $8)
    SELECT id, name, company, email, phone, document_tail, blocked_reason, created_at, merged_into, version
      FROM found
     ORDER BY lower(name), id
     LIMIT $9 OFFSET $10)sql";

const std::string kCountFound = "SELECT count(*) AS count" + kFound;

constexpr auto kRemoveParts = R"sql(
    WITH photo AS (DELETE FROM guest_photo WHERE guest_id = $1)
    DELETE FROM credential WHERE guest_id = $1)sql";

constexpr auto kRemove = R"sql(
    DELETE FROM guest WHERE id = $1)sql";

constexpr auto kMoveVisits = R"sql(
    UPDATE visit SET guest_id = $2, version = version + 1 WHERE guest_id = $1 RETURNING id, version)sql";

constexpr auto kMoveIncidents = R"sql(
    UPDATE incident SET guest_id = $2, version = version + 1 WHERE guest_id = $1 RETURNING id, version)sql";

constexpr auto kMoveCredentials = R"sql(
    UPDATE credential SET guest_id = $2 WHERE guest_id = $1)sql";

constexpr auto kMovePhoto = R"sql(
    UPDATE guest_photo
       SET guest_id = $2
     WHERE guest_id = $1 AND NOT EXISTS (SELECT FROM guest_photo WHERE guest_id = $2))sql";

constexpr auto kDropPhoto = R"sql(
    DELETE FROM guest_photo WHERE guest_id = $1)sql";

constexpr auto kDocument = R"sql(
    SELECT document_sealed, document_hash FROM guest WHERE id = $1 AND document_hash IS NOT NULL)sql";

constexpr auto kMarkMerged = R"sql(
    UPDATE guest
       SET merged_into = $2, document_sealed = NULL, document_hash = NULL, document_tail = '', version = version + 1
     WHERE id = $1 OR merged_into = $1)sql";

constexpr auto kMerged = R"sql(
    SELECT id FROM guest WHERE merged_into = $1 ORDER BY id)sql";

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
  guest.merged_into = row.get<std::optional<GuestId>>("merged_into");
  guest.version = row.get<int>("version");
  return guest;
}

std::vector<domain::Guest> to_guests(const db::Rows& rows) {
  std::vector<domain::Guest> guests;
  guests.reserve(rows.size());
  for (const auto& row : rows) guests.push_back(to_guest(row));
  return guests;
}

[[noreturn]] void refuse_document(const std::optional<domain::Guest>& holder) {
  throw Error(Errc::conflict,
              holder ? fmt::format("guest {} ({}) has this document already", holder->id, holder->name)
                     : std::string{"another guest has this document already"},
              "Use that guest: one person is registered once.");
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
  refuse_document(hash ? find_by_document(*hash) : std::nullopt);
}

std::optional<domain::Guest> Guests::find(GuestId id) {
  if (const auto row = tx_.maybe_row(kFind, id, scope_.sites(), scope_.departments(), scope_.hosts()))
    return to_guest(*row);
  return std::nullopt;
}

domain::Guest Guests::get(GuestId id) {
  if (auto guest = find(id)) return *std::move(guest);
  throw Error(Errc::not_found, fmt::format("guest {} does not exist", id), "Run 'visitorctl guest list' to see them.");
}

std::optional<std::vector<std::byte>> Guests::find_sealed_document(GuestId id) {
  if (const auto row = tx_.maybe_row(kSealedDocument, id, scope_.sites(), scope_.departments(), scope_.hosts()))
    return row->get<std::optional<std::vector<std::byte>>>("document_sealed");
  return std::nullopt;
}

std::optional<domain::Guest> Guests::find_by_document(std::span<const std::byte> hash) {
  if (const auto row = tx_.maybe_row(kFindByDocument, hash, scope_.sites(), scope_.departments(), scope_.hosts()))
    return to_guest(*row);
  return std::nullopt;
}

std::vector<domain::Guest> Guests::with_contact(std::string_view email, std::string_view phone) {
  return to_guests(tx_.rows(kWithContact, email, phone, scope_.sites(), scope_.departments(), scope_.hosts()));
}

std::optional<domain::Guest> Guests::lock(GuestId id) {
  if (const auto row = tx_.maybe_row(kLock, id, scope_.sites(), scope_.departments(), scope_.hosts()))
    return to_guest(*row);
  return std::nullopt;
}

bool Guests::update(const domain::Guest& guest) {
  return tx_.exec(kUpdate, guest.id, guest.version, guest.name, guest.company, guest.email, guest.phone,
                  guest.blocked_reason, guest.document_tail) == 1;
}

bool Guests::update(const domain::Guest& guest, const std::optional<SealedDocument>& document) {
  std::optional<std::vector<std::byte>> sealed;
  std::optional<std::vector<std::byte>> hash;
  if (document) {
    const auto holder = find_by_document(document->hash);
    if (holder && holder->id != guest.id) refuse_document(holder);
    sealed = document->sealed;
    hash = document->hash;
  }
  return tx_.exec(kUpdateAll, guest.id, guest.version, guest.name, guest.company, guest.email, guest.phone,
                  guest.blocked_reason, guest.document_tail, sealed, hash) == 1;
}

void Guests::remove(GuestId id) {
  tx_.exec(kRemoveParts, id);
  tx_.exec(kRemove, id);
}

Moved Guests::merge(GuestId from, GuestId into) {
  Moved moved;
  for (const auto& row : tx_.rows(kMoveVisits, from, into))
    moved.visits.emplace_back(row.get<VisitId>("id"), row.get<int>("version"));
  for (const auto& row : tx_.rows(kMoveIncidents, from, into))
    moved.incidents.emplace_back(row.get<IncidentId>("id"), row.get<int>("version"));
  moved.credentials = tx_.exec(kMoveCredentials, from, into);
  tx_.exec(kMovePhoto, from, into);
  tx_.exec(kDropPhoto, from);
  if (const auto row = tx_.maybe_row(kDocument, from))
    moved.document = SealedDocument{row->get<std::vector<std::byte>>("document_sealed"),
                                    row->get<std::vector<std::byte>>("document_hash")};
  tx_.exec(kMarkMerged, from, into);
  return moved;
}

std::vector<GuestId> Guests::merged(GuestId into) {
  std::vector<GuestId> ids;
  for (const auto& row : tx_.rows(kMerged, into)) ids.push_back(row.get<GuestId>("id"));
  return ids;
}

namespace {

/// The longest word goes by the index, the others are looked for in what that finds.
struct Words {
  std::optional<std::string> first;
  std::vector<std::string> others;
};

Words in_order(std::vector<std::string> words) {
  std::sort(words.begin(), words.end(), [](const std::string& a, const std::string& b) { return a.size() > b.size(); });
  Words ordered;
  for (const auto& word : words) {
    if (ordered.first)
      ordered.others.push_back(*like(word));
    else
      ordered.first = like(word);
  }
  return ordered;
}

}  // namespace

std::vector<domain::Guest> Guests::search(const GuestSearch& search) {
  const auto [first, others] = in_order(search.words);
  return to_guests(tx_.rows(kSearch, first, others, like(search.digits), search.document_hash, scope_.sites(),
                            scope_.departments(), scope_.hosts(), search.at_most, search.limit, search.offset));
}

std::int64_t Guests::count(const GuestSearch& search) {
  const auto [first, others] = in_order(search.words);
  return tx_
      .row(kCountFound, first, others, like(search.digits), search.document_hash, scope_.sites(), scope_.departments(),
           scope_.hosts())
      .get<std::int64_t>("count");
}

std::vector<domain::Guest> Guests::list(const GuestFilter& filter) {
  return to_guests(tx_.rows(kList, unless_empty(filter.name), like(filter.text), scope_.sites(), scope_.departments(),
                            scope_.hosts(), filter.limit, filter.offset));
}

std::int64_t Guests::count(const GuestFilter& filter) {
  return tx_
      .row(kCount, unless_empty(filter.name), like(filter.text), scope_.sites(), scope_.departments(), scope_.hosts())
      .get<std::int64_t>("count");
}

}  // namespace visitor::store
