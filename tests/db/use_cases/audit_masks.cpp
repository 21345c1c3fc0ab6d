#include <boost/test/unit_test.hpp>

#include "app/accounts.hpp"
#include "app/api_keys.hpp"
#include "app/registry.hpp"
#include "app/roles.hpp"
#include "app/second_factors.hpp"
#include "app/terminal_edit.hpp"
#include "app/terminals.hpp"
#include "auth/base32.hpp"
#include "auth/totp.hpp"
#include "work.hpp"

using namespace visitor;
using namespace visitor::test;

namespace {

/// Does what handles secrets and personal data, and keeps each value that no audit row may have.
struct Masks : AtWork {
  std::vector<std::string> secrets;

  const std::string& kept(std::string value) { return secrets.emplace_back(std::move(value)); }
  Secret kept_secret(std::string value) { return Secret{kept(std::move(value))}; }

  std::string rows_with(const std::string& value) {
    std::string found;
    for (const auto& row : tx.rows("SELECT topic || ' ' || action || ' ' || details::text AS row FROM audit "
                                   "WHERE position($1 in details::text) > 0",
                                   value))
      found += row.get<std::string>("row") + "\n";
    return found;
  }
  std::string newest_edit(std::string_view topic, std::int64_t entity) {
    app::AuditFilter filter;
    filter.topic = topic;
    filter.entity = entity;
    filter.limit = 1;
    return app::list_audit(work(), filter).at(0).details;
  }
};

std::string a_picture() {
  std::string picture = "\xFF\xD8\xFF\xC0";
  picture += std::string{"\0\x11\x08\x01\0\x01\0\x03", 8} + "portrait7\xFF\xDA";
  return picture + std::string{"\0\x02", 2} + "a\xFF\xD9";
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(audit_masks, Masks)

BOOST_AUTO_TEST_CASE(no_row_tells_a_secret_or_how_to_reach_somebody) {
  app::NewGuest guest;
  guest.name = "Masked Guest";
  guest.email = kept("masked.guest@example.org");
  guest.phone = kept("+77015550101");
  guest.document = kept_secret("900101300123");
  guest.credentials = {{domain::CredentialKind::card, kept("0004711815")},
                       {domain::CredentialKind::employee_no, kept("E-77001177")}};
  const auto added = app::add_guest(work(), vault, guest).guest;
  app::GuestEdit guest_edit;
  guest_edit.email = kept("other.guest@example.org");
  guest_edit.phone = kept("+77015550202");
  guest_edit.document = kept_secret("910202400456");
  app::edit_guest(work(), vault, added.id, guest_edit);
  app::reveal_document(work(), vault, added.id);
  const auto picture = a_picture();
  app::set_guest_photo(work(), added.id, std::as_bytes(std::span{picture}));
  app::remove_guest_photo(work(), added.id);
  kept("portrait7");

  app::NewHost host;
  host.department = house.department;
  host.name = "Masked Host";
  host.email = kept("masked.host@example.org");
  host.phone = kept("+77015550303");
  host.chat_id = kept("5550303777");
  const auto hosted = app::add_host(work(), host);
  app::HostEdit host_edit;
  host_edit.email = kept("other.host@example.org");
  host_edit.phone = kept("+77015550404");
  host_edit.chat_id = kept("5550404777");
  app::edit_host(work(), hosted.id, host_edit);

  app::NewTerminal terminal;
  terminal.site = house.site;
  terminal.name = "Masked " + house.tag;
  terminal.base_url = "http://192.0.2.200";
  terminal.password = kept_secret("door-secret-1");
  const auto door = app::add_terminal(work(), vault, terminal).terminal.id;
  app::set_terminal_password(work(), vault, door, kept_secret("door-secret-2"));
  app::TerminalEdit terminal_edit;
  terminal_edit.password = kept_secret("door-secret-3");
  app::edit_terminal(work(), vault, door, terminal_edit);

  app::NewAccount account;
  account.login = "masked" + house.tag;
  account.email = kept("masked.account@example.org");
  account.phone = kept("+77015550505");
  account.chat_id = kept("5550505777");
  account.password_hash = kept("$argon2id$v=19$m=64,t=1,p=1$c29tZXNhbHQ$c29tZWhhc2g");
  const auto user = app::add_account(work(), account);
  app::AccountEdit account_edit;
  account_edit.email = kept("other.account@example.org");
  account_edit.phone = kept("+77015550606");
  account_edit.chat_id = kept("5550606777");
  app::edit_account(work(), user.id, account_edit);
  app::set_account_password(work(), user.id, kept("$argon2id$v=19$m=64,t=1,p=1$b3RoZXJzYWx0$b3RoZXJoYXNo"));

  app::grant_role(work(), user, app::resolve_role(work(), "reception"), {});
  const auto enrolment = app::enrol_totp(work(), vault, account.login, {});
  kept(std::string{enrolment.key.reveal()});
  const auto bytes = auth::from_base32(enrolment.key.reveal()).value();
  const auto code = auth::totp_code(Secret{bytes}, {}, auth::totp_step(today_at("08:30")));
  const auto confirmed = app::confirm_totp(work(), vault, account.login, Secret{code});
  for (const auto& one : confirmed.recovery_codes) kept(std::string{one.reveal()});
  for (const auto& one : app::renew_recovery_codes(work(), vault, account.login)) kept(std::string{one.reveal()});
  const auto recovery = secrets.back();
  BOOST_TEST(app::show_code(work(), vault, account.login, Secret{recovery}).shown.has_value());
  app::disable_totp(work(), vault, account.login);
  app::NewApiKey key;
  key.login = account.login;
  key.name = "script";
  key.permissions = {domain::Permission::visit_view};
  const auto created = app::create_api_key(work(), key);
  kept(std::string{created.text.reveal()});
  app::revoke_api_key(work(), created.key.id);

  BOOST_TEST_REQUIRE(secrets.size() > 40U);
  for (const auto& secret : secrets) BOOST_TEST(rows_with(secret) == "", secret);
  // Not because there are none.
  BOOST_TEST(rows_with("Masked Host") != "");
}

BOOST_AUTO_TEST_CASE(what_is_masked_still_says_what_changed) {
  const auto guest = given_guest(tx, "Guest " + house.tag);
  app::GuestEdit edit;
  edit.email = "anna@example.org";
  edit.phone = "+77015550101";
  app::edit_guest(work(), vault, guest, edit);
  edit.email = "boris@example.com";
  edit.phone = "";
  app::edit_guest(work(), vault, guest, edit);
  const auto details = newest_edit("guest", guest.value);
  BOOST_TEST((details.find(R"("email": {"to": "b***@example.com", "from": "a***@example.org"})") != details.npos),
             details);
  BOOST_TEST((details.find(R"("phone": {"to": "", "from": "********0101"})") != details.npos), details);
}

BOOST_AUTO_TEST_SUITE_END()
