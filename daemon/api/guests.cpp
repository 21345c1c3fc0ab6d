#include <fmt/format.h>

#include "app/registry.hpp"
#include "daemon/api/listing.hpp"
#include "daemon/api/resources.hpp"

namespace visitor::api {
namespace {

using domain::Permission;

std::vector<Field> guest_fields() {
  return {id("id", "Number"),
          text("name", "Name"),
          or_null(text("company", "Company")),
          or_null(text("email", "E-mail address")),
          or_null(text("phone", "Telephone number, E.164")),
          or_null(text("document", "The end of the document number: ********1234")),
          or_null(text("blocked_reason", "Why the guest is blocked")),
          moment("created_at", "When the guest was registered"),
          or_null(id("merged_into", "Who the guest turned out to be")),
          number("version", "Counts changes", 1)};
}

std::vector<Field> contact_fields() {
  return {text("company", "Company", 200),
          text("email", "E-mail address", 254),
          text("phone", "Telephone number, in any usual form", 40),
          id("site", "Whose country code completes the telephone number"),
          text("document", "Number of a document; stored sealed", 64),
          yes_or_no("allow_same_contact", "Also where another guest has the same e-mail address or telephone number")};
}

Answer answer_guest(const Call& call, const app::GuestDetails& details, int status = 200) {
  auto answer = one(call, details, details.guest.version);
  answer.status = status;
  if (status == 201) answer.headers.emplace_back("Location", fmt::format("/api/v1/guests/{}/", details.guest.id));
  return answer;
}

Answer get_guest(const Call& call) {
  return answer_guest(call, app::get_guest(call.work, call.id<GuestTag>()));
}

Answer list_guests(const Call& call) {
  if (const auto ref = call.query.text("ref")) return page_of(call, std::vector{app::resolve_guest(call.work, *ref)});
  if (const auto id = call.query.id<GuestTag>("like"))
    return page_of(call, app::likely_duplicates(call.work, app::get_guest(call.work, *id).guest));
  const auto what = wanted(call);
  const auto position = [](const domain::Guest& guest) { return Position{guest.created_at, guest.id.value}; };
  if (const auto search = call.query.text("search")) {
    const auto found = app::search_guests(call.work, call.vault, *search, what.limit(), what.offset());
    return rows_of(call, what, found.guests, found.count, position);
  }
  app::GuestFilter filter;
  filter.text = call.query.text_or("text");
  filter.limit = what.limit();
  filter.offset = what.offset();
  return rows_of(call, what, app::list_guests(call.work, filter), app::count_guests(call.work, filter), position);
}

Answer add_guest(const Call& call) {
  const auto& body = call.body;
  app::NewGuest guest;
  guest.name = body.text_or("name");
  guest.company = body.text_or("company");
  guest.email = body.text_or("email");
  guest.phone = body.text_or("phone");
  guest.site = body.id<SiteTag>("site");
  if (const auto document = body.text("document")) guest.document = Secret{*document};
  guest.allow_same_contact = body.yes("allow_same_contact");
  if (const auto value = body.text("employee_no"))
    guest.credentials.push_back({domain::CredentialKind::employee_no, *value});
  if (const auto value = body.text("card_no")) guest.credentials.push_back({domain::CredentialKind::card, *value});
  return answer_guest(call, app::add_guest(call.work, call.vault, guest), 201);
}

Answer edit_guest(const Call& call) {
  const auto& body = call.body;
  app::GuestEdit edit;
  edit.name = body.text("name");
  edit.company = body.text("company");
  edit.email = body.text("email");
  edit.phone = body.text("phone");
  edit.site = body.id<SiteTag>("site");
  if (const auto document = body.text("document")) edit.document = Secret{*document};
  edit.allow_same_contact = body.yes("allow_same_contact");
  return answer_guest(call, app::edit_guest(call.work, call.vault, call.id<GuestTag>(), edit, call.seen));
}

Route writing(std::string path, std::string name, std::string summary, std::string command, Permission permission) {
  Route route;
  route.method = "POST";
  route.path = std::move(path);
  route.name = std::move(name);
  route.summary = std::move(summary);
  route.command = std::move(command);
  route.permission = permission;
  route.answer = "GuestDetails";
  route.conflicts = true;
  return route;
}

}  // namespace

void add_guests(Table& table) {
  table.add({"Guest", guest_fields()});
  table.add({"Credential",
             {id("id", "Number"), id("guest_id", "Whose"),
              named<domain::CredentialKind>("kind", "What terminals know the guest by"), text("value", "Its number")}});
  table.add(
      {"Photo",
       {id("guest_id", "Whose"), named<domain::PhotoFormat>("format", "Format"), number("width", "Pixels"),
        number("height", "Pixels"), number("bytes", "Size"), yes_or_no("suits_terminals", "Face terminals take it"),
        or_null(text("login", "Who stored it")), moment("stored_at", "When")}});
  auto details = guest_fields();
  details.push_back(many(object("credentials", "What terminals know the guest by", "Credential")));
  details.push_back(or_null(object("photo", "What is known of the photo", "Photo")));
  details.push_back(many(id("merged", "Numbers of those who turned out to be this guest")));
  table.add({"GuestDetails", std::move(details)});

  table.add(
      {.path = "/guests/",
       .name = "list_guests",
       .summary = "Guests, by name",
       .command = "visitorctl guest list",
       .permission = Permission::guest_view,
       .query = {text("search",
                      "Every word of it in name, company, e-mail address or telephone number; or the whole number "
                      "of a document",
                      200, 1),
                 text("text", "Somewhere in name, company, e-mail address or telephone number, as it is", 200),
                 reference(), id("like", "Others who may be this guest: of the same contact or name")},
       .answer = "Guest",
       .paging = Paging::pages,
       .run = list_guests});
  table.add({.path = "/guests/{id}/",
             .name = "get_guest",
             .summary = "A guest",
             .command = "visitorctl guest show",
             .permission = Permission::guest_view,
             .answer = "GuestDetails",
             .run = get_guest});

  auto add = writing("/guests/", "create_guest", "Register a guest", "visitorctl guest add", Permission::guest_create);
  add.status = 201;
  add.body = contact_fields();
  add.body.insert(add.body.begin(), required(text("name", "Name", 200, 1)));
  add.body.push_back(text("employee_no", "Employee number on terminals", 64, 1));
  add.body.push_back(text("card_no", "Card number on terminals", 64, 1));
  add.run = add_guest;
  table.add(std::move(add));

  auto edit = writing("/guests/{id}/", "edit_guest", "Change a guest; what is not given stays", "visitorctl guest edit",
                      Permission::guest_edit);
  edit.method = "PATCH";
  edit.body = contact_fields();
  edit.body.insert(edit.body.begin(), text("name", "Name", 200, 1));
  edit.if_match = IfMatch::must;
  edit.current = get_guest;
  edit.run = edit_guest;
  table.add(std::move(edit));

  auto block = writing("/guests/{id}/block/", "block_guest", "Block a guest, who cannot be registered then",
                       "visitorctl guest block", Permission::guest_block);
  block.body = {required(text("reason", "Why", 500, 1))};
  block.if_match = IfMatch::may;
  block.current = get_guest;
  block.run = [](const Call& call) {
    return answer_guest(call, app::block_guest(call.work, call.id<GuestTag>(), call.body.text_or("reason")));
  };
  table.add(std::move(block));

  auto unblock = writing("/guests/{id}/unblock/", "unblock_guest", "Lift the block of a guest",
                         "visitorctl guest unblock", Permission::guest_block);
  unblock.if_match = IfMatch::may;
  unblock.current = get_guest;
  unblock.run = [](const Call& call) { return answer_guest(call, app::unblock_guest(call.work, call.id<GuestTag>())); };
  table.add(std::move(unblock));
}

}  // namespace visitor::api
