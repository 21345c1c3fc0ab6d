#pragma once

#include <fmt/format.h>

#include <boost/json.hpp>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "auth/principals.hpp"
#include "daemon/api/dispatch.hpp"
#include "support/database.hpp"
#include "support/house.hpp"
#include "support/manual_clock.hpp"

namespace visitor::test {

namespace json = boost::json;

/// Everybody is who their token says.
struct Doorman final : api::Authenticator {
  std::map<std::string, api::Caller, std::less<>> callers;

  app::Authentication authenticate(db::Pool&, const Secret& token, std::string_view, Instant) override {
    const auto found = callers.find(token.reveal());
    if (found == callers.end()) return {};
    return {found->second, {}};
  }
  void note_use(db::Pool&, const api::Caller&, domain::Permission, std::string_view, Instant) override {}
};

/// Fixture: a committed house at 2026-09-01T08:30Z, somebody with every right ("all"), somebody without ("none").
struct Api : Database {
  config::Settings settings;
  Vault vault = test_vault();
  ManualClock clock{today_at("08:30")};
  House house;
  VisitId visit;
  Doorman doorman;
  std::unique_ptr<api::Dispatch> dispatch;

  Api() {
    db::Transaction tx{pool};
    house = House::build(tx);
    visit = given_visit(tx, house);
    tx.commit();
    std::vector<domain::Principal::Right> rights;
    for (const auto& row : domain::names<domain::Permission>())
      rights.push_back({row.value, domain::Scope::everything()});
    admit("all", domain::Principal{house.account, "all", rights, false});
    admit("none", domain::Principal{house.account, "none", {}, false});
    dispatch = std::make_unique<api::Dispatch>([this] { return parts(); }, &doorman, clock);
  }

  api::Parts parts() { return {std::make_shared<const config::Settings>(settings), pool, vault}; }

  /// From now on \p token is this one's.
  void admit(const std::string& token, domain::Principal principal) {
    domain::Session session;
    // No session of the database: none has got that far.
    session.id = domain::SessionId{1'000'000'000 + static_cast<std::int64_t>(doorman.callers.size())};
    session.account = principal.account();
    doorman.callers.insert_or_assign(token, api::Caller{std::move(principal), session, {}, {}, false});
  }

  /// Somebody who has that role, on everything or on a site, as the database has it too; the token is the name of the
  /// role.
  AccountId given_role(std::string_view role, std::optional<SiteId> site = {}) {
    db::Transaction tx{pool};
    const auto account =
        app::ensure_actor(tx, fmt::format("{}-{}", role, house.tag), domain::ActionHow::person, clock.now()).account;
    tx.exec(
        "INSERT INTO role_grant (account_id, role_id, site_id, granted_at) SELECT $1, id, $2, $3 FROM role WHERE name "
        "= $4",
        account, site, clock.now(), std::string{role});
    admit(std::string{role}, *auth::find_principal(tx, account));
    tx.commit();
    return account;
  }

  struct Reply {
    int status = 0;
    json::value body;
    http::Headers headers;

    std::string header(std::string_view name) const {
      for (const auto& [key, value] : headers)
        if (key == name) return value;
      return "";
    }
    std::string problem() const { return std::string{body.at("type").as_string()}.substr(20); }
  };

  /// The answer as it goes out: also what takes long, and a file as its body.
  static http::Response whole(http::Response response) {
    if (response.rest) {
      auto rest = response.rest();
      for (auto& header : response.headers) rest.headers.push_back(std::move(header));
      response = std::move(rest);
    }
    while (response.source && response.body.size() < response.source->size()) response.body += response.source->next();
    return response;
  }

  /// \param address  below /api/v1
  http::Response send(std::string method, std::string_view address, std::string token = "all", std::string body = "",
                      http::Headers headers = {}, api::Dispatch* other = nullptr) {
    http::Request request;
    request.method = std::move(method);
    const auto mark = address.find('?');
    request.path = "/api/v1" + std::string{address.substr(0, mark)};
    if (mark != address.npos) request.query = address.substr(mark + 1);
    request.headers = std::move(headers);
    if (!token.empty()) request.headers.emplace_back("Authorization", "Bearer " + token);
    if (!body.empty()) request.headers.emplace_back("Content-Type", "application/json");
    request.body = std::move(body);
    request.remote = "192.0.2.1";
    request.id = "id-1";
    return whole((other != nullptr ? other : dispatch.get())->answer(request));
  }

  /// The same, of an answer that is JSON.
  Reply ask(std::string method, std::string_view address, std::string token = "all", std::string body = "",
            http::Headers headers = {}) {
    const auto response = send(std::move(method), address, std::move(token), std::move(body), std::move(headers));
    return {response.status, response.body.empty() ? json::value{} : json::parse(response.body), response.headers};
  }
  Reply get(std::string_view address, std::string token = "all", http::Headers headers = {}) {
    return ask("GET", address, std::move(token), "", std::move(headers));
  }
};

}  // namespace visitor::test
