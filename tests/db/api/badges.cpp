#include <fmt/format.h>

#include <boost/test/unit_test.hpp>

#include "api_fixture.hpp"
#include "app/badge_token.hpp"
#include "store/badges.hpp"

using namespace visitor;
using namespace visitor::test;

namespace {

struct BadgeRequests : Api {
  std::string path = fmt::format("/visits/{}/badges/", visit);

  Reply verify(const std::string& token) {
    return ask("POST", "/badges/verify/", "all", fmt::format(R"({{"token": "{}"}})", token));
  }
  /// What is to be printed says this.
  std::string queued_token() {
    db::Transaction tx{pool};
    const auto task = store::Badges{tx, domain::Scope::everything()}.take_queued(clock.now());
    BOOST_REQUIRE(task.has_value());
    return app::write_badge_token({task->token, task->badge.printed_at, task->badge.expires_at},
                                  app::badge_signing_key(vault));
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(api_badges, BadgeRequests)

BOOST_AUTO_TEST_CASE(a_badge_is_queued_for_a_printer_and_its_token_is_valid) {
  const auto printed = ask("POST", path, "all", R"({"printer": "FRONTDESK", "format": "zpl"})");
  BOOST_TEST(printed.status == 201);
  BOOST_TEST(printed.body.at("state").as_string() == "queued");
  BOOST_TEST(printed.body.at("print").as_int64() == 1);
  BOOST_TEST(!printed.body.as_object().contains("token"));
  const auto check = verify(queued_token());
  BOOST_TEST(check.status == 200);
  BOOST_TEST(check.body.at("valid").as_bool());
  BOOST_TEST(check.body.at_pointer("/badge/visit/id").as_int64() == visit.value);
  const auto list = get(path);
  BOOST_TEST(list.body.at("results").as_array().size() == 1U);
}

BOOST_AUTO_TEST_CASE(what_is_no_badge_is_said_to_be_none) {
  const auto check = verify("vb1.nothing");
  BOOST_TEST(check.status == 200);
  BOOST_TEST(!check.body.at("valid").as_bool());
  BOOST_TEST(check.body.at("verdict").as_string() == "forged");
  BOOST_TEST(check.body.at("badge").is_null());
}

BOOST_AUTO_TEST_CASE(a_printer_has_to_be_named_and_words_to_be_right) {
  BOOST_TEST(ask("POST", path, "all", "{}").status == 400);
  BOOST_TEST(ask("POST", path, "all", R"({"printer": "a b"})").status == 400);
  BOOST_TEST(ask("POST", path, "all", R"({"printer": "FRONTDESK", "format": "docx"})").status == 400);
  BOOST_TEST(get(path).body.at("results").as_array().empty());
}

BOOST_AUTO_TEST_SUITE_END()
