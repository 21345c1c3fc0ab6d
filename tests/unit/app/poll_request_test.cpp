#include "app/poll_request.hpp"

#include <boost/test/unit_test.hpp>

using namespace visitor;

BOOST_AUTO_TEST_SUITE(requests_for_a_poll)

BOOST_AUTO_TEST_CASE(a_request_names_its_asker_and_the_terminals) {
  const auto request = app::parse_poll_request("ab12 3 40");
  BOOST_REQUIRE(request);
  BOOST_TEST(request->asker == "ab12");
  BOOST_REQUIRE(request->terminals.size() == 2U);
  BOOST_TEST(request->terminals[1].value == 40);
  BOOST_TEST(app::parse_poll_request("ab12")->terminals.empty());
}

BOOST_AUTO_TEST_CASE(what_is_no_request_is_none) {
  for (const auto* payload : {"", " ", " 3", "AB 3", "ab x", "ab -3", "ab 0", "ab 3  4", "ab 99999999999999999999",
                              "'; DROP TABLE terminal 3"})
    BOOST_TEST(!app::parse_poll_request(payload), payload);
  BOOST_TEST(!app::parse_poll_request(std::string(65, 'a') + " 3"));
}

BOOST_AUTO_TEST_CASE(an_answer_says_what_the_poll_came_to) {
  const auto good = app::parse_poll_answer("ab12 3 online 4 1 2 0 ");
  BOOST_REQUIRE(good);
  BOOST_TEST(good->terminal.value == 3);
  BOOST_TEST(good->stored == 4);
  BOOST_TEST(good->check_outs == 2);
  BOOST_TEST(good->error.empty());
  const auto bad = app::parse_poll_answer("ab12 3 offline 0 0 0 0 connection refused by 192.0.2.1");
  BOOST_REQUIRE(bad);
  BOOST_TEST((bad->state == domain::TerminalState::offline));
  BOOST_TEST(bad->error == "connection refused by 192.0.2.1");
}

BOOST_AUTO_TEST_CASE(what_is_no_answer_is_none) {
  for (const auto* payload : {"", "ab12 3 online", "ab12 x online 0 0 0 0", "ab12 3 upside-down 0 0 0 0",
                              "ab12 3 online -1 0 0 0", "ab12 3 online 0 0 0 9999999999"})
    BOOST_TEST(!app::parse_poll_answer(payload), payload);
}

BOOST_AUTO_TEST_SUITE_END()
