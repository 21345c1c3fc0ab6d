#include <boost/test/unit_test.hpp>

#include "api_fixture.hpp"
#include "domain/rules.hpp"
#include "support/house.hpp"

using namespace visitor;
namespace json = boost::json;

namespace {

struct Fixture : test::Api {
  Reply set(std::string_view key, std::string_view value, std::string_view query = "") {
    return ask("POST", fmt::format("/rules/set/{}", query), "all",
               fmt::format(R"({{"site": {}, "key": "{}", "value": "{}"}})", house.site, key, value));
  }
  Reply unset(std::string_view key) {
    return ask("POST", "/rules/unset/", "all", fmt::format(R"({{"site": {}, "key": "{}"}})", house.site, key));
  }
  /// What this site says otherwise of that rule.
  json::array ours(std::string_view type, std::string token = "all") {
    json::array found;
    const auto reply = get(fmt::format("/rules/?type={}", type), std::move(token));
    BOOST_TEST_REQUIRE(reply.status == 200);
    for (const auto& one : reply.body.at("results").at(0).at("overrides").as_array())
      if (one.at("site").at("id").as_int64() == house.site.value) found.push_back(one);
    return found;
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(api_rules, Fixture)

BOOST_AUTO_TEST_CASE(a_rule_says_what_it_means_and_goes_by) {
  const auto rules = get("/rules/?page_size=200");
  BOOST_TEST_REQUIRE(rules.status == 200);
  BOOST_TEST(rules.body.at("count").as_int64() == static_cast<std::int64_t>(domain::rules().size()));
  const auto one = get("/rules/?type=long_stay").body.at("results").at(0);
  BOOST_TEST(one.at("thresholds").at(0).at("key").as_string() == "long_stay");
  BOOST_TEST(one.at("thresholds").at(0).at("origin").as_string() == "default");
  BOOST_TEST(!one.at("meaning").at("ru").as_string().empty());
  BOOST_TEST(get("/rules/?type=other").status == 404);
  BOOST_TEST(get("/rules/?type=none").problem() == "invalid_value");
}

BOOST_AUTO_TEST_CASE(a_site_says_otherwise_until_it_does_not) {
  BOOST_TEST(set("long_stay", "6h", "?dry_run=1").status == 200);
  BOOST_TEST(ours("long_stay").empty());
  BOOST_TEST(set("long_stay", "6h").status == 200);
  BOOST_TEST(ours("long_stay").at(0).at("value").as_string() == "6h");
  BOOST_TEST(set("long_stay", "1s").status == 400);
  BOOST_TEST(set("lng_stay", "6h").status == 400);
  BOOST_TEST(unset("long_stay").status == 200);
  BOOST_TEST(unset("long_stay").status == 404);
  BOOST_TEST(ours("long_stay").empty());
}

BOOST_AUTO_TEST_CASE(rules_of_a_site_out_of_scope_are_not_there) {
  BOOST_TEST_REQUIRE(set("capacity", "40").status == 200);
  db::Transaction tx{pool};
  const auto other = test::House::build(tx);
  tx.commit();
  const auto there = domain::Scope::of({other.site}, {});
  admit("elsewhere", domain::Principal{house.account,
                                       "elsewhere",
                                       {{domain::Permission::rule_view, there},
                                        {domain::Permission::rule_edit, there},
                                        {domain::Permission::inside_view, there}},
                                       false});
  BOOST_TEST(ours("capacity", "elsewhere").empty());
  const auto body = fmt::format(R"({{"site": {}, "key": "capacity", "value": "1"}})", house.site);
  BOOST_TEST(ask("POST", "/rules/set/", "elsewhere", body).status == 404);
  BOOST_TEST(ask("POST", "/rules/unset/", "elsewhere", fmt::format(R"({{"site": {}, "key": "capacity"}})", house.site))
                 .status == 404);
  BOOST_TEST(unset("capacity").status == 200);
}

BOOST_AUTO_TEST_CASE(the_roll_call_names_who_is_inside_and_only_where_the_caller_may_look) {
  BOOST_TEST_REQUIRE(ask("POST", fmt::format("/visits/{}/check-in/", visit)).status == 200);
  const auto here = get(fmt::format("/muster/?site={}", house.site));
  BOOST_TEST_REQUIRE(here.status == 200);
  BOOST_TEST(here.body.at("sites").as_array().size() == 1U);
  BOOST_TEST_REQUIRE(here.body.at("entries").as_array().size() == 1U);
  const auto& entry = here.body.at("entries").at(0);
  BOOST_TEST(entry.at("visit_id").as_int64() == visit.value);
  BOOST_TEST(entry.at("guest").at("id").as_int64() == house.guest.value);
  BOOST_TEST(entry.at("how").as_string() == "person");

  db::Transaction tx{pool};
  const auto other = test::House::build(tx);
  tx.commit();
  admit(
      "elsewhere",
      domain::Principal{
          house.account, "elsewhere", {{domain::Permission::inside_view, domain::Scope::of({other.site}, {})}}, false});
  const auto there = get("/muster/", "elsewhere");
  BOOST_TEST(there.body.at("sites").at(0).at("id").as_int64() == other.site.value);
  BOOST_TEST(there.body.at("entries").as_array().empty());
  BOOST_TEST(get("/muster/", "none").status == 403);
}

BOOST_AUTO_TEST_CASE(a_silence_can_be_looked_at_before_it_is_made) {
  const auto opened =
      ask("POST", "/incidents/", "all", fmt::format(R"({{"summary": "A door is open", "site": {}}})", house.site));
  BOOST_TEST_REQUIRE(opened.status == 201);
  const auto about = fmt::format("/silences/preview/?incident={}", opened.body.at("id").as_int64());
  const auto held = get(about);
  BOOST_TEST_REQUIRE(held.status == 200);
  BOOST_TEST(held.body.at("total").as_int64() >= 1);
  BOOST_TEST(held.body.at("alerts").at(0).at("incident_id").as_int64() == opened.body.at("id").as_int64());
  BOOST_TEST(get(about + "&types=duress").body.at("total").as_int64() == 0);
  BOOST_TEST(get(about + "&reason=x").problem() == "unknown_parameter");
}

BOOST_AUTO_TEST_SUITE_END()
