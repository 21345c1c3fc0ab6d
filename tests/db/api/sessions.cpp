#include <boost/test/unit_test.hpp>
#include <set>

#include "with_sessions.hpp"

using namespace visitor;
namespace json = boost::json;

BOOST_FIXTURE_TEST_SUITE(api_sessions, test::WithSessions)

BOOST_AUTO_TEST_CASE(a_password_buys_a_session_that_lets_in_and_ends) {
  const auto session = log_in(login);
  BOOST_TEST_REQUIRE(session.status == 201);
  BOOST_TEST(session.header("Cache-Control") == "no-store");
  BOOST_TEST(session.header("ETag") == "");
  const auto token = text(session, "access_token");
  BOOST_TEST(get("/visits/", token).status == 200);
  const auto id = session.body.at("session_id").as_int64();
  const auto own = get("/sessions/?login=" + login, token);
  BOOST_TEST_REQUIRE(own.status == 200);
  BOOST_TEST(own.body.at("results").at(0).at("id").as_int64() == id);
  BOOST_TEST(ask("DELETE", fmt::format("/sessions/{}/", id), token).status == 200);
  BOOST_TEST(get("/visits/", token).status == 401);
}

BOOST_AUTO_TEST_CASE(a_wrong_password_and_an_unknown_login_are_told_the_same) {
  const auto given = [this](std::string_view kind, const char* sql) {
    const auto name = fmt::format("{}{}", kind, house.tag);
    const auto account = given_account(name, "reception");
    db::Transaction tx{pool};
    tx.exec(sql, account);
    tx.commit();
    return name;
  };
  const auto disabled = given("disabled", "UPDATE account SET disabled_at = now() WHERE id = $1");
  const auto without =
      given("without", "UPDATE account SET password_hash = NULL, password_changed_at = NULL WHERE id = $1");
  const auto shape = [](const Reply& reply) {
    std::set<std::pair<std::string, std::string>> headers;
    for (const auto& [name, value] : reply.headers)
      if (!name.starts_with("RateLimit-")) headers.emplace(name, value);
    return std::pair{json::serialize(reply.body), headers};
  };
  const auto unknown = log_in(login + "x", "guess");
  BOOST_TEST(unknown.status == 401);
  for (const auto& name : {login, disabled, without}) {
    const auto told = log_in(name, "guess");
    BOOST_TEST(told.status == 401);
    BOOST_CHECK(shape(told) == shape(unknown));
  }
  // Throttled they are the same, too; what all tests share an address for is given back.
  const auto forget = [this] {
    db::Transaction tx{pool};
    tx.exec("DELETE FROM login_budget");
    tx.commit();
  };
  forget();
  const auto until_throttled = [&](const std::string& name) {
    for (int tries = 0;; ++tries)
      if (auto reply = log_in(name, "guess"); reply.status == 429 || tries > 10) return reply;
  };
  const auto waiting = until_throttled(login + "x");
  BOOST_TEST_REQUIRE(waiting.status == 429);
  for (const auto& name : {login, disabled, without}) BOOST_CHECK(shape(until_throttled(name)) == shape(waiting));
  forget();
  BOOST_TEST(ask("POST", "/sessions/", "", R"({"login": "x"})").problem() == "invalid_value");
  BOOST_TEST(ask("POST", "/sessions/?login=x", "", R"({"login": "x", "password": "y"})").problem() ==
             "unknown_parameter");
}

BOOST_AUTO_TEST_CASE(a_refresh_token_is_good_once_and_a_thief_ends_the_session) {
  const auto first = log_in(login);
  const auto body = fmt::format(R"({{"refresh_token": "{}"}})", text(first, "refresh_token"));
  const auto second = ask("POST", "/sessions/refresh/", "", body);
  BOOST_TEST_REQUIRE(second.status == 200);
  const auto token = text(second, "access_token");
  BOOST_TEST(get("/visits/", token).status == 200);
  BOOST_TEST(ask("POST", "/sessions/refresh/", "", body).status == 401);
  clock.advance(std::chrono::seconds{1});
  BOOST_TEST(get("/visits/", token).status == 401);
}

