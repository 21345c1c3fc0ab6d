#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

#include "config/choices.hpp"
#include "config_folder.hpp"
#include "domain/alert.hpp"
#include "domain/incident.hpp"
#include "domain/language.hpp"
#include "domain/routing.hpp"

using namespace visitor;
using namespace std::chrono_literals;

namespace {

/// Every text has a bot behind it.
struct WithBot : test::ConfigFolder {
  WithBot() { write_file(path / "token", "123456:AAE-token_of_this_test\n", 0600); }
  static std::string and_bot(const std::string& text) { return text + "[telegram]\ntoken_file = \"token\"\n"; }
  config::Reading read(const std::string& text) const { return ConfigFolder::read(and_bot(text)); }
  std::vector<std::string> problems(const std::string& text) const { return ConfigFolder::problems(and_bot(text)); }
};

const std::string kDuty = "[[recipient]]\nname = \"duty\"\ntelegram = \"-1\"\n";

template <class E, std::size_t count>
void check_words(const std::array<std::string_view, count>& words) {
  std::vector<std::string_view> names;
  for (const auto& row : domain::names<E>()) names.push_back(row.name);
  BOOST_TEST(names == std::vector<std::string_view>(words.begin(), words.end()), boost::test_tools::per_element());
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(config_routing, WithBot)

BOOST_AUTO_TEST_CASE(people_groups_routes_and_steps_are_read_in_the_order_of_the_file) {
  const auto reading = read(kDuty +
                            "language = \"ru\"\nquiet_from = \"22:00\"\nquiet_until = \"07:00\"\n"
                            "[[group]]\nname = \"security\"\nmembers = [\"duty\"]\n"
                            "[[route]]\nname = \"grave\"\nseverity = \"high\"\nto = [\"security\", \"log\"]\n"
                            "continue = true\ngroup_wait = \"30s\"\n"
                            "[[route]]\nname = \"late\"\nlate = \"any\"\ntypes = [\"duress\"]\nto = [\"duty\"]\n"
                            "[[escalation]]\nname = \"chief\"\nafter = \"15m\"\nto = [\"duty\"]\n");
  BOOST_REQUIRE(reading.problems.empty());
  const auto& settings = reading.settings;
  BOOST_TEST(settings.recipients.at(0).language == "ru");
  BOOST_TEST((settings.recipients[0].quiet_until == 7h));
  BOOST_REQUIRE(settings.routes.size() == 2U);
  BOOST_TEST(settings.routes[0].goes_on);
  BOOST_TEST((settings.routes[0].group_wait == 30s));
  BOOST_TEST(settings.routes[1].match.late == "any");
  BOOST_TEST((settings.escalations.at(0).after == 15min));
}

BOOST_AUTO_TEST_CASE(a_name_that_nobody_has_is_named_with_its_line_and_a_near_one) {
  BOOST_TEST(problems(kDuty + "[[route]]\nname = \"all\"\nto = [\"duti\"]\n").at(0) ==
             "6: route.all.to: there is no [[recipient]] or [[group]] \"duti\"; did you mean \"duty\"?");
  BOOST_TEST(problems(kDuty + "[[group]]\nname = \"all\"\nmembers = [\"somebody-else\"]\n").at(0) ==
             "6: group.all.members: there is no [[recipient]] \"somebody-else\"");
  BOOST_TEST(problems(kDuty + "[[escalation]]\nname = \"chief\"\nto = [\"boss\"]\n").size() == 1U);
  BOOST_TEST(problems(kDuty + "webhook = \"siem\"\n").at(0) ==
             "4: recipient.duty.webhook: there is no [[webhook]] \"siem\"");
  BOOST_TEST(problems(kDuty + "exec = \"siren\"\n").at(0) == "4: recipient.duty.exec: there is no [[exec]] \"siren\"");
}

BOOST_AUTO_TEST_CASE(a_group_of_users_is_known_to_the_database_only) {
  BOOST_TEST(problems(kDuty + "[[route]]\nname = \"all\"\nto = [\"users:Night guards\", \"duty\"]\n").empty());
  BOOST_TEST(problems(kDuty + "[[escalation]]\nname = \"chief\"\nto = [\"users:Охрана\"]\n").empty());
  BOOST_TEST(
      problems(kDuty + "[[route]]\nname = \"all\"\nto = [\"users: \"]\n").at(0).find("must name a group of users") !=
      std::string::npos);
  BOOST_TEST(problems(kDuty + "[[group]]\nname = \"all\"\nmembers = [\"users:guards\"]\n").size() == 1U);
}

BOOST_AUTO_TEST_CASE(every_problem_is_told_at_once) {
  BOOST_TEST(problems("[[recipient]]\nname = \"a\"\n[[recipient]]\nname = \"log\"\ntelegram = \"1\"\n"
                      "[[route]]\nname = \"r\"\nto = []\n[[route]]\nname = \"s\"\nto = [\"x\", \"y\"]\n")
                 .size() == 5U);
}

BOOST_AUTO_TEST_CASE(whoever_cannot_be_reached_is_a_problem) {
  BOOST_TEST(problems("[[recipient]]\nname = \"duty\"\n").at(0) ==
             "1: recipient.duty: cannot be reached: give telegram, email, webhook or exec");
  BOOST_TEST(problems("[[recipient]]\nname = \"duty\"\nemail = \"duty@example.org\"\n").at(0) ==
             "3: recipient.duty.email: needs email.server");
}

BOOST_AUTO_TEST_CASE(a_chat_needs_a_bot) {
  BOOST_TEST(ConfigFolder::problem(kDuty) == "3: recipient.duty.telegram: needs telegram.token_file");
  BOOST_TEST(problems(kDuty).empty());
}

BOOST_AUTO_TEST_CASE(a_name_is_either_a_persons_or_a_groups) {
  BOOST_TEST(problems(kDuty + "[[group]]\nname = \"duty\"\nmembers = [\"duty\"]\n").at(0) ==
             "4: group.duty: a [[recipient]] has this name, too");
}

BOOST_AUTO_TEST_CASE(addresses_and_zones_are_looked_at) {
  BOOST_TEST(problems("[[recipient]]\nname = \"a\"\ntelegram = \"@channel\"\n").size() == 1U);
  BOOST_TEST(problems("[[recipient]]\nname = \"a\"\ntelegram = \"1\"\ntime_zone = \"Asia/Almati\"\n").size() == 1U);
  BOOST_TEST(problems("[[recipient]]\nname = \"a\"\ntelegram = \"1\"\nquiet_from = \"25:00\"\n").size() == 1U);
  BOOST_TEST(problems("[alerts]\nlink_base = \"visitor.example.org\"\n").size() == 1U);
  BOOST_TEST(problems("[alerts]\nstorm_limit = 0\n").size() == 1U);
}

BOOST_AUTO_TEST_CASE(the_words_to_choose_from_are_those_of_the_domain) {
  check_words<domain::IncidentType>(config::kIncidentTypes);
  check_words<domain::Severity>(config::kSeverities);
  check_words<domain::Channel>(config::kChannels);
  check_words<domain::Lateness>(config::kLateness);
  check_words<domain::Language>(config::kLanguages);
  for (const auto kind : config::kRoutedKinds) BOOST_TEST(domain::find_named<domain::AlertKind>(kind).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
