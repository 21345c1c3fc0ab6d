#include <fmt/format.h>

#include "app/checks.hpp"
#include "app/details.hpp"
#include "app/journal.hpp"
#include "app/registry.hpp"
#include "core/text.hpp"
#include "store/credentials.hpp"
#include "store/sites.hpp"

namespace visitor::app {
namespace {

constexpr std::string_view kDocumentLabel = "guest.document";
constexpr std::size_t kName = 200, kCompany = 200, kCredential = 64;
constexpr std::size_t kDocumentLeast = 5, kDocumentMost = 64;  // the tail must not be the whole number
constexpr std::size_t kTail = 4;

// One spelling per number: without blanks and dashes, ASCII letters in upper case.
Secret normalised_document(const Secret& given) {
  std::string number;
  for (const char c : given.reveal()) {
    if (c == ' ' || c == '-' || c == '\t' || c == '\n' || c == '\r') continue;
    number += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  }
  const auto length = characters(number);
  if (length < kDocumentLeast || length > kDocumentMost || clean_utf8(number) != number)
    throw Error(Errc::usage, "this is no document number",
                fmt::format("It has {} to {} letters and digits.", kDocumentLeast, kDocumentMost));
  return Secret{number};
}

std::string tail_of(const Secret& number) {
  const auto text = number.reveal();
  std::size_t at = text.size();
  for (std::size_t count = 0; count < kTail && at > 0; ++count) do
      --at;
    while (at > 0 && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U);
  return std::string{text.substr(at)};
}

std::string country_code(const Work& work, const std::optional<SiteId>& site) {
  store::Sites sites{work.tx};
  if (site) return sites.get(*site).country_code;
  const auto all = sites.list();
  return all.size() == 1 ? all.front().country_code : std::string{};
}

domain::Credential checked_credential(GuestId guest, const NewCredential& given) {
  domain::Credential credential;
  credential.guest = guest;
  credential.kind = given.kind;
  credential.value =
      checked_text(given.kind == domain::CredentialKind::card ? "the card number" : "the employee number", given.value,
                   1, kCredential);
  return credential;
}

domain::Credential store_credential(const Work& work, store::Journal& entries, domain::Credential credential) {
  credential.id = store::Credentials{work.tx}.add(credential, work.now);
  entries.audit(domain::AuditAction::create, store::topic::kCredential, credential.id,
                Details{}
                    .add("guest", credential.guest)
                    .add("kind", domain::name(credential.kind))
                    .add("value", std::string_view{credential.value})
                    .json());
  entries.change(store::topic::kCredential, credential.id, 1);
  return credential;
}

void refuse_known_contact(const Work& work, const domain::Guest& guest) {
  const auto known = store::Guests{work.tx}.with_contact(guest.email, guest.phone);
  if (known.empty()) return;
  const auto& other = known.front();
  const bool by_email = !guest.email.empty() && equal_ignoring_case(guest.email, other.email);
  throw Error(Errc::conflict,
              fmt::format("guest {} ({}) has this {} already", other.id, other.name,
                          by_email ? "e-mail address" : "telephone number"),
              "Use that guest, or allow the same contact if it is another person.");
}

}  // namespace

GuestDetails add_guest(const Work& work, const Vault& vault, const NewGuest& given) {
  domain::Guest guest;
  guest.name = checked_text("the name of a guest", given.name, 1, kName);
  guest.company = checked_text("the company", given.company, 0, kCompany);
  guest.email = checked_email(given.email);
  if (const auto phone = trim(given.phone); !phone.empty())
    guest.phone = domain::to_e164(phone, country_code(work, given.site));
  guest.created_at = work.now;
  std::vector<domain::Credential> credentials;
  for (const auto& one : given.credentials) credentials.push_back(checked_credential({}, one));

  std::optional<store::SealedDocument> document;
  if (!given.document.empty()) {
    const auto number = normalised_document(given.document);
    document =
        store::SealedDocument{vault.seal(kDocumentLabel, number), vault.lookup_hash(kDocumentLabel, number.reveal())};
    guest.document_tail = tail_of(number);
  }
  if (!given.allow_same_contact) refuse_known_contact(work, guest);

  guest.id = store::Guests{work.tx}.add(guest, document, work.now);
  auto entries = journal(work);
  entries.audit(domain::AuditAction::create, store::topic::kGuest, guest.id,
                Details{}.add("name", guest.name).add("document", document.has_value()).json());
  entries.change(store::topic::kGuest, guest.id, 1);
  for (auto& credential : credentials) {
    credential.guest = guest.id;
    credential = store_credential(work, entries, credential);
  }
  return {std::move(guest), std::move(credentials)};
}

std::vector<domain::Guest> list_guests(const Work& work, const GuestFilter& filter) {
  return store::Guests{work.tx}.list(filter);
}

GuestDetails get_guest(const Work& work, GuestId id) {
  return {store::Guests{work.tx}.get(id), store::Credentials{work.tx}.of(id)};
}

domain::Guest resolve_guest(const Work& work, std::string_view given) {
  store::Guests guests{work.tx};
  const auto ref = trim(given);
  if (const auto number = to_integer(ref); number && *number > 0) {
    if (auto guest = guests.find(GuestId{*number})) return *std::move(guest);
  }
  GuestFilter filter;
  filter.name = ref;
  auto found = ref.empty() ? std::vector<domain::Guest>{} : guests.list(filter);
  if (found.size() == 1) return std::move(found.front());
  if (found.empty())
    throw Error(Errc::not_found, fmt::format("there is no guest '{}'", ref),
                "Run 'visitorctl guest list' to see them.");
  std::string candidates;
  for (const auto& guest : found) {
    if (!candidates.empty()) candidates += ", ";
    candidates += fmt::format("guest {}{}", guest.id, guest.company.empty() ? "" : " (" + guest.company + ")");
  }
  throw Error(Errc::usage, fmt::format("several guests are called '{}': {}", ref, candidates),
              "Give the number instead of the name.");
}

std::optional<domain::Guest> find_guest_by_document(const Work& work, const Vault& vault, const Secret& document) {
  const auto number = normalised_document(document);
  return store::Guests{work.tx}.find_by_document(vault.lookup_hash(kDocumentLabel, number.reveal()));
}

domain::Credential add_credential(const Work& work, GuestId guest, const NewCredential& given) {
  auto credential = checked_credential(guest, given);
  store::Guests{work.tx}.get(guest);
  auto entries = journal(work);
  return store_credential(work, entries, std::move(credential));
}

}  // namespace visitor::app