BOOST_AUTO_TEST_CASE(a_refresh_token_that_nobody_has_is_on_record_once_a_minute) {
  const auto refused = [&] {
    db::Transaction tx{pool};
    return tx
        .row(R"sql(
          SELECT count(*) AS n FROM audit
           WHERE topic = 'session' AND action = 'refused' AND account_id IS NULL
             AND details ->> 'reason' = 'refresh token not in force' AND source = 'api:192.0.2.1')sql")
        .get<std::int64_t>("n");
  };
  const auto refresh = [&](const std::string& token) {
    return ask("POST", "/sessions/refresh/", "", fmt::format(R"({{"refresh_token": "{}"}})", token)).status;
  };
  const auto before = refused();
  auto unknown = text(log_in(login), "refresh_token");
  unknown.back() = unknown.back() == 'A' ? 'B' : 'A';
  BOOST_TEST(refresh(unknown) == 401);
  BOOST_TEST(refused() == before + 1);
  BOOST_TEST(refresh("no token at all") == 401);
  BOOST_TEST(refused() == before + 1);
  clock.advance(std::chrono::minutes{2});
  BOOST_TEST(refresh("no token at all") == 401);
  BOOST_TEST(refused() == before + 2);
}

BOOST_AUTO_TEST_CASE(what_is_revoked_here_is_dead_on_the_other_daemon_within_a_second) {
  api::TokenAuthenticator others;
  const auto other = daemon(&others);
  const auto session = log_in(login);
  const auto token = text(session, "access_token");
  const auto there = [&] {
    http::Request request;
    request.method = "GET";
    request.path = "/api/v1/visits/";
    request.headers = {{"Authorization", "Bearer " + token}};
    request.remote = "192.0.2.1";
    return other->answer(request).status;
  };
  BOOST_TEST(there() == 200);
  BOOST_TEST(ask("DELETE", fmt::format("/sessions/{}/", session.body.at("session_id").as_int64()), token).status ==
             200);
  clock.advance(std::chrono::milliseconds{999});
  BOOST_TEST(there() == 401);
}

BOOST_AUTO_TEST_CASE(other_rights_and_another_scope_hold_on_every_daemon_within_a_second) {
  const auto name = fmt::format("vera{}", house.tag);
  const auto account = given_account(name, "reception");
  const auto token = text(log_in(name), "access_token");
  const auto address = fmt::format("/visits/{}/", visit);
  const auto change = [&](const char* sql) {
    db::Transaction tx{pool};
    tx.exec(sql, account, house.tag);
    tx.commit();
    clock.advance(std::chrono::milliseconds{999});
  };
  const auto page = [&] { return get("/visits/?cursor=&page_size=200", token); };
  BOOST_TEST(get(address, token).status == 200);
  BOOST_TEST(!page().body.at("results").as_array().empty());

  change(
      "WITH there AS (INSERT INTO site (name, time_zone, created_at) VALUES ('Elsewhere ' || $2, 'UTC', now()) "
      "RETURNING id) UPDATE role_grant SET site_id = (SELECT id FROM there) WHERE account_id = $1");
  BOOST_TEST(get(address, token).status == 404);
  BOOST_TEST(page().body.at("results").as_array().empty());

  change("DELETE FROM role_grant WHERE account_id = $1 AND $2 <> ''");
  BOOST_TEST(get(address, token).status == 403);
  change("UPDATE account SET disabled_at = now() WHERE id = $1 AND $2 <> ''");
  BOOST_TEST(get(address, token).status == 401);
}

BOOST_AUTO_TEST_CASE(sessions_of_others_are_not_there_without_the_right) {
  const auto reception = fmt::format("boris{}", house.tag);
  given_account(reception, "reception");
  const auto admin = log_in(login);
  const auto session = log_in(reception);
  const auto token = text(session, "access_token");
  const auto mine = get("/sessions/", token);
  BOOST_TEST_REQUIRE(mine.status == 200);
  for (const auto& one : mine.body.at("results").as_array())
    BOOST_TEST(one.at("account").at("login").as_string() == reception);
  BOOST_TEST(get("/sessions/?login=" + login, token).status == 403);
  BOOST_TEST(ask("DELETE", fmt::format("/sessions/{}/", admin.body.at("session_id").as_int64()), token).status == 404);
  BOOST_TEST(
      ask("DELETE", fmt::format("/sessions/{}/", session.body.at("session_id").as_int64()), text(admin, "access_token"))
          .status == 200);
  BOOST_TEST(get("/sessions/", token).status == 401);
}

