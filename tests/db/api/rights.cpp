#include <array>
#include <boost/test/unit_test.hpp>
#include <set>

#include "api_fixture.hpp"
#include "app/incidents.hpp"
#include "core/file.hpp"
#include "store/accounts.hpp"

using namespace visitor;

namespace {

constexpr std::array<std::string_view, 7> kRoles{"administrator", "security", "reception",  "manager",
                                                 "host",          "auditor",  "integration"};

/// "/visits/7/" for "/visits/{id}/", and for a name one that there is.
std::string with_id(std::string path, std::int64_t id) {
  if (const auto at = path.find("{name}"); at != path.npos) path.replace(at, 6, "visits");
  if (const auto at = path.find("{id}"); at != path.npos) path.replace(at, 4, std::to_string(id));
  return path;
}

using Fixture = test::Api;

}  // namespace

BOOST_FIXTURE_TEST_SUITE(api_rights, Fixture)

// The matrix stands in a file, so that a change of it is seen by whoever reads the change.
BOOST_AUTO_TEST_CASE(every_role_may_do_what_the_matrix_says_and_nothing_else) {
  for (const auto role : kRoles) given_role(role);
  std::string matrix = fmt::format("{:<28}", "");
  for (const auto role : kRoles) matrix += fmt::format(" {}", role);
  matrix += '\n';
  for (const auto& route : dispatch->table().routes()) {
    auto line = fmt::format("{:<28}", route.name);
    for (const auto role : kRoles) {
      const auto reply = send(route.method, with_id(route.path, 999'999'999), std::string{role});
      BOOST_TEST(reply.status != 401, route.name);
      line += fmt::format(" {:<{}}", reply.status == 403 ? "-" : "yes", role.size());
    }
    line.erase(line.find_last_not_of(' ') + 1);
    matrix += line + '\n';
  }
  BOOST_TEST(matrix == read_file(VISITOR_SOURCE_DIR "/tests/db/api/rights.txt").value_or(""));
}

/// Somebody with every right elsewhere, and the numbers of all that there is here.
BOOST_AUTO_TEST_CASE(what_lies_out_of_scope_is_not_there_for_any_request) {
  db::Transaction tx{pool};
  const auto other = test::House::build(tx);
  const auto stranger = store::Accounts{tx}.ensure(fmt::format("stranger{}", house.tag), false, clock.now()).id;
  const auto event = test::given_passage(tx, house, 1, test::today_at("08:00"), domain::Direction::entry);
  const app::Actor actor{house.account, "all"};
  app::NewIncident incident;
  incident.summary = "A door is open";
  incident.terminal = house.terminal;
  const auto opened =
      app::open_incident({tx, actor, clock.now(), settings, domain::Scope::everything()}, incident).incident.id;
  tx.commit();
  std::vector<domain::Principal::Right> rights;
  for (const auto& row : domain::names<domain::Permission>())
    rights.push_back({row.value, domain::Scope::of({other.site}, {})});
  admit("elsewhere", domain::Principal{stranger, "elsewhere", rights, false});
  BOOST_TEST(ask("POST", "/silences/", "all",
                 fmt::format(R"({{"site": {}, "reason": "a test", "ends_at": "+1h"}})", house.site))
                 .status == 201);
  const auto lock = ask("POST", "/locks/", "all", fmt::format(R"({{"topic": "visit", "id": {}}})", visit));
  BOOST_TEST_REQUIRE(lock.status == 201);
  const auto report = ask("POST", "/reports/visits/");
  BOOST_TEST_REQUIRE(report.status == 202);
  const auto first = [&](const std::string& list) { return get(list).body.at("results").at(0).at("id").as_int64(); };
  const std::map<std::string, std::int64_t> ids{{"sites", house.site.value},
                                                {"departments", house.department.value},
                                                {"hosts", house.host.value},
                                                {"guests", house.guest.value},
                                                {"visits", visit.value},
                                                {"terminals", house.terminal.value},
                                                {"doors", first(fmt::format("/doors/?terminal={}", house.terminal))},
                                                {"events", event.value},
                                                {"incidents", opened.value},
                                                {"alerts", first(fmt::format("/alerts/?incident={}", opened))},
                                                {"silences", first("/silences/")},
                                                {"locks", lock.body.at("token").as_int64()},
                                                {"reports", report.body.at("id").as_int64()}};
  // Of no site: there only for whoever has the right on everything.
  const std::set<std::string> house_wide{"sessions", "apikeys", "users", "roles", "groups", "audit"};
  const std::map<std::string, std::string> bodies{{"block_guest", R"({"reason": "x"})"},
                                                  {"edit_visit", R"({"purpose_text": "x"})"},
                                                  {"comment_incident", R"({"notes": "x"})"},
                                                  {"edit_guest", R"({"name": "x"})"}};
  for (const auto& route : dispatch->table().routes()) {
    if (!route.has_path_id()) continue;
    const auto kind = route.path.substr(1, route.path.find('/', 1) - 1);
    if (house_wide.contains(kind)) {
      const auto reply = ask(route.method, with_id(route.path, 999'999'999), "elsewhere");
      BOOST_TEST(reply.status == (route.everywhere ? 403 : 404), route.name << " answers " << reply.status);
      continue;
    }
    const auto path = with_id(route.path, ids.at(kind));
    const auto body = bodies.find(route.name);
    http::Headers headers;
    if (route.if_match == api::IfMatch::must) headers.emplace_back("If-Match", "*");
    const auto reply =
        ask(route.method, path, "elsewhere", body == bodies.end() ? "" : body->second, std::move(headers));
    BOOST_TEST(reply.status == 404, route.name << " answers " << reply.status);
    const auto unknown = ask(route.method, with_id(route.path, 999'999'999), "elsewhere",
                             body == bodies.end() ? "" : body->second, {{"If-Match", "*"}});
    BOOST_TEST(unknown.status == 404, route.name << " answers " << unknown.status);
  }
  for (const auto& route : dispatch->table().routes()) {
    if (route.writes() || route.paging == api::Paging::none || route.everywhere || route.has_path_id()) continue;
    const auto kind = route.path.substr(1, route.path.find('/', 1) - 1);
    if (!ids.contains(kind) || route.name == "list_reports") continue;
    const auto reply = get(route.path + "?page_size=200", "elsewhere");
    BOOST_TEST_REQUIRE(reply.status == 200, route.name);
    for (const auto& one : reply.body.at("results").as_array())
      BOOST_TEST(one.at(kind == "locks" ? "token" : "id").as_int64() != ids.at(kind), route.name);
  }
  BOOST_TEST(get("/locks/", "elsewhere").body.at("results").as_array().empty());
  BOOST_TEST(ask("POST", "/locks/", "elsewhere", fmt::format(R"({{"topic": "visit", "id": {}}})", visit)).status ==
             404);
  BOOST_TEST(get("/changes/", "elsewhere").status == 403);
  BOOST_TEST(get("/stats/", "elsewhere").status == 403);
  BOOST_TEST(ask("POST", "/visits/", "elsewhere", fmt::format(R"({{"guest": {}}})", house.guest)).status == 404);
}

BOOST_AUTO_TEST_SUITE_END()
