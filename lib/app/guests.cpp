#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "app/checks.hpp"
#include "app/details.hpp"
#include "app/document_label.hpp"
#include "app/edit_locks.hpp"
#include "app/editing.hpp"
#include "app/journal.hpp"
#include "app/masking.hpp"
#include "app/registry.hpp"
#include "core/text.hpp"
#include "store/credentials.hpp"
#include "store/references.hpp"
#include "store/sites.hpp"

namespace visitor::app {
namespace {

constexpr int kSearchedAtMost = 5'000;
constexpr std::size_t kName = 200, kCompany = 200, kCredential = 64, kReason = 500;
constexpr int kDuplicates = 10;
constexpr std::size_t kDocumentLeast = 5, kDocumentMost = 64;  // the tail must not be the whole number
constexpr std::size_t kTail = 4;

// One spelling per number: without blanks and dashes, ASCII letters in upper case.
std::string document_spelling(std::string_view given) {
  std::string number;
  for (const char c : given) {
    if (c == ' ' || c == '-' || c == '\t' || c == '\n' || c == '\r') continue;
    number += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  }
  return number;
}

bool is_document_spelling(const std::string& number) {
  const auto length = characters(number);
  return length >= kDocumentLeast && length <= kDocumentMost && clean_utf8(number) == number;
}

Secret normalised_document(const Secret& given) {
  const auto number = document_spelling(given.reveal());
  if (!is_document_spelling(number))
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
  store::Sites sites{work.tx, work.scope};
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
                    .add("value", masked_number(credential.value))
                    .json());
  entries.change(store::topic::kCredential, credential.id, 1);
  return credential;
}

std::string checked_phone(const Work& work, const std::optional<SiteId>& site, std::string_view given) {
  const auto phone = trim(given);
  return phone.empty() ? std::string{} : domain::to_e164(phone, country_code(work, site));
}

store::SealedDocument sealed(const Vault& vault, const Secret& number) {
  return {vault.seal(kDocumentLabel, number), vault.lookup_hash(kDocumentLabel, number.reveal())};
}

[[noreturn]] void refuse_merged(const domain::Guest& guest) {
  throw Error(Errc::conflict, fmt::format("guest {} was merged into guest {}", guest.id, *guest.merged_into),
              fmt::format("Use guest {}.", *guest.merged_into));
}

/// For changing: one who was merged into another does not change any more.
domain::Guest get_own(const Work& work, GuestId id) {
  mind_lock(work, store::topic::kGuest, id);
  auto guest = store::Guests{work.tx, work.scope}.get(id);
  if (guest.merged_into) refuse_merged(guest);
  return guest;
}

GuestDetails details_of(const Work& work, domain::Guest guest) {
  const auto id = guest.id;
  return {std::move(guest), store::Credentials{work.tx}.of(id), store::Photos{work.tx}.find(id),
          store::Guests{work.tx, work.scope}.merged(id)};
}

GuestDetails save(const Work& work, domain::Guest guest, const Edit& edit) {
  if (!store::Guests{work.tx, work.scope}.update(guest))
    lost_race(work, store::topic::kGuest, guest.id.value, guest.version);
  record_edit(work, store::topic::kGuest, guest.id.value, ++guest.version, edit);
  return details_of(work, std::move(guest));
}

void refuse_known_contact(const Work& work, const domain::Guest& guest) {
  auto known = store::Guests{work.tx, work.scope}.with_contact(guest.email, guest.phone);
  std::erase_if(known, [&](const domain::Guest& one) { return one.id == guest.id; });
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
  guest.phone = checked_phone(work, given.site, given.phone);
  guest.created_at = work.now;
  std::vector<domain::Credential> credentials;
  for (const auto& one : given.credentials) credentials.push_back(checked_credential({}, one));

  std::optional<store::SealedDocument> document;
  if (!given.document.empty()) {
    const auto number = normalised_document(given.document);
    document = sealed(vault, number);
    guest.document_tail = tail_of(number);
  }
  if (!given.allow_same_contact) refuse_known_contact(work, guest);

  guest.id = store::Guests{work.tx, work.scope}.add(guest, document, work.now);
  auto entries = journal(work);
  entries.audit(domain::AuditAction::create, store::topic::kGuest, guest.id,
                Details{}.add("name", guest.name).add("document", document.has_value()).json());
  entries.change(store::topic::kGuest, guest.id, 1);
  for (auto& credential : credentials) {
    credential.guest = guest.id;
    credential = store_credential(work, entries, credential);
  }
  return {std::move(guest), std::move(credentials), std::nullopt, {}};
}

std::vector<domain::Guest> list_guests(const Work& work, const GuestFilter& filter) {
  return store::Guests{work.tx, work.scope}.list(filter);
}

std::int64_t count_guests(const Work& work, const GuestFilter& filter) {
  return store::Guests{work.tx, work.scope}.count(filter);
}

GuestDetails get_guest(const Work& work, GuestId id) {
  return details_of(work, store::Guests{work.tx, work.scope}.get(id));
}

std::vector<domain::Guest> likely_duplicates(const Work& work, const domain::Guest& guest) {
  store::Guests guests{work.tx, work.scope};
  auto found = guests.with_contact(guest.email, guest.phone);
  GuestFilter filter;
  filter.name = guest.name;
  filter.limit = kDuplicates + 1;
  for (auto& other : guests.list(filter)) found.push_back(std::move(other));
  std::sort(found.begin(), found.end(), [](auto& a, auto& b) { return a.id < b.id; });
  found.erase(std::unique(found.begin(), found.end(), [](auto& a, auto& b) { return a.id == b.id; }), found.end());
  std::erase_if(found, [&](const domain::Guest& one) { return one.id == guest.id; });
  if (found.size() > kDuplicates) found.resize(kDuplicates);
  return found;
}

namespace {

store::GuestSearch search_of(const Vault& vault, std::string_view given) {
  const auto text = checked_text("what is searched for", given, 1, kName);
  store::GuestSearch search;
  std::string word;
  for (const char c : text + " ") {
    if (c != ' ' && c != '\t') {
      word += c;
    } else if (!word.empty()) {
      search.words.push_back(std::exchange(word, {}));
    }
  }
  search.digits = domain::phone_digits(text);
  if (!search.digits.empty()) search.words.clear();  // "8", "701" and so on are in many numbers
  if (const auto number = document_spelling(text); is_document_spelling(number))
    search.document_hash = vault.lookup_hash(kDocumentLabel, number);
  return search;
}

}  // namespace

std::vector<domain::Guest> search_guests(const Work& work, const Vault& vault, std::string_view text, int limit) {
  auto search = search_of(vault, text);
  search.limit = limit;
  search.at_most = kSearchedAtMost;
  return store::Guests{work.tx, work.scope}.search(search);
}

GuestPage search_guests(const Work& work, const Vault& vault, std::string_view text, int limit, int offset) {
  auto search = search_of(vault, text);
  search.limit = limit;
  search.offset = offset;
  store::Guests guests{work.tx, work.scope};
  return {guests.search(search), guests.count(search)};
}

GuestDetails edit_guest(const Work& work, const Vault& vault, GuestId id, const GuestEdit& wanted,
                        std::optional<int> seen) {
  auto guest = get_own(work, id);
  require_version(work, store::topic::kGuest, id.value, guest.version, seen);
  const auto contact = std::pair{guest.email, guest.phone};
  Edit edit;
  if (wanted.name)
    edit.set("name", guest.name, std::optional{checked_text("the name of a guest", *wanted.name, 1, kName)});
  if (wanted.company)
    edit.set("company", guest.company, std::optional{checked_text("the company", *wanted.company, 0, kCompany)});
  if (wanted.email) edit.set("email", guest.email, std::optional{checked_email(*wanted.email)}, masked_email);
  if (wanted.phone)
    edit.set("phone", guest.phone, std::optional{checked_phone(work, wanted.site, *wanted.phone)}, masked_number);
  if (!wanted.allow_same_contact && contact != std::pair{guest.email, guest.phone}) {
    auto changed = guest;
    if (guest.email == contact.first) changed.email.clear();
    if (guest.phone == contact.second) changed.phone.clear();
    refuse_known_contact(work, changed);
  }
  if (!wanted.document) return edit.empty() ? details_of(work, std::move(guest)) : save(work, std::move(guest), edit);

  std::optional<store::SealedDocument> document;
  const bool had_one = !guest.document_tail.empty();
  guest.document_tail.clear();
  if (!wanted.document->empty()) {
    const auto number = normalised_document(*wanted.document);
    document = sealed(vault, number);
    guest.document_tail = tail_of(number);
  } else if (!had_one) {
    return edit.empty() ? details_of(work, std::move(guest)) : save(work, std::move(guest), edit);
  }
  edit.note("document");
  if (!store::Guests{work.tx, work.scope}.update(guest, document))
    lost_race(work, store::topic::kGuest, id.value, guest.version);
  record_edit(work, store::topic::kGuest, id.value, ++guest.version, edit);
  return details_of(work, std::move(guest));
}

void remove_guest(const Work& work, GuestId id) {
  mind_lock(work, store::topic::kGuest, id);
  store::Guests guests{work.tx, work.scope};
  const auto guest = guests.get(id);
  refuse_removal(store::topic::kGuest, id.value, store::References{work.tx}.to(id));
  guests.remove(id);
  auto entries = journal(work);
  entries.audit(domain::AuditAction::remove, store::topic::kGuest, id, Details{}.add("name", guest.name).json());
  entries.change(store::topic::kGuest, id, guest.version + 1);
}

GuestDetails block_guest(const Work& work, GuestId id, const std::string& given) {
  const auto reason = checked_text("the reason", given, 1, kReason);
  auto guest = get_own(work, id);
  if (guest.blocked_reason)
    throw Error(Errc::conflict, fmt::format("guest {} is blocked already: {}", id, *guest.blocked_reason),
                fmt::format("Run 'visitorctl guest unblock {}' first to give another reason.", id));
  Edit edit;
  edit.set("blocked_reason", guest.blocked_reason, std::optional<std::optional<std::string>>{reason});
  return save(work, std::move(guest), edit);
}

GuestDetails unblock_guest(const Work& work, GuestId id) {
  auto guest = get_own(work, id);
  if (!guest.blocked_reason)
    throw Error(Errc::conflict, fmt::format("guest {} is not blocked", id), "There is nothing to do.");
  Edit edit;
  edit.set("blocked_reason", guest.blocked_reason, std::optional<std::optional<std::string>>{std::in_place});
  return save(work, std::move(guest), edit);
}

domain::Guest resolve_guest(const Work& work, std::string_view given) {
  store::Guests guests{work.tx, work.scope};
  const auto ref = trim(given);
  if (const auto number = to_integer(ref); number && *number > 0) {
    if (auto guest = guests.find(GuestId{*number})) {
      if (guest->merged_into) refuse_merged(*guest);
      return *std::move(guest);
    }
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

Secret reveal_document(const Work& work, const Vault& vault, GuestId id) {
  store::Guests guests{work.tx, work.scope};
  guests.get(id);
  const auto sealed = guests.find_sealed_document(id);
  if (!sealed)
    throw Error(Errc::not_found, fmt::format("no document of guest {} is known", id),
                fmt::format("Run 'visitorctl guest edit {} --ask-document' to store its number.", id));
  journal(work).audit(domain::AuditAction::view, store::topic::kGuest, id, Details{}.add("what", "document").json());
  return vault.unseal(kDocumentLabel, *sealed);
}

std::optional<domain::Guest> find_guest_by_document(const Work& work, const Vault& vault, const Secret& document) {
  const auto number = normalised_document(document);
  return store::Guests{work.tx, work.scope}.find_by_document(vault.lookup_hash(kDocumentLabel, number.reveal()));
}

domain::Credential add_credential(const Work& work, GuestId guest, const NewCredential& given) {
  auto credential = checked_credential(guest, given);
  get_own(work, guest);
  auto entries = journal(work);
  return store_credential(work, entries, std::move(credential));
}

}  // namespace visitor::app