BOOST_AUTO_TEST_CASE(all_sessions_of_an_account_end_at_once_or_one_of_them) {
  const auto name = fmt::format("dora{}", house.tag);
  given_account(name, "reception");
  const auto token = text(log_in(login), "access_token");
  const auto first = log_in(name), second = log_in(name), third = log_in(name);
  const auto revoke = [&](const std::string& rest, const std::string& who) {
    return ask("POST", "/sessions/revoke/", who, fmt::format(R"({{"login": "{}"{}}})", name, rest));
  };
  const auto only = fmt::format(R"(, "session": {})", first.body.at("session_id").as_int64());
  BOOST_TEST(revoke("", text(second, "access_token")).status == 403);
  BOOST_TEST(revoke(only, token).body.at("sessions").as_array().size() == 1U);
  BOOST_TEST(revoke(only, token).status == 409);
  BOOST_TEST(get("/visits/", text(first, "access_token")).status == 401);
  BOOST_TEST(get("/visits/", text(second, "access_token")).status == 200);
  BOOST_TEST(ask("POST", "/sessions/revoke/", token, fmt::format(R"({{"login": "{}"{}}})", login, only)).status == 404);
  BOOST_TEST(revoke("", token).body.at("sessions").as_array().size() == 2U);
  BOOST_TEST(get("/visits/", text(third, "access_token")).status == 401);
}

BOOST_AUTO_TEST_CASE(a_session_ends_only_where_it_still_is_what_if_match_names) {
  const auto name = fmt::format("clara{}", house.tag);
  given_account(name, "reception");
  const auto token = text(log_in(login), "access_token");
  const auto other = log_in(name);
  const auto path = fmt::format("/sessions/{}/", other.body.at("session_id").as_int64());
  const auto seen = get(path, token);
  BOOST_TEST_REQUIRE(seen.status == 200);
  BOOST_TEST(seen.body.at("account").at("login").as_string() == name);
  BOOST_TEST(
      get(fmt::format("/sessions/{}/", log_in(login).body.at("session_id").as_int64()), text(other, "access_token"))
          .status == 404);
  const auto end = [&](std::string etag) { return ask("DELETE", path, token, "", {{"If-Match", std::move(etag)}}); };
  BOOST_TEST(end("\"0-0\"").status == 412);
  BOOST_TEST(get("/visits/", text(other, "access_token")).status == 200);
  BOOST_TEST(end(get(path, token).header("ETag")).status == 200);
  BOOST_TEST(get("/visits/", text(other, "access_token")).status == 401);
  BOOST_TEST(end("*").status == 409);
}

BOOST_AUTO_TEST_CASE(an_api_key_is_shown_once_does_what_it_lists_and_is_revoked) {
  const auto token = text(log_in(login), "access_token");
  const auto made =
      ask("POST", "/apikeys/", token,
          fmt::format(R"({{"login": "{}", "name": "cron", "permissions": ["visit.view", "guest.view"]}})", login));
  BOOST_TEST_REQUIRE(made.status == 201);
  BOOST_TEST(made.header("Cache-Control") == "no-store");
  const auto key = text(made, "key");
  BOOST_TEST(get("/visits/", key).status == 200);
  BOOST_TEST(get("/terminals/", key).status == 403);
  const auto path = made.header("Location").substr(7);
  const auto audit = get(path, token);
  BOOST_TEST_REQUIRE(audit.status == 200);
  BOOST_TEST(audit.body.at("used").at(0).at("permission").as_string() == "visit.view");
  BOOST_TEST(audit.body.at("unused").at(0).as_string() == "guest.view");
  BOOST_TEST(json::serialize(get("/apikeys/", token).body).find(key) == std::string::npos);
  BOOST_TEST(ask("DELETE", path, token).status == 200);
  BOOST_TEST(get("/visits/", key).status == 401);
  BOOST_TEST(ask("DELETE", path, token).status == 409);
}

