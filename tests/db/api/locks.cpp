#include <boost/test/unit_test.hpp>

#include "api_fixture.hpp"
#include "store/accounts.hpp"

using namespace visitor;

namespace {

struct Fixture : test::Api {
  Fixture() {
    db::Transaction tx{pool};
    const auto other = store::Accounts{tx}.ensure(fmt::format("other{}", house.tag), false, clock.now()).id;
    tx.commit();
    std::vector<domain::Principal::Right> rights;
    for (const auto permission : {domain::Permission::visit_view, domain::Permission::visit_edit,
                                  domain::Permission::incident_view, domain::Permission::incident_settle})
      rights.push_back({permission, domain::Scope::everything()});
    admit("other", domain::Principal{other, "other", rights, false});
  }

  Reply take(const std::string& who, std::string_view rest = "") {
    return ask("POST", "/locks/", who, fmt::format(R"({{"topic": "visit", "id": {}{}}})", visit, rest));
  }
  Reply edit(const std::string& who, std::string_view token = "") {
    http::Headers headers{{"If-Match", "*"}};
    if (!token.empty()) headers.emplace_back("Lock-Token", token);
    return ask("PATCH", fmt::format("/visits/{}/", visit), who, fmt::format(R"({{"purpose_text": "By {}"}})", who),
               headers);
  }
  static std::string token_of(const Reply& reply) { return std::to_string(reply.body.at("token").as_int64()); }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(api_locks, Fixture)

BOOST_AUTO_TEST_CASE(one_person_edits_and_everybody_sees_who) {
  const auto lock = take("all");
  BOOST_TEST_REQUIRE(lock.status == 201);
  BOOST_TEST(lock.body.at("holder").as_string() == "tester");
  const auto refused = take("other");
  BOOST_TEST(refused.status == 409);
  BOOST_TEST((refused.body.at("detail").as_string().find("tester has been editing visit") == 0U));
  const auto seen = get("/locks/?topic=visit", "other").body.at("results").as_array();
  const auto ours = std::count_if(seen.begin(), seen.end(), [&](const auto& one) {
    return one.at("token").as_int64() == lock.body.at("token").as_int64();
  });
  BOOST_TEST(ours == 1);
  BOOST_TEST(ask("DELETE", fmt::format("/locks/{}/", token_of(lock)), "other").status == 404);
  BOOST_TEST(ask("DELETE", fmt::format("/locks/{}/", token_of(lock))).status == 200);
  BOOST_TEST(ask("DELETE", fmt::format("/locks/{}/", token_of(lock))).status == 404);
  BOOST_TEST(take("other").status == 201);
}

BOOST_AUTO_TEST_CASE(a_lease_ends_unless_its_holder_says_that_it_goes_on) {
  const auto lock = take("all");
  clock.advance(std::chrono::seconds{100});
  BOOST_TEST(ask("POST", fmt::format("/locks/{}/renew/", token_of(lock))).status == 200);
  clock.advance(std::chrono::seconds{100});
  BOOST_TEST(take("other").status == 409);
  clock.advance(std::chrono::seconds{21});
  BOOST_TEST(take("other").status == 201);
  BOOST_TEST(ask("POST", fmt::format("/locks/{}/renew/", token_of(lock))).status == 404);
}

BOOST_AUTO_TEST_CASE(who_writes_without_the_lock_is_warned_or_refused) {
  const auto lock = take("all");
  const auto warned = edit("other");
  BOOST_TEST(warned.status == 200);
  BOOST_TEST(warned.header("Lock-Held-By") == "\"tester\"");
  BOOST_TEST(edit("all").header("Lock-Held-By") == "");
  settings.api.locks = "refuse";
  const auto refused = edit("other");
  BOOST_TEST(refused.status == 423);
  BOOST_TEST(refused.problem() == "locked");
  BOOST_TEST(edit("all", token_of(lock)).status == 200);
  clock.advance(std::chrono::minutes{3});
  BOOST_TEST(edit("other").status == 200);
}

BOOST_AUTO_TEST_CASE(a_lock_on_one_of_several_incidents_counts) {
  const auto opened = ask("POST", "/incidents/", "all", R"({"summary": "A door is open"})");
  BOOST_TEST_REQUIRE(opened.status == 201);
  const auto id = opened.body.at("id").as_int64();
  const auto body = fmt::format(R"({{"incidents": [{}], "notes": "seen"}})", id);
  BOOST_TEST_REQUIRE(ask("POST", "/locks/", "all", fmt::format(R"({{"topic": "incident", "id": {}}})", id)).status ==
                     201);
  settings.api.locks = "refuse";
  const auto refused = ask("POST", "/incidents/resolve/", "other", body);
  BOOST_TEST(refused.problem() == "locked");
  BOOST_TEST(refused.status == 423);
  settings.api.locks = "warn";
  const auto warned = ask("POST", "/incidents/resolve/?dry_run=1", "other", body);
  BOOST_TEST(warned.status == 200);
  BOOST_TEST(warned.header("Lock-Held-By") == "\"tester\"");
  BOOST_TEST(ask("POST", "/incidents/resolve/", "all", body).header("Lock-Held-By") == "");
}

BOOST_AUTO_TEST_CASE(a_lock_that_was_renewed_meanwhile_is_not_what_if_match_names) {
  const auto lock = take("all");
  const auto path = fmt::format("/locks/{}/", token_of(lock));
  const auto seen = get(path).header("ETag");
  BOOST_TEST(seen == lock.header("ETag"));
  BOOST_TEST(get(path, "other").status == 404);
  clock.advance(std::chrono::seconds{10});
  const auto renewed = ask("POST", path + "renew/", "all", "", {{"If-Match", seen}});
  BOOST_TEST_REQUIRE(renewed.status == 200);
  BOOST_TEST(ask("POST", path + "renew/", "all", "", {{"If-Match", seen}}).status == 412);
  BOOST_TEST(ask("DELETE", path, "all", "", {{"If-Match", seen}}).status == 412);
  BOOST_TEST(ask("DELETE", path, "all", "", {{"If-Match", renewed.header("ETag")}}).status == 200);
}

BOOST_AUTO_TEST_CASE(an_old_token_writes_nothing_after_a_take_over) {
  const auto lock = take("other");
  BOOST_TEST(take("all").status == 409);
  const auto next = take("all", R"(, "take_over": true)");
  BOOST_TEST_REQUIRE(next.status == 201);
  BOOST_TEST(next.body.at("token").as_int64() > lock.body.at("token").as_int64());
  const auto late = edit("other", token_of(lock));
  BOOST_TEST(late.status == 423);
  BOOST_TEST(late.body.at("detail").as_string() == "tester is editing it by now");
  BOOST_TEST(edit("all", token_of(next)).status == 200);
  BOOST_TEST(take("other", R"(, "take_over": true)").status == 403);
}

BOOST_AUTO_TEST_CASE(nobody_locks_what_is_not_there_or_may_not_be_edited) {
  BOOST_TEST(ask("POST", "/locks/", "all", R"({"topic": "visit", "id": 999999999})").status == 404);
  BOOST_TEST(ask("POST", "/locks/", "other", fmt::format(R"({{"topic": "guest", "id": {}}})", house.guest)).status ==
             403);
  BOOST_TEST(ask("POST", "/locks/", "all", R"({"topic": "site", "id": 1})").problem() == "invalid_value");
  BOOST_TEST(take("none").status == 403);
}

BOOST_AUTO_TEST_SUITE_END()
