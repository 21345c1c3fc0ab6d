#pragma once

#include <fmt/format.h>

#include <boost/test/unit_test.hpp>
#include <memory>
#include <string>
#include <string_view>

#include "api_fixture.hpp"
#include "auth/base32.hpp"
#include "auth/totp.hpp"
#include "store/accounts.hpp"

namespace visitor::test {

/// Fixture: real sessions and keys. The password of everybody is "right".
struct WithSessions : Api {
  api::TokenAuthenticator tokens;
  std::string login = fmt::format("anna{}", house.tag);

  WithSessions() {
    dispatch = daemon();
    given_account(login, "administrator");
  }

  std::unique_ptr<api::Dispatch> daemon(api::Authenticator* who = nullptr) {
    const auto with_check = [this] {
      auto all = parts();
      all.check = [](const std::optional<std::string>& stored, const Secret& password) {
        return stored && password.reveal() == "right";
      };
      return all;
    };
    return std::make_unique<api::Dispatch>(with_check, who == nullptr ? &tokens : who, clock);
  }

  AccountId given_account(const std::string& name, const std::string& role) {
    db::Transaction tx{pool};
    const auto account = store::Accounts{tx}.ensure(name, false, clock.now()).id;
    tx.exec("UPDATE account SET password_hash = '$argon2id$', password_changed_at = created_at WHERE id = $1", account);
    tx.exec("INSERT INTO role_grant (account_id, role_id, granted_at) SELECT $1, id, $2 FROM role WHERE name = $3",
            account, clock.now(), role);
    // What the role asks for is tested where second factors are.
    tx.exec("UPDATE role SET requires_second_factor = false WHERE requires_second_factor");
    tx.commit();
    return account;
  }

  /// Until the next given_account().
  void security_asks_for_a_second_factor() {
    db::Transaction tx{pool};
    tx.exec("UPDATE role SET requires_second_factor = true WHERE name = 'security'");
    tx.commit();
  }

  Reply log_in(const std::string& name, const std::string& password = "right") {
    return ask("POST", "/sessions/", "", fmt::format(R"({{"login": "{}", "password": "{}"}})", name, password));
  }
  static std::string text(const Reply& reply, std::string_view member) {
    return std::string{reply.body.at(member).as_string()};
  }

  /// Sets up an authenticator in the session of that token, as its owner does. \returns the key
  Secret enroll(const std::string& token) {
    const auto begun = ask("POST", "/totp/", token);
    BOOST_TEST_REQUIRE(begun.status == 201);
    BOOST_TEST(begun.header("Cache-Control") == "no-store");
    const auto bytes = auth::from_base32(text(begun, "key")).value();
    Secret key{bytes};
    const auto done = ask("POST", "/totp/confirm/", token, code_body(key));
    BOOST_TEST_REQUIRE(done.status == 200);
    BOOST_TEST(done.body.at("recovery_codes").as_array().size() == 10U);
    return key;
  }
  std::string code_body(const Secret& key) const {
    return fmt::format(R"({{"code": "{}"}})", auth::totp_code(key, {}, auth::totp_step(clock.now())));
  }
};

}  // namespace visitor::test