BOOST_AUTO_TEST_CASE(accounts_are_added_changed_given_roles_and_disabled) {
  const auto token = text(log_in(login), "access_token");
  const auto name = fmt::format("clara{}", house.tag);
  const auto made =
      ask("POST", "/users/", token, fmt::format(R"({{"login": "{}", "name": "Clara", "language": "ru"}})", name));
  BOOST_TEST_REQUIRE(made.status == 201);
  const auto path = made.header("Location").substr(7);
  BOOST_TEST(ask("PATCH", path, token, R"({"position": "Guard"})").status == 428);
  const auto edited = ask("PATCH", path, token, R"({"position": "Guard"})", {{"If-Match", made.header("ETag")}});
  BOOST_TEST_REQUIRE(edited.status == 200);
  BOOST_TEST(edited.body.at("position").as_string() == "Guard");
  const auto granted =
      ask("POST", path + "grant/", token, fmt::format(R"({{"role": "reception", "site": {}}})", house.site));
  BOOST_TEST_REQUIRE(granted.status == 200);
  BOOST_TEST(granted.body.at("grants").at(0).at("site").at("id").as_int64() == house.site.value);
  BOOST_TEST(ask("POST", path + "grant/", token, R"({"role": "reception", "site": 1, "host": 1})").problem() ==
             "invalid_value");
  BOOST_TEST(get("/users/?role=reception&search=" + name, token).body.at("count").as_int64() == 1);
  BOOST_TEST(
      ask("POST", path + "revoke/", token, fmt::format(R"({{"role": "reception", "site": {}}})", house.site)).status ==
      200);
  BOOST_TEST(ask("POST", path + "disable/", token).status == 200);
  BOOST_TEST(!get(path, token).body.at("disabled_at").is_null());
  BOOST_TEST(ask("POST", path + "enable/", token).status == 200);
  BOOST_TEST(get("/roles/", token).body.at("count").as_int64() >= 7);
  const auto trail = get("/audit/?login=" + login + "&page_size=3", token);
  BOOST_TEST_REQUIRE(trail.status == 200);
  BOOST_TEST(trail.body.at("results").as_array().size() == 3U);
  BOOST_TEST(trail.body.at("results").at(0).at("source").as_string() == "api:192.0.2.1");
  BOOST_TEST(get(fmt::format("/audit/{}/", trail.body.at("results").at(0).at("id").as_int64()), token).status == 200);
}

