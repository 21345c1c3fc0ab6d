#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <set>
#include <utility>

#include "api_fixture.hpp"
#include "app/incidents.hpp"
#include "store/jobs.hpp"
#include "store/journal.hpp"

using namespace visitor;
using namespace std::string_literals;
using test::today_at;
namespace json = boost::json;

namespace {

struct Fixture : test::Api {
  std::string visit_path() const { return fmt::format("/visits/{}/", visit); }

  IncidentId given_incident() {
    db::Transaction tx{pool};
    const app::Actor actor{house.account, "all"};
    app::NewIncident incident;
    incident.summary = "A door is open";
    incident.visit = visit;
    incident.terminal = house.terminal;
    const auto opened = app::open_incident({tx, actor, clock.now(), settings, domain::Scope::everything()}, incident);
    tx.commit();
    return opened.incident.id;
  }
};

store::AuditFilter recent_by(AccountId account) {
  store::AuditFilter filter;
  filter.account = account;
  filter.limit = 10;
  return filter;
}

std::set<std::string> members(const json::value& object) {
  std::set<std::string> names;
  for (const auto& member : object.as_object()) names.insert(std::string{member.key()});
  return names;
}

/// An address of the route, of a thing that may be there.
std::string some_path(const api::Route& route) {
  auto path = route.path;
  for (const auto& [place, value] : {std::pair{"{id}"s, "1"s}, {"{name}"s, "visits"s}})
    if (const auto at = path.find(place); at != path.npos) path.replace(at, place.size(), value);
  return path;
}

/// In sessions.cpp and report_jobs.cpp, with accounts, sessions, keys and files that are real.
bool tried_elsewhere(const api::Route& route) {
  const std::set<std::string> kinds{"sessions", "apikeys", "users", "roles", "audit", "totp", "reports"};
  return kinds.contains(route.path.substr(1, route.path.find('/', 1) - 1));
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(api_requests, Fixture)

BOOST_AUTO_TEST_CASE(nobody_gets_in_without_a_token_that_is_in_force) {
  for (const auto& route : dispatch->table().routes()) {
    if (!route.takes_token()) continue;
    const auto path = some_path(route);
    for (const std::string token : {"", "wrong"}) {
      const auto reply = ask(route.method, path, token);
      BOOST_TEST(reply.status == 401, route.name);
      BOOST_TEST(reply.problem() == "not_authenticated", route.name);
      BOOST_TEST(reply.header("WWW-Authenticate") == "Bearer realm=\"visitor\"", route.name);
    }
  }
  BOOST_TEST(get("/nothing/", "").status == 401);
  for (const auto* words : {"Basic YTpi", "Bearer", "Bearer ", "all", "Bearer all all"}) {
    const auto reply = get("/visits/", "", {{"Authorization", words}});
    BOOST_TEST(reply.status == 401, words);
  }
}

BOOST_AUTO_TEST_CASE(without_an_authenticator_everybody_is_refused) {
  api::Dispatch closed{[this] { return parts(); }, nullptr, clock};
  http::Request request;
  request.method = "GET";
  request.path = "/api/v1/visits/";
  request.headers = {{"Authorization", "Bearer all"}};
  BOOST_TEST(closed.answer(request).status == 401);
}

BOOST_AUTO_TEST_CASE(no_database_is_503_before_anything_else) {
  api::Dispatch early{[] { return std::optional<api::Parts>{}; }, &doorman, clock};
  http::Request request;
  request.method = "GET";
  request.path = "/api/v1/visits/";
  const auto response = early.answer(request);
  BOOST_TEST(response.status == 503);
  BOOST_TEST(response.content_type == "application/problem+json");
}

BOOST_AUTO_TEST_CASE(without_the_right_it_is_403_and_nothing_is_told_of_the_thing) {
  for (const auto& route : dispatch->table().routes()) {
    if (route.own || !route.takes_token()) continue;
    const auto reply = ask(route.method, some_path(route), "none");
    BOOST_TEST(reply.status == 403, route.name);
    BOOST_TEST(reply.problem() == "denied", route.name);
  }
}

BOOST_AUTO_TEST_CASE(every_list_and_every_thing_has_the_members_that_are_declared) {
  const auto incident = given_incident();
  {
    db::Transaction tx{pool};
    test::given_passage(tx, house, 1, today_at("08:00"), domain::Direction::entry);
    tx.commit();
  }
  BOOST_TEST(ask("POST", visit_path() + "check-in/").status == 200);
  const auto lock = ask("POST", "/locks/", "all", fmt::format(R"({{"topic": "visit", "id": {}}})", visit));
  BOOST_TEST_REQUIRE(lock.status == 201);
  BOOST_TEST(
      ask("POST", "/silences/", "all", R"({"types": ["duress"], "reason": "a test", "ends_at": "+1h"})").status == 201);
  const auto group = ask("POST", "/groups/", "all", fmt::format(R"({{"name": "group {}"}})", house.tag));
  BOOST_TEST_REQUIRE(group.status == 201);
  BOOST_TEST(ask("POST", fmt::format("/users/{}/grant/", house.account), "all",
                 fmt::format(R"({{"role": "reception", "site": {}}})", house.site))
                 .status == 200);
  for (const auto& route : dispatch->table().routes()) {
    if (route.writes() || route.has_path_id() || tried_elsewhere(route)) continue;
    const auto reply = get(route.path + "?page_size=200");
    if (route.paging == api::Paging::none) continue;
    BOOST_TEST_REQUIRE(reply.status == 200, route.name);
    std::set<std::string> declared;
    for (const auto& field : dispatch->table().schema(route.answer).fields) declared.insert(field.name);
    const auto& results = reply.body.at("results").as_array();
    BOOST_TEST_REQUIRE(!results.empty(), route.name);
    BOOST_TEST(members(results.front()) == declared, boost::test_tools::per_element());
  }
  const auto alert = get(fmt::format("/alerts/?incident={}", incident)).body.at("results").at(0).at("id").as_int64();
  const auto silence = get("/silences/").body.at("results").at(0).at("id").as_int64();
  const auto event =
      get(fmt::format("/events/?terminal={}", house.terminal)).body.at("results").at(0).at("id").as_int64();
  const auto door =
      get(fmt::format("/doors/?terminal={}", house.terminal)).body.at("results").at(0).at("id").as_int64();
  const std::map<std::string, std::int64_t> ids{{"sites", house.site.value},
                                                {"departments", house.department.value},
                                                {"hosts", house.host.value},
                                                {"guests", house.guest.value},
                                                {"visits", visit.value},
                                                {"terminals", house.terminal.value},
                                                {"doors", door},
                                                {"events", event},
                                                {"incidents", incident.value},
                                                {"alerts", alert},
                                                {"silences", silence},
                                                {"locks", lock.body.at("token").as_int64()},
                                                {"groups", group.body.at("id").as_int64()}};
  for (const auto& route : dispatch->table().routes()) {
    if (route.writes() || !route.has_path_id() || tried_elsewhere(route)) continue;
    auto path = route.path;
    const auto kind = path.substr(1, path.find('/', 1) - 1);
    path.replace(path.find("{id}"), 4, std::to_string(ids.at(kind)));
    const auto reply = get(path);
    BOOST_TEST_REQUIRE(reply.status == 200, route.name);
    std::set<std::string> declared;
    if (route.paging == api::Paging::none)
      for (const auto& field : dispatch->table().schema(route.answer).fields) declared.insert(field.name);
    else  // a list of what belongs to the thing, and this one has nothing yet
      declared = {"count", "next", "previous", "results"};
    BOOST_TEST(members(reply.body) == declared, boost::test_tools::per_element());
    BOOST_TEST(get(route.path.substr(0, route.path.find('{')) + "999999999/").status == 404, route.name);
  }
  BOOST_TEST(members(get("/stats/").body).count("visits") == 1U);
}

BOOST_AUTO_TEST_CASE(an_answer_has_an_etag_and_is_not_sent_again) {
  const auto reply = get(visit_path());
  const auto etag = reply.header("ETag");
  BOOST_TEST(etag.starts_with("\"1-"), etag);
  BOOST_TEST(reply.header("Cache-Control") == "private, no-cache");
  const auto again = get(visit_path(), "all", {{"If-None-Match", etag}});
  BOOST_TEST(again.status == 304);
  BOOST_TEST(again.header("ETag") == etag);
  BOOST_TEST(again.body.is_null());
  BOOST_TEST(get(visit_path(), "all", {{"If-None-Match", "\"other\""}}).status == 200);
}

BOOST_AUTO_TEST_CASE(fields_chooses_members) {
  const auto reply = get(visit_path() + "?fields=id,status");
  BOOST_TEST(members(reply.body) == (std::set<std::string>{"id", "status"}), boost::test_tools::per_element());
  BOOST_TEST(get("/visits/?fields=id,nothing").problem() == "invalid_value");
}

BOOST_AUTO_TEST_CASE(an_edit_needs_the_etag_of_what_was_seen) {
  const std::string body = R"({"purpose_text": "About the roof"})";
  const auto missing = ask("PATCH", visit_path(), "all", body);
  BOOST_TEST(missing.status == 428);
  BOOST_TEST(missing.problem() == "precondition_required");

  const auto etag = get(visit_path()).header("ETag");
  const auto edited = ask("PATCH", visit_path(), "all", body, {{"If-Match", etag}});
  BOOST_TEST(edited.status == 200);
  BOOST_TEST(edited.body.at("purpose_text").as_string() == "About the roof");
  BOOST_TEST(edited.header("ETag") == get(visit_path()).header("ETag"));

  const auto late = ask("PATCH", visit_path(), "all", R"({"purpose_text": "Another"})", {{"If-Match", etag}});
  BOOST_TEST(late.status == 412);
  BOOST_TEST(get(visit_path()).body.at("purpose_text").as_string() == "About the roof");
}

BOOST_AUTO_TEST_CASE(type_contact_and_consent_of_a_visit_are_taken_and_told) {
  const auto before = get(visit_path());
  BOOST_TEST(before.body.at("type").as_string() == "guest");
  BOOST_TEST(before.body.at("contact_phone").is_null());
  BOOST_TEST(before.body.at("consent_at").is_null());
  const auto patch = [&](const std::string& body) {
    return ask("PATCH", visit_path(), "all", body, {{"If-Match", get(visit_path()).header("ETag")}});
  };
  const auto edited = patch(R"({"type": "delivery", "contact_phone": "+7 701 123 45 67", "consent": true})");
  BOOST_TEST(edited.status == 200);
  BOOST_TEST(edited.body.at("type").as_string() == "delivery");
  BOOST_TEST(edited.body.at("contact_phone").as_string() == "+77011234567");
  BOOST_TEST(edited.body.at("consent_at").is_string());
  const auto cleared = patch(R"({"contact_phone": "", "consent": false})");
  BOOST_TEST(cleared.body.at("type").as_string() == "delivery");
  BOOST_TEST(cleared.body.at("contact_phone").is_null());
  BOOST_TEST(cleared.body.at("consent_at").is_null());
  BOOST_TEST(patch(R"({"type": "visitor"})").status == 400);
  BOOST_TEST(patch(R"({"contact_phone": "nobody"})").status == 400);
}

BOOST_AUTO_TEST_CASE(a_dry_run_does_all_of_it_and_stores_nothing) {
  const auto reply = ask("POST", visit_path() + "check-in/?dry_run=1");
  BOOST_TEST(reply.status == 200);
  BOOST_TEST(reply.header("Dry-Run") == "1");
  BOOST_TEST(reply.body.at("status").as_string() == "CHECKED_IN");
  BOOST_TEST(get(visit_path()).body.at("status").as_string() == "AWAITING");
}

BOOST_AUTO_TEST_CASE(a_visit_goes_its_way_and_a_second_check_in_is_a_conflict) {
  const auto created =
      ask("POST", "/visits/", "all",
          fmt::format(R"({{"guest": {}, "host": {}, "purpose": "INTERVIEW"}})", house.guest, house.host));
  BOOST_TEST_REQUIRE(created.status == 201);
  const auto path = created.header("Location").substr(7);
  BOOST_TEST(get(path).body.at("purpose").as_string() == "INTERVIEW");
  BOOST_TEST(ask("POST", path + "check-in/").status == 200);
  const auto twice = ask("POST", path + "check-in/");
  BOOST_TEST(twice.status == 409);
  BOOST_TEST(twice.problem() == "conflict");
  BOOST_TEST(twice.body.at("command").as_string() == "visitorctl explain conflict");
  BOOST_TEST(twice.body.at("request_id").as_string() == "id-1");
  BOOST_TEST(ask("POST", path + "check-out/").body.at("status").as_string() == "CHECKED_OUT");
}

BOOST_AUTO_TEST_CASE(what_has_a_key_is_done_once_and_answered_twice) {
  const auto body = fmt::format(R"({{"guest": {}, "host": {}}})", house.guest, house.host);
  const http::Headers key{{"Idempotency-Key", fmt::format("key-{}", house.tag)}};
  const auto first = ask("POST", "/visits/", "all", body, key);
  BOOST_TEST_REQUIRE(first.status == 201);
  const auto second = ask("POST", "/visits/", "all", body, key);
  BOOST_TEST(second.status == 201);
  BOOST_TEST(json::serialize(second.body) == json::serialize(first.body));
  BOOST_TEST(second.header("Location") == first.header("Location"));
  BOOST_TEST(second.header("ETag") == first.header("ETag"));
  BOOST_TEST(second.header("Idempotency-Replayed") == "1");
  BOOST_TEST(ask("POST", "/visits/", "all", fmt::format(R"({{"guest": {}}})", house.guest), key).status == 422);

  clock.advance(std::chrono::hours{25});
  const auto later = ask("POST", "/visits/", "all", body, key);
  BOOST_TEST(later.status == 201);
  BOOST_TEST(later.header("Location") != first.header("Location"));
  BOOST_TEST(ask("POST", "/visits/", "all", body, {{"Idempotency-Key", "a b"}}).problem() == "invalid_value");
}

BOOST_AUTO_TEST_CASE(what_failed_leaves_its_key_free) {
  const http::Headers key{{"Idempotency-Key", fmt::format("free-{}", house.tag)}};
  BOOST_TEST(ask("POST", visit_path() + "check-out/", "all", "", key).status == 409);
  BOOST_TEST(ask("POST", visit_path() + "check-in/", "all", "", key).status == 200);
}

BOOST_AUTO_TEST_CASE(an_incident_is_resolved_with_notes) {
  const auto path = fmt::format("/incidents/{}/", given_incident());
  const auto reply = ask("POST", path + "resolve/", "all", R"({"notes": "The guard looked"})");
  BOOST_TEST(reply.status == 200);
  BOOST_TEST(reply.body.at("status").as_string() == "resolved");
  BOOST_TEST(reply.body.at("history").as_array().back().at("note").as_string() == "The guard looked");
  BOOST_TEST(ask("POST", path + "resolve/", "all", R"({"note": "x"})").problem() == "invalid_value");
  BOOST_TEST(ask("POST", path + "comment/", "all", R"({"notes": ""})").problem() == "invalid_value");
  const auto commented = ask("POST", path + "comment/", "all", R"({"notes": "The hinge was worn"})");
  BOOST_TEST_REQUIRE(commented.status == 200);
  BOOST_TEST(commented.body.at("status").as_string() == "resolved");
  BOOST_TEST(commented.body.at("history").as_array().back().at("what").as_string() == "commented");
  BOOST_TEST(commented.body.at("history").as_array().back().at("note").as_string() == "The hinge was worn");
  BOOST_TEST(ask("POST", path + "resolve", "all", R"({"notes": "again"})").status == 409);
}

BOOST_AUTO_TEST_CASE(several_incidents_are_settled_together_or_not_at_all) {
  const auto first = given_incident(), second = given_incident();
  const auto body = [&](std::int64_t third) {
    return fmt::format(R"({{"incidents": [{}, {}, {}], "notes": "All seen"}})", second, first, third);
  };
  const auto refused = ask("POST", "/incidents/resolve/", "all", body(999'999'999));
  BOOST_TEST(refused.status == 404);
  BOOST_TEST(get(fmt::format("/incidents/{}/", first)).body.at("status").as_string() == "new");

  const auto done = ask("POST", "/incidents/resolve/", "all", body(first.value));
  BOOST_TEST_REQUIRE(done.status == 200);
  const auto& incidents = done.body.at("incidents").as_array();
  BOOST_TEST_REQUIRE(incidents.size() == 2U);
  BOOST_TEST(incidents.at(0).at("id").as_int64() == first.value);
  for (const auto& one : incidents) BOOST_TEST(one.at("status").as_string() == "resolved");
  std::set<std::string> declared;
  for (const auto& field : dispatch->table().schema("Incident").fields) declared.insert(field.name);
  BOOST_TEST(members(incidents.at(0)) == declared, boost::test_tools::per_element());

  BOOST_TEST(ask("POST", "/incidents/false-alarm/", "all", body(first.value)).status == 409);
  BOOST_TEST(ask("POST", "/incidents/resolve/", "all", R"({"incidents": []})").problem() == "invalid_value");
  BOOST_TEST(ask("POST", "/incidents/resolve/", "all", R"({"incidents": [0]})").problem() == "invalid_value");
  BOOST_TEST(ask("POST", "/incidents/resolve/", "all", R"({"incidents": ["1"]})").problem() == "invalid_value");
}

BOOST_AUTO_TEST_CASE(a_cursor_walks_through_all_of_a_list_once) {
  std::set<std::int64_t> made{visit.value};
  for (int i = 0; i < 6; ++i) {
    db::Transaction tx{pool};
    made.insert(test::given_visit(tx, house).value);
    tx.commit();
  }
  std::set<std::int64_t> seen;
  std::string address = fmt::format("/visits/?site={}&page_size=3&cursor=", house.site);
  for (int pages = 0; !address.empty() && pages < 10; ++pages) {
    const auto reply = get(address);
    BOOST_TEST_REQUIRE(reply.status == 200);
    for (const auto& one : reply.body.at("results").as_array()) BOOST_TEST(seen.insert(one.at("id").as_int64()).second);
    const auto& next = reply.body.at("next");
    address = next.is_null() ? "" : std::string{next.as_string()}.substr(7);
  }
  BOOST_TEST(seen == made, boost::test_tools::per_element());
  BOOST_TEST(get("/visits/?cursor=nonsense").problem() == "invalid_value");
}

BOOST_AUTO_TEST_CASE(a_list_by_pages_counts_all_and_goes_either_way) {
  for (int i = 0; i < 4; ++i) {
    db::Transaction tx{pool};
    test::given_visit(tx, house);
    tx.commit();
  }
  const auto ids = [&](const std::string& rest) {
    std::vector<std::int64_t> list;
    const auto reply = get(fmt::format("/visits/?site={}&{}", house.site, rest));
    BOOST_TEST_REQUIRE(reply.status == 200);
    for (const auto& one : reply.body.at("results").as_array()) list.push_back(one.at("id").as_int64());
    return list;
  };
  const auto first = get(fmt::format("/visits/?site={}&page_size=2", house.site));
  BOOST_TEST(first.body.at("count").as_int64() == 5);
  BOOST_TEST(first.body.at("previous").is_null());
  BOOST_TEST(first.body.at("next").as_string().find("page=2") != std::string::npos);
  auto down = ids("page_size=2&page=1");
  for (const auto id : ids("page_size=2&page=2")) down.push_back(id);
  for (const auto id : ids("page_size=2&page=3")) down.push_back(id);
  auto up = ids("page_size=200&ordering=expected_from");
  BOOST_TEST(up.size() == 5U);
  std::reverse(up.begin(), up.end());
  BOOST_TEST(down == up, boost::test_tools::per_element());
  auto by_cursor = ids("ordering=expected_from&cursor=");
  std::reverse(by_cursor.begin(), by_cursor.end());
  BOOST_TEST(by_cursor == up, boost::test_tools::per_element());
  BOOST_TEST(ids("page_size=200&ordering=-expected_from,-id") == up, boost::test_tools::per_element());
  for (const auto* wish : {"guest", "-expected_from,id", "id", "expected_from,guest"}) {
    const auto refused = get(fmt::format("/visits/?ordering={}", wish));
    BOOST_TEST(refused.problem() == "invalid_value", wish);
    BOOST_TEST((refused.body.at("detail").as_string() ==
                "ordering is none of expected_from; -expected_from; expected_from,id; -expected_from,-id"),
               wish);
  }
  BOOST_TEST(get(fmt::format("/visits/?site={}&page=4&page_size=2", house.site)).status == 404);
}

BOOST_AUTO_TEST_CASE(a_list_that_is_all_there_is_ordered_by_several_keys_the_first_one_first) {
  const auto word = fmt::format("Order{}", house.tag);
  {
    db::Transaction tx{pool};
    for (const auto* name : {"B", "A", "B", "A"})
      tx.exec("INSERT INTO host (name, department_id) VALUES ($1, $2)", fmt::format("{} {}", name, word),
              house.department);
    tx.commit();
  }
  const auto list = [&](std::string_view wish) {
    std::vector<std::pair<std::string, std::int64_t>> rows;
    const auto reply = get(fmt::format("/hosts/?search={}&ordering={}", word, wish));
    for (const auto& one : reply.body.at("results").as_array())
      rows.emplace_back(one.at("name").as_string(), one.at("id").as_int64());
    BOOST_TEST_REQUIRE(rows.size() == 4U);
    return rows;
  };
  auto wanted = list("id");
  std::sort(wanted.begin(), wanted.end());
  BOOST_TEST((list("name,id") == wanted));
  std::sort(wanted.begin(), wanted.end(),
            [](const auto& a, const auto& b) { return a.first == b.first ? a.second > b.second : a.first < b.first; });
  BOOST_TEST((list("name,-id") == wanted));
  BOOST_TEST((list("name&ordering=-id") == wanted));
  BOOST_TEST(get("/hosts/?ordering=name,phone").problem() == "invalid_value");
}

BOOST_AUTO_TEST_CASE(a_list_that_grows_without_end_goes_on_by_cursor_and_says_so) {
  for (const auto& route : dispatch->table().routes()) {
    if (route.paging != api::Paging::cursor) continue;
    for (const auto* wish : {"page=2", "ordering=id"}) {
      const auto reply = get(route.path + "?" + wish);
      BOOST_TEST(reply.status == 400, route.name);
      BOOST_TEST(reply.problem() == "unknown_parameter", route.name);
      BOOST_TEST((reply.body.at("detail").as_string().find("by cursor") != std::string::npos), route.name);
    }
    BOOST_TEST(get(route.path).body.at("count").is_null(), route.name);
  }
}

BOOST_AUTO_TEST_CASE(all_guests_that_a_search_finds_are_counted_and_paged) {
  const auto word = fmt::format("Searchable{}", house.tag);
  for (const auto* name : {"Clara", "Anna", "Boris"})
    BOOST_TEST_REQUIRE(ask("POST", "/guests/", "all", fmt::format(R"({{"name": "{} {}"}})", name, word)).status == 201);
  std::vector<std::string> names;
  for (std::string next = fmt::format("/guests/?page_size=1&search={}", word); !next.empty();) {
    const auto page = get(next);
    BOOST_TEST_REQUIRE(page.status == 200);
    BOOST_TEST(page.body.at("count").as_int64() == 3);
    names.emplace_back(page.body.at("results").at(0).at("name").as_string());
    next = page.body.at("next").is_null() ? "" : std::string{page.body.at("next").as_string()}.substr(7);
  }
  const std::vector<std::string> all{"Anna " + word, "Boris " + word, "Clara " + word};
  BOOST_TEST(names == all, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(filters_leave_what_they_say) {
  const auto incident = given_incident();
  const auto count = [&](const std::string& address) {
    const auto reply = get(address);
    BOOST_TEST_REQUIRE(reply.status == 200, address);
    return reply.body.at("count").as_int64();
  };
  const auto here = fmt::format("/visits/?guest={}", house.guest);
  BOOST_TEST(count(here) == 1);
  for (const auto* rest : {"&status=AWAITING,CHECKED_IN", "&created_after=2h", "&created_before=%2B1h", "&period=7d"})
    BOOST_TEST(count(here + rest) == 1, rest);
  for (const auto* rest : {"&status=CANCELLED", "&created_after=1h", "&created_before=2h", "&search=nobody%20at%20all"})
    BOOST_TEST(count(here + rest) == 0, rest);
  BOOST_TEST(
      count(fmt::format("{}&employee={}&department={}&site={}", here, house.host, house.department, house.site)) == 1);
  const auto about = fmt::format("/incidents/?visit={}", visit);
  BOOST_TEST(count(about) == 1);
  for (const auto& rest :
       {fmt::format("&employee={}", house.host), fmt::format("&department={}", house.department),
        std::string{"&search=DOOR%20is"}, std::string{"&active=1"}, std::string{"&incident_type=other"},
        std::string{"&severity=medium,high"}, std::string{"&period=24h"}, std::string{"&ordering=detected_at"}})
    BOOST_TEST(count(about + rest) == 1, rest);
  for (const auto* rest : {"&employee=999999999", "&department=999999999", "&search=100%25", "&status=resolved",
                           "&severity=low", "&incident_type=duress", "&created_before=1h"})
    BOOST_TEST(count(about + rest) == 0, rest);
  BOOST_TEST(get(fmt::format("/incidents/{}/", incident)).status == 200);
}

BOOST_AUTO_TEST_CASE(whoever_acknowledges_takes_a_new_incident_up) {
  const auto incident = given_incident();
  const auto alert = get(fmt::format("/alerts/?incident={}", incident)).body.at("results").at(0).at("id").as_int64();
  {
    db::Transaction tx{pool};
    tx.exec("UPDATE delivery SET state = 'sent', sent_at = $2 WHERE alert_id = $1", AlertId{alert}, clock.now());
    tx.commit();
  }
  const auto seen = ask("POST", fmt::format("/alerts/{}/acknowledge/", alert));
  BOOST_TEST_REQUIRE(seen.status == 200);
  for (const auto& delivery : seen.body.at("deliveries").as_array()) {
    BOOST_TEST(delivery.at("acknowledged_by").as_string() == "all");
    BOOST_TEST(!delivery.at("acknowledged_at").is_null());
  }
  const auto path = fmt::format("/incidents/{}/", incident);
  BOOST_TEST(get(path).body.at("status").as_string() == "investigating");
  const auto steps = get(path).body.at("history").as_array().size();
  BOOST_TEST(ask("POST", path + "acknowledge/").status == 200);
  BOOST_TEST(get(path).body.at("history").as_array().size() == steps);
  BOOST_TEST(ask("POST", path + "resolve/").status == 200);
  BOOST_TEST(ask("POST", path + "acknowledge/").problem() == "conflict");
  BOOST_TEST(ask("POST", fmt::format("/alerts/{}/acknowledge/", alert)).status == 200);
  BOOST_TEST(get(path).body.at("status").as_string() == "resolved");
}

BOOST_AUTO_TEST_CASE(a_page_of_another_origin_may_ask_where_the_list_says_so) {
  settings.api.origins = {"https://intranet.example.org"};
  const http::Headers allowed{{"Origin", "https://intranet.example.org"}};
  BOOST_TEST(get("/sites/", "all", allowed).header("Access-Control-Allow-Origin") == "https://intranet.example.org");
  BOOST_TEST(get("/sites/", "", allowed).header("Access-Control-Allow-Origin") == "https://intranet.example.org");
  const http::Headers other{{"Origin", "https://evil.example.org"}};
  BOOST_TEST(get("/sites/", "all", other).header("Access-Control-Allow-Origin") == "");
  auto ask_first = allowed;
  ask_first.emplace_back("Access-Control-Request-Method", "POST");
  const auto preflight = ask("OPTIONS", "/visits/", "", "", ask_first);
  BOOST_TEST(preflight.status == 204);
  BOOST_TEST(preflight.header("Access-Control-Allow-Headers").find("Authorization") != std::string::npos);
  auto refused = other;
  refused.emplace_back("Access-Control-Request-Method", "POST");
  BOOST_TEST(ask("OPTIONS", "/visits/", "", "", refused).header("Access-Control-Allow-Methods") == "");
  BOOST_TEST(ask("OPTIONS", "/visits/", "").status == 401);
}

BOOST_AUTO_TEST_CASE(a_job_that_is_asked_for_is_due_and_can_be_looked_at) {
  {
    db::Transaction tx{pool};
    store::Jobs{tx}.start("trim_changes", "a test", clock.now(), std::chrono::hours{1});
    tx.commit();
  }
  const auto asked = ask("POST", "/jobs/run/", "all", R"({"name": "trim_changes"})");
  BOOST_TEST_REQUIRE(asked.status == 202);
  const auto seen = get(asked.header("Location").substr(7));
  BOOST_TEST(seen.body.at("count").as_int64() == 1);
  BOOST_TEST(seen.body.at("results").at(0).at("next_run_at").as_string() == "2026-09-01T08:30:00Z");
  BOOST_TEST(ask("POST", "/jobs/run/", "all", R"({"name": "make_coffee"})").status == 404);
}

BOOST_AUTO_TEST_CASE(the_audit_knows_who_asked_from_where_and_who_was_refused) {
  BOOST_TEST(ask("POST", visit_path() + "check-in/").status == 200);
  BOOST_TEST(get(visit_path(), "none").status == 403);
  db::Transaction tx{pool};
  const auto rows = store::JournalReader{tx}.audit(recent_by(house.account));
  BOOST_TEST_REQUIRE(rows.size() >= 2U);
  BOOST_TEST((rows[0].action == domain::AuditAction::refused));
  BOOST_TEST(rows[0].topic == "visit");
  BOOST_TEST(rows[0].entity == visit.value);
  for (const auto& row : {rows[0], rows[1]}) {
    BOOST_TEST(row.origin.source == "api:192.0.2.1");
    BOOST_TEST(row.origin.request == "id-1");
  }
}

BOOST_AUTO_TEST_CASE(pages_count_what_there_is) {
  const auto reply = get("/sites/?page_size=1&page=1");
  BOOST_TEST(reply.body.at("count").as_int64() >= 1);
  BOOST_TEST(reply.body.at("previous").is_null());
  BOOST_TEST(get("/sites/?page=999999").status == 404);
  for (const auto* wrong : {"page=0", "page_size=201", "page_size=0", "page=x"})
    BOOST_TEST(get("/sites/?" + std::string{wrong}).problem() == "invalid_value", wrong);
  BOOST_TEST(get("/sites/?pagesize=1").problem() == "unknown_parameter");
}

BOOST_AUTO_TEST_CASE(who_asks_too_often_is_told_when_to_come_again) {
  api::Dispatch strict{[this] { return parts(); }, &doorman, clock, {2, 4}};
  dispatch = nullptr;
  const auto status = [&](const char* token, const char* remote = "192.0.2.7") {
    http::Request request;
    request.method = "GET";
    request.path = "/api/v1/sites/";
    request.headers = {{"Authorization", std::string{"Bearer "} + token}};
    request.remote = remote;
    const auto response = strict.answer(request);
    for (const auto& [name, value] : response.headers)
      if (name == "Retry-After") return fmt::format("{} in {}", response.status, value);
    return fmt::to_string(response.status);
  };
  BOOST_TEST(status("all") == "200");
  BOOST_TEST(status("all") == "200");
  BOOST_TEST(status("all") == "429 in 30");
  BOOST_TEST(status("wrong") == "401");
  BOOST_TEST(status("wrong") == "429 in 15");
  BOOST_TEST(status("none", "192.0.2.8") == "403");
  clock.advance(std::chrono::seconds{30});
  BOOST_TEST(status("all") == "200");
  BOOST_TEST(status("all") == "429 in 30");
}

BOOST_AUTO_TEST_CASE(a_body_must_be_called_json) {
  http::Request request;
  request.method = "POST";
  request.path = "/api/v1" + visit_path() + "cancel/";
  request.headers = {{"Authorization", "Bearer all"}, {"Content-Type", "text/plain"}};
  request.body = "{}";
  BOOST_TEST(dispatch->answer(request).status == 415);
}

BOOST_AUTO_TEST_CASE(addresses_that_there_are_not_and_other_methods_are_told_apart) {
  BOOST_TEST(get("/nothing/").status == 404);
  const auto reply = ask("DELETE", "/visits/");
  BOOST_TEST(reply.status == 405);
  BOOST_TEST(reply.header("Allow") == "GET, HEAD, POST");
}

BOOST_AUTO_TEST_SUITE_END()
