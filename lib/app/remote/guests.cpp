#include <fmt/format.h>

#include "app/remote/json_object.hpp"
#include "app/remote/registry.hpp"
#include "core/error.hpp"

namespace visitor::app {
namespace {

constexpr std::size_t kDocumentTail = 4;
constexpr int kMostDuplicates = 10;

std::string path_of(GuestId id, std::string_view what = "") {
  return fmt::format("/guests/{}/{}{}", id, what, what.empty() ? "" : "/");
}

domain::Guest guest_in(const JsonObject& json) {
  domain::Guest guest;
  guest.id = json.id<GuestId>("id");
  guest.name = json.text("name");
  guest.company = json.text("company");
  guest.email = json.text("email");
  guest.phone = json.text("phone");
  const auto document = json.text("document");
  guest.document_tail = document.substr(document.size() - std::min(document.size(), kDocumentTail));
  guest.blocked_reason = json.maybe_text("blocked_reason");
  guest.created_at = json.instant("created_at");
  guest.merged_into = json.maybe_id<GuestId>("merged_into");
  guest.version = json.integer("version");
  return guest;
}

store::PhotoListed photo_in(const JsonObject& json) {
  store::PhotoListed photo;
  photo.guest = json.id<GuestId>("guest_id");
  photo.info.format = json.named<domain::PhotoFormat>("format");
  photo.info.width = json.integer("width");
  photo.info.height = json.integer("height");
  photo.info.bytes = static_cast<std::size_t>(json.number("bytes"));
  photo.login = json.text("login");
  photo.stored_at = json.instant("stored_at");
  return photo;
}

GuestDetails details_in(const std::string& body) {
  const JsonObject json{body};
  GuestDetails details;
  details.guest = guest_in(json);
  for (const auto& one : json.objects("credentials"))
    details.credentials.push_back({one.id<CredentialId>("id"), one.id<GuestId>("guest_id"),
                                   one.named<domain::CredentialKind>("kind"), one.text("value")});
  if (!json.is_null("photo")) details.photo = photo_in(json.object("photo"));
  for (const auto id : json.numbers("merged")) details.merged.push_back(GuestId{id});
  return details;
}

std::vector<domain::Guest> guests_of(RemoteHouse& house, const Query& query, int limit) {
  std::vector<domain::Guest> guests;
  for (const auto& row : house.list("/guests/", query, static_cast<std::size_t>(limit)))
    guests.push_back(guest_in(JsonObject{row}));
  return guests;
}

void write_credentials(JsonWriter& json, const std::vector<NewCredential>& credentials) {
  for (const auto& row : domain::names<domain::CredentialKind>()) {
    const NewCredential* found = nullptr;
    for (const auto& one : credentials) {
      if (one.kind != row.value) continue;
      if (found != nullptr)
        throw Error(Errc::usage, "through the API a guest is added with one number of a kind",
                    "Run the command on the machine of visitord.");
      found = &one;
    }
    if (found == nullptr) continue;
    json.member(found->kind == domain::CredentialKind::card ? "card_no" : "employee_no",
                std::string_view{found->value});
  }
}

}  // namespace

GuestDetails add_guest(RemoteHouse& house, const TheirVault&, const NewGuest& guest) {
  JsonWriter json;
  json.begin_object().member("name", std::string_view{guest.name});
  if (!guest.company.empty()) json.member("company", std::string_view{guest.company});
  if (!guest.email.empty()) json.member("email", std::string_view{guest.email});
  if (!guest.phone.empty()) json.member("phone", std::string_view{guest.phone});
  if (guest.site) json.member("site", *guest.site);
  if (!guest.document.empty()) json.member("document", guest.document.reveal());
  if (guest.allow_same_contact) json.member("allow_same_contact", true);
  write_credentials(json, guest.credentials);
  return details_in(house.post("/guests/", json.end().take()));
}

GuestDetails edit_guest(RemoteHouse& house, const TheirVault&, GuestId id, const GuestEdit& wanted,
                        std::optional<int> seen) {
  JsonWriter json;
  json.begin_object();
  if (wanted.name) json.member("name", std::string_view{*wanted.name});
  if (wanted.company) json.member("company", std::string_view{*wanted.company});
  if (wanted.email) json.member("email", std::string_view{*wanted.email});
  if (wanted.phone) json.member("phone", std::string_view{*wanted.phone});
  if (wanted.site) json.member("site", *wanted.site);
  if (wanted.document) json.member("document", wanted.document->reveal());
  if (wanted.allow_same_contact) json.member("allow_same_contact", true);
  return details_in(house.patch(path_of(id), json.end().take(), seen));
}

GuestDetails block_guest(RemoteHouse& house, GuestId id, const std::string& reason) {
  JsonWriter json;
  json.begin_object().member("reason", std::string_view{reason});
  return details_in(house.post(path_of(id, "block"), json.end().take()));
}

GuestDetails unblock_guest(RemoteHouse& house, GuestId id) {
  return details_in(house.post(path_of(id, "unblock")));
}

GuestDetails get_guest(RemoteHouse& house, GuestId id) {
  return details_in(house.get(path_of(id)));
}

domain::Guest resolve_guest(RemoteHouse& house, std::string_view ref) {
  Query query;
  // Blanks name nobody, and are not the same as no parameter.
  query.add("ref", ref.empty() ? std::string_view{" "} : ref);
  const auto found = guests_of(house, query, 1);
  if (found.empty()) throw Error(Errc::not_found, fmt::format("there is no guest '{}'", ref));
  return found.front();
}

std::vector<domain::Guest> list_guests(RemoteHouse& house, const GuestFilter& filter) {
  return guests_of(house, Query{}.add("text", filter.text), filter.limit);
}

std::vector<domain::Guest> search_guests(RemoteHouse& house, const TheirVault&, std::string_view text, int limit) {
  return guests_of(house, Query{}.add("search", text), limit);
}

std::optional<domain::Guest> find_guest_by_document(RemoteHouse&, const TheirVault&, const Secret&) {
  throw Error(Errc::usage, "a document is not looked up through the API: its number would stand in an address",
              "Run the command on the machine of visitord.");
}

std::vector<domain::Guest> likely_duplicates(RemoteHouse& house, const domain::Guest& guest) {
  if (house.tries_only()) return {};  // the guest was not stored, so nobody can be like it
  return guests_of(house, Query{}.add("like", fmt::to_string(guest.id.value)), kMostDuplicates);
}

}  // namespace visitor::app
