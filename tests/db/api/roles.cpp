#include <boost/test/unit_test.hpp>

#include "api_fixture.hpp"
#include "store/accounts.hpp"

using namespace visitor;
namespace json = boost::json;

namespace {

struct Fixture : test::Api {
  AccountId vera;
  std::string role_name = "foreman" + house.tag;

  Fixture() {
    db::Transaction tx{pool};
    vera = store::Accounts{tx}.ensure("vera" + house.tag, false, clock.now()).id;
    tx.commit();
    using domain::Permission;
    const auto all = domain::Scope::everything();
    // May give roles and change them, but does not have what most of them allow.
    admit("some", domain::Principal{house.account,
                                    "some",
                                    {{Permission::role_view, all},
                                     {Permission::role_edit, all},
                                     {Permission::role_grant, all},
                                     {Permission::account_view, all},
                                     {Permission::visit_view, all},
                                     {Permission::inside_view, domain::Scope::of({house.site}, {})}},
                                    false});
  }

  Reply create(std::string_view permissions, std::string token = "all", std::string_view query = "") {
    return ask("POST", fmt::format("/roles/{}", query), std::move(token),
               fmt::format(R"({{"name": "{}", "description": "Leads", "permissions": [{}]}})", role_name, permissions));
  }
  Reply edit(std::int64_t id, std::string body, std::string etag, std::string token = "all") {
    return ask("PATCH", fmt::format("/roles/{}/", id), std::move(token), std::move(body),
               etag.empty() ? http::Headers{} : http::Headers{{"If-Match", std::move(etag)}});
  }
  Reply give(std::string_view place = "", std::string token = "all") {
    return ask("POST", fmt::format("/users/{}/grant/", vera), std::move(token),
               fmt::format(R"({{"role": "{}"{}}})", role_name, place));
  }
  std::int64_t count(std::string_view sql, std::int64_t id) {
    db::Transaction tx{pool};
    return tx.row(std::string{sql}, id).get<std::int64_t>("n");
  }
  std::int64_t role_number(std::string_view name) {
    const auto roles = get("/roles/?page_size=200");
    for (const auto& one : roles.body.at("results").as_array())
      if (one.at("name").as_string() == name) return one.at("id").as_int64();
    return 0;
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(api_roles, Fixture)

BOOST_AUTO_TEST_CASE(a_role_is_made_and_changed_and_both_are_on_record) {
  const auto tried = create(R"("visit.view")", "all", "?dry_run=1");
  BOOST_TEST(tried.status == 201);
  BOOST_TEST(role_number(role_name) == 0);

  const auto made = create(R"("visit.view", "inside.view")");
  BOOST_TEST_REQUIRE(made.status == 201);
  const auto id = made.body.at("id").as_int64();
  BOOST_TEST(made.header("Location") == fmt::format("/api/v1/roles/{}/", id));
  BOOST_TEST(json::serialize(made.body.at("permissions")) == R"(["visit.view","inside.view"])");
  BOOST_TEST(create(R"("visit.view")").status == 409);
  BOOST_TEST(create("").problem() == "invalid_value");
  BOOST_TEST(create(R"("visit.fly")").problem() == "invalid_value");

  const auto seen = get(fmt::format("/roles/{}/", id));
  BOOST_TEST(edit(id, R"({"allow": ["event.view"]})", "").status == 428);
  const auto changed =
      edit(id, R"({"allow": ["event.view"], "forbid": ["inside.view"], "requires_second_factor": true})",
           seen.header("ETag"));
  BOOST_TEST_REQUIRE(changed.status == 200);
  BOOST_TEST(json::serialize(changed.body.at("permissions")) == R"(["visit.view","event.view"])");
  BOOST_TEST(changed.body.at("requires_second_factor").as_bool());
  BOOST_TEST(changed.body.at("description").as_string() == "Leads");
  BOOST_TEST(changed.body.at("version").as_int64() == 2);
  BOOST_TEST(edit(id, R"({"description": ""})", seen.header("ETag")).status == 412);
  BOOST_TEST(edit(id, R"({"forbid": ["visit.view", "event.view"]})", "*").status == 400);
  BOOST_TEST(count("SELECT count(*) AS n FROM audit WHERE topic = 'role' AND entity_id = $1", id) == 2);
  BOOST_TEST(count("SELECT count(*) AS n FROM change WHERE topic = 'role' AND entity_id = $1", id) == 2);
}

BOOST_AUTO_TEST_CASE(the_administrators_role_keeps_what_it_has) {
  const auto id = role_number("administrator");
  BOOST_TEST(edit(id, R"({"forbid": ["audit.view"]})", "*").status == 409);
  BOOST_TEST(edit(id, R"({"name": "boss"})", "*").status == 409);
}

BOOST_AUTO_TEST_CASE(nobody_gives_away_what_he_does_not_have) {
  BOOST_TEST(create(R"("visit.view", "audit.view")", "some").status == 403);
  // On one site only, and a role is for everything.
  BOOST_TEST(create(R"("inside.view")", "some").status == 403);
  const auto made = create(R"("visit.view")", "some");
  BOOST_TEST_REQUIRE(made.status == 201);
  const auto id = made.body.at("id").as_int64();
  const auto refused = edit(id, R"({"allow": ["audit.view"]})", "*", "some");
  BOOST_TEST(refused.status == 403);
  BOOST_TEST((refused.body.at("detail").as_string().find("may not give away audit.view") != std::string::npos));
  BOOST_TEST(give("", "some").status == 200);
  BOOST_TEST(ask("POST", fmt::format("/users/{}/revoke/", vera), "some", fmt::format(R"({{"role": "{}"}})", role_name))
                 .status == 200);

  // Somebody else adds to it; then it can be given only where the giver has that, too.
  BOOST_TEST(edit(id, R"({"allow": ["inside.view"]})", "*").status == 200);
  BOOST_TEST(give("", "some").status == 403);
  BOOST_TEST(give(fmt::format(R"(, "site": {})", house.site), "some").status == 200);
  BOOST_TEST(give(fmt::format(R"(, "department": {})", house.department), "some").status == 200);
  BOOST_TEST(give(fmt::format(R"(, "host": {})", house.host), "some").status == 200);
  // Taking away what one does not have is no gain.
  BOOST_TEST(edit(id, R"({"forbid": ["inside.view"]})", "*", "some").status == 200);
}

BOOST_AUTO_TEST_CASE(who_has_which_role_is_a_list) {
  const auto id = create(R"("visit.view")").body.at("id").as_int64();
  BOOST_TEST_REQUIRE(give(fmt::format(R"(, "site": {})", house.site)).status == 200);
  for (const auto& filter : {fmt::format("?role={}", id), fmt::format("?user={}", vera)}) {
    const auto grants = get("/grants/" + filter);
    BOOST_TEST_REQUIRE(grants.body.at("count").as_int64() == 1);
    const auto& one = grants.body.at("results").at(0);
    BOOST_TEST(one.at("role").as_string() == role_name);
    BOOST_TEST(one.at("site").at("id").as_int64() == house.site.value);
  }
}

BOOST_AUTO_TEST_CASE(a_group_is_kept_with_its_members) {
  const auto name = "night" + house.tag;
  const auto body = fmt::format(R"({{"name": "{}", "description": "At the gate"}})", name);
  const auto made = ask("POST", "/groups/", "all", body);
  BOOST_TEST_REQUIRE(made.status == 201);
  const auto path = std::string{made.header("Location").substr(7)};
  BOOST_TEST(ask("POST", "/groups/", "all", body).status == 409);

  const auto member = fmt::format(R"({{"user": {}}})", vera);
  const auto joined = ask("POST", path + "add-member/", "all", member);
  BOOST_TEST_REQUIRE(joined.status == 200);
  BOOST_TEST(joined.body.at("members").at(0).as_string() == "vera" + house.tag);
  BOOST_TEST(ask("POST", path + "add-member/", "all", member).status == 409);
  BOOST_TEST(ask("POST", path + "remove-member/", "all", member, {{"If-Match", made.header("ETag")}}).status == 412);
  BOOST_TEST(ask("POST", path + "add-member/", "all", R"({"user": 999999999})").status == 404);

  BOOST_TEST(ask("PATCH", path, "all", R"({"description": "x"})").status == 428);
  BOOST_TEST(ask("PATCH", path, "all", R"({"description": "x"})", {{"If-Match", made.header("ETag")}}).status == 412);
  const auto changed = ask("PATCH", path, "all", R"({"description": "x"})", {{"If-Match", get(path).header("ETag")}});
  BOOST_TEST(changed.status == 200);
  BOOST_TEST(changed.body.at("version").as_int64() == 2);

  BOOST_TEST(ask("POST", path + "remove-member/", "all", member).body.at("members").as_array().empty());
  BOOST_TEST(ask("POST", path + "remove-member/", "all", member).status == 404);
  BOOST_TEST(ask("DELETE", path + "?dry_run=1", "all").status == 200);
  BOOST_TEST(ask("DELETE", path, "all", "", {{"If-Match", "\"1-0\""}}).status == 412);
  BOOST_TEST(ask("DELETE", path, "all").status == 200);
  BOOST_TEST(get(path).status == 404);
}

BOOST_AUTO_TEST_SUITE_END()
