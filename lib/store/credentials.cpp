#include "store/credentials.hpp"

#include <fmt/format.h>

#include "core/text.hpp"
#include "store/words.hpp"

namespace visitor::store {
namespace {

constexpr auto kAdd = R"sql(
    INSERT INTO credential (guest_id, kind, value, created_at)
    VALUES ($1, $2, $3, $4)
        ON CONFLICT (kind, value) DO NOTHING
 RETURNING id)sql";

constexpr auto kHolder = R"sql(
    SELECT g.id, g.name
      FROM credential c
      JOIN guest g ON g.id = c.guest_id
     WHERE c.kind = $1 AND c.value = $2)sql";

constexpr auto kFind = R"sql(
    SELECT id, guest_id, kind, value FROM credential WHERE kind = $1 AND value = $2)sql";

constexpr auto kOf = R"sql(
    SELECT id, guest_id, kind, value FROM credential WHERE guest_id = $1 ORDER BY id)sql";

// LATERAL with LIMIT makes this one probe of the unique index per number, whatever the planner knows of the table.
constexpr auto kResolve = R"sql(
    SELECT c.guest_id, 'employee_no' AS kind, n.value,
           EXISTS (SELECT FROM guest g WHERE g.id = c.guest_id AND g.blocked_reason IS NOT NULL) AS blocked
      FROM unnest($1::text[]) AS n(value)
     CROSS JOIN LATERAL (SELECT guest_id FROM credential
                          WHERE kind = 'employee_no' AND value = n.value
                          LIMIT 1) c
     UNION ALL
    SELECT c.guest_id, 'card', n.value,
           EXISTS (SELECT FROM guest g WHERE g.id = c.guest_id AND g.blocked_reason IS NOT NULL)
      FROM unnest($2::text[]) AS n(value)
     CROSS JOIN LATERAL (SELECT guest_id FROM credential
                          WHERE kind = 'card' AND value = n.value
                          LIMIT 1) c)sql";

domain::Credential to_credential(const db::Row& row) {
  return {row.get<CredentialId>("id"), row.get<GuestId>("guest_id"), read_word<domain::CredentialKind>(row, "kind"),
          row.get<std::string>("value")};
}

}  // namespace

CredentialId Credentials::add(const domain::Credential& credential, Instant now) {
  const auto kind = domain::name(credential.kind);
  if (const auto row = tx_.maybe_row(kAdd, credential.guest, kind, credential.value, now))
    return row->get<CredentialId>("id");
  const auto label = lower(domain::label(credential.kind, domain::Language::english));
  std::string message = fmt::format("{} '{}' belongs to a guest already", label, credential.value);
  if (const auto holder = tx_.maybe_row(kHolder, kind, credential.value))
    message = fmt::format("{} '{}' belongs to guest {} ({}) already", label, credential.value,
                          holder->get<GuestId>("id"), holder->get<std::string>("name"));
  throw Error(Errc::conflict, std::move(message), "A terminal's number or card stands for one guest only.");
}

std::optional<domain::Credential> Credentials::find(domain::CredentialKind kind, std::string_view value) {
  if (const auto row = tx_.maybe_row(kFind, domain::name(kind), value)) return to_credential(*row);
  return std::nullopt;
}

std::vector<domain::Credential> Credentials::of(GuestId guest) {
  std::vector<domain::Credential> credentials;
  for (const auto& row : tx_.rows(kOf, guest)) credentials.push_back(to_credential(row));
  return credentials;
}

Credentials::Owners Credentials::resolve(std::span<const std::string_view> employee_numbers,
                                         std::span<const std::string_view> card_numbers) {
  Owners owners;
  if (employee_numbers.empty() && card_numbers.empty()) return owners;
  for (const auto& row : tx_.rows(kResolve, employee_numbers, card_numbers)) {
    const bool card = read_word<domain::CredentialKind>(row, "kind") == domain::CredentialKind::card;
    (card ? owners.card : owners.employee_no).emplace(row.get<std::string>("value"), row.get<GuestId>("guest_id"));
    if (row.get<bool>("blocked")) owners.blocked.insert(row.get<GuestId>("guest_id"));
  }
  return owners;
}

}  // namespace visitor::store
