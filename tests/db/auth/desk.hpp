#pragma once

#include <fmt/format.h>

#include <optional>
#include <string>
#include <vector>

#include "app/api_keys.hpp"
#include "app/journal.hpp"
#include "app/log_in.hpp"
#include "app/second_factors.hpp"
#include "auth/recovery_codes.hpp"
#include "auth/totp.hpp"
#include "auth/totp_devices.hpp"
#include "core/text.hpp"
#include "store/accounts.hpp"
#include "support/database.hpp"
#include "support/has_code.hpp"
#include "support/house.hpp"
#include "support/manual_clock.hpp"

namespace visitor::test {

inline Secret secret(std::string_view text) {
  return Secret{text};
}

/// Fixture: a desk to log in at. What is done there is committed, so each test makes accounts and networks of its own.
/// The password of each account is "right".
struct AtDesk : Database {
  config::Settings settings;
  Vault vault = test_vault();
  int looks = 0;  ///< how often a password was looked at
  app::LogInDesk desk{pool, vault, settings, [this](const std::optional<std::string>& stored, const Secret& password) {
                        ++looks;
                        return stored && password.reveal() == "right";
                      }};
  app::Actor operator_;

  AtDesk() {
    db::Transaction tx{pool};
    operator_ = app::ensure_actor(tx, "operator", domain::ActionHow::person, today_at("06:00"));
    tx.commit();
  }

  app::Work work(db::Transaction& tx, Instant now) const {
    return {tx, operator_, now, settings, domain::Scope::everything()};
  }

  /// \returns the login
  std::string given_account(const std::vector<std::string>& roles = {}) {
    const auto login = fmt::format("person{}", unique_number());
    db::Transaction tx{pool};
    const auto account = store::Accounts{tx}.ensure(login, false, today_at("06:00")).id;
    tx.exec("UPDATE account SET password_hash = '$argon2id$', password_changed_at = created_at WHERE id = $1", account);
    for (const auto& role : roles)
      tx.exec("INSERT INTO role_grant (account_id, role_id, granted_at) SELECT $1, id, now() FROM role WHERE name = $2",
              account, role);
    tx.commit();
    return login;
  }
  AccountId id_of(const std::string& login) {
    db::Transaction tx{pool};
    return store::Accounts{tx}.find_by_login(login).value().id;
  }
  void exec(const std::string& sql, AccountId account) {
    db::Transaction tx{pool};
    tx.exec(sql, account);
    tx.commit();
  }

  /// An authenticator that counts; its first code, that of \p now, is spent.
  struct Authenticator {
    Secret key;
    std::vector<Secret> recovery_codes;
    Secret code(Instant now) const { return secret(auth::totp_code(key, {}, auth::totp_step(now))); }
  };
  Authenticator given_authenticator(const std::string& login, Instant now) {
    db::Transaction tx{pool};
    auto enrolment = auth::TotpDevices{tx, vault}.enrol(id_of(login), {}, now);
    Authenticator one{std::move(enrolment.key), {}};
    one.recovery_codes = app::confirm_totp(work(tx, now), vault, login, one.code(now)).recovery_codes;
    tx.commit();
    return one;
  }

  /// A network that nobody else comes from.
  static std::string given_address() {
    const int number = unique_number();
    return fmt::format("10.{}.{}.1", number / 250 % 250, number % 250);
  }

  app::LogInResult log_in(const std::string& login, Instant now, const std::string& address,
                          const std::string& password = "right", const std::optional<Secret>& code = {},
                          const std::optional<Secret>& device = {}) {
    return app::log_in(desk, {login, secret(password), code, device, address, "a test", "request-1"}, now);
  }
  auth::SessionIssued given_session(const std::string& login, Instant now) {
    return log_in(login, now, given_address()).issued.value();
  }

  app::Authentication authenticate(const Secret& token, Instant now, const std::string& address = "192.0.2.1") {
    db::Transaction tx{pool};
    return app::authenticate(tx, token, address, now);
  }
  bool is_live(const Secret& token, Instant now) { return authenticate(token, now).caller.has_value(); }

  /// What is on record about the thing, oldest first: "login", "logout reused" …
  std::vector<std::string> audited(std::string_view topic, std::int64_t entity) {
    db::Transaction tx{pool};
    std::vector<std::string> said;
    for (const auto& row : tx.rows(R"sql(
        SELECT action || coalesce(' ' || (details ->> 'reason'), '') AS said
          FROM audit WHERE topic = $1 AND entity_id = $2 ORDER BY id)sql",
                                   topic, entity))
      said.push_back(row.get<std::string>("said"));
    return said;
  }
};

using Said = std::vector<std::string>;

}  // namespace visitor::test