BOOST_AUTO_TEST_CASE(what_a_stolen_session_must_not_do_asks_for_a_fresh_code_and_says_where_to_show_it) {
  const auto token = text(log_in(login), "access_token");
  const auto key = enroll(token);
  const auto name = fmt::format("dora{}", house.tag);
  const auto made = ask("POST", "/users/", token, fmt::format(R"({{"login": "{}"}})", name));
  const auto path = made.header("Location").substr(7);
  const auto ask_all = [&] {
    std::vector<Reply> replies;
    replies.push_back(ask("POST", path + "grant/", token, R"({"role": "reception"})"));
    replies.push_back(ask("POST", path + "revoke/", token, R"({"role": "reception"})"));
    replies.push_back(ask("POST", path + "unlock/", token));
    replies.push_back(ask("POST", "/apikeys/", token,
                          fmt::format(R"({{"login": "{}", "name": "night {}", "permissions": ["visit.view"]}})", login,
                                      to_iso(clock.now()))));
    replies.push_back(ask("POST", "/incidents/resolve/", token, R"({"incidents": [999999999]})"));
    replies.push_back(ask("POST", "/incidents/false-alarm/", token, R"({"incidents": [999999999]})"));
    replies.push_back(ask("POST", "/totp/?dry_run=1", token));
    return replies;
  };
  const auto statuses = [&] {
    std::vector<int> all;
    for (const auto& reply : ask_all()) all.push_back(reply.status);
    return all;
  };
  const std::vector<int> done{200, 200, 200, 201, 404, 404, 201};
  BOOST_TEST(statuses() == done, boost::test_tools::per_element());

  clock.advance(std::chrono::minutes{5});
  for (const auto& reply : ask_all()) {
    BOOST_TEST(reply.status == 403);
    BOOST_TEST(reply.problem() == "step_up_needed");
    BOOST_TEST((text(reply, "hint").find("POST /api/v1/sessions/step-up/") != std::string::npos));
  }
  BOOST_TEST(get("/visits/", token).status == 200);

  const auto wrong = ask("POST", "/sessions/step-up/", token, R"({"code": "12345"})");
  BOOST_TEST(wrong.status == 403);
  BOOST_TEST(wrong.problem() == "second_factor_needed");
  const auto shown = ask("POST", "/sessions/step-up/", token, code_body(key));
  BOOST_TEST_REQUIRE(shown.status == 200);
  BOOST_TEST(text(shown, "stepped_up_at") == to_iso(clock.now()));
  BOOST_TEST(ask("POST", "/sessions/step-up/", token, code_body(key)).problem() == "second_factor_needed");
  BOOST_TEST(statuses() == done, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(an_api_key_shows_no_code_and_does_nothing_that_asks_for_one) {
  const auto token = text(log_in(login), "access_token");
  const auto key =
      text(ask("POST", "/apikeys/", token,
               fmt::format(R"({{"login": "{}", "name": "script", "permissions": ["role.grant"]}})", login)),
           "key");
  const auto reply = ask("POST", "/users/1/grant/", key, R"({"role": "reception"})");
  BOOST_TEST(reply.status == 403);
  BOOST_TEST(reply.problem() == "denied");
  BOOST_TEST(ask("POST", "/sessions/step-up/", key, R"({"code": "123456"})").problem() == "denied");
  BOOST_TEST(ask("POST", "/totp/", key).problem() == "denied");
  BOOST_TEST(ask("POST", "/totp/confirm/", key, R"({"code": "123456"})").problem() == "denied");
}

BOOST_AUTO_TEST_CASE(without_the_second_factor_that_a_role_asks_for_a_session_can_only_set_one_up_and_end) {
  const auto guard = fmt::format("guard{}", house.tag);
  given_account(guard, "security");
  security_asks_for_a_second_factor();
  const auto session = log_in(guard);
  BOOST_TEST(session.body.at("enrol_only").as_bool());
  const auto token = text(session, "access_token");
  for (const auto* path : {"/visits/", "/sessions/", "/nothing/"})
    BOOST_TEST(get(path, token).problem() == "second_factor_needed", path);
  BOOST_TEST(get("/totp/", token).body.at("required").as_bool());
  BOOST_TEST(ask("POST", "/totp/confirm/", token, R"({"code": "123456"})").status == 409);
  enroll(token);
  BOOST_TEST(get("/visits/", token).status == 200);
  BOOST_TEST(!get("/totp/", token).body.at("authenticator").is_null());

  const auto other = fmt::format("other{}", house.tag);
  given_account(other, "security");
  security_asks_for_a_second_factor();
  const auto unused = log_in(other);
  BOOST_TEST(
      ask("DELETE", fmt::format("/sessions/{}/", unused.body.at("session_id").as_int64()), text(unused, "access_token"))
          .status == 200);
}

BOOST_AUTO_TEST_CASE(accounts_sessions_keys_and_audit_rows_have_the_members_that_are_declared) {
  const auto token = text(log_in(login), "access_token");
  BOOST_TEST_REQUIRE(ask("POST", "/apikeys/", token,
                         fmt::format(R"({{"login": "{}", "name": "one", "permissions": ["visit.view"]}})", login))
                         .status == 201);
  for (const auto& route : dispatch->table().routes()) {
    const auto kind = route.path.substr(1, route.path.find('/', 1) - 1);
    if (route.writes() ||
        (kind != "sessions" && kind != "apikeys" && kind != "users" && kind != "roles" && kind != "audit"))
      continue;
    std::set<std::string> declared, found;
    for (const auto& field : dispatch->table().schema(route.answer).fields) declared.insert(field.name);
    auto path = route.path;
    if (route.has_path_id()) {
      const auto id = get("/" + kind + "/", token).body.at("results").at(0).at("id").as_int64();
      path.replace(path.find("{id}"), 4, std::to_string(id));
    }
    const auto reply = get(path, token);
    BOOST_TEST_REQUIRE(reply.status == 200, route.name);
    const auto& thing = route.has_path_id() ? reply.body : reply.body.at("results").at(0);
    for (const auto& member : thing.as_object()) found.insert(std::string{member.key()});
    BOOST_TEST(found == declared, boost::test_tools::per_element());
  }
}

BOOST_AUTO_TEST_SUITE_END()
