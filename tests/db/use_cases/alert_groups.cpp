#include <fmt/format.h>

#include <algorithm>
#include <boost/test/unit_test.hpp>

#include "app/accounts.hpp"
#include "app/alert_routing.hpp"
#include "app/alerts.hpp"
#include "app/roles.hpp"
#include "app/silences.hpp"
#include "store/alerts.hpp"
#include "store/incidents.hpp"
#include "work.hpp"

using namespace visitor;
using namespace visitor::test;
using domain::Channel;

namespace {

/// A route to the users of a group: Anna has a chat and an address, Boris an address, Clara neither.
struct GuardsFixture : AtWork {
  GuardsFixture() {
    tx.exec("UPDATE alert SET route_at = NULL WHERE route_at IS NOT NULL");
    settings.telegram.token.path = "/run/token";
    settings.email.server = "smtp://127.0.0.1";
    settings.routes.resize(1);
    settings.routes[0].name = "all";
    settings.routes[0].to = {"users:Night Guards"};
    app::add_group(work(), "Night guards", "");
    anna = a_guard("anna", "anna@example.org", fmt::format("{}", unique_number()));
    boris = a_guard("boris", "boris@example.org", "");
    a_guard("clara", "", "");
  }

  domain::Account a_guard(const std::string& login, const std::string& email, const std::string& chat) {
    app::NewAccount wanted;
    wanted.login = login;
    wanted.email = email;
    wanted.chat_id = chat;
    wanted.language = login == "anna" ? domain::Language::russian : domain::Language::english;
    auto account = app::add_account(work(), wanted);
    app::add_member(work(), "night guards", account);
    return account;
  }

  /// Opened, and decided on.
  IncidentId given_incident() {
    store::Sighting sighting;
    sighting.finding.type = domain::IncidentType::tamper;
    sighting.finding.severity = domain::Severity::high;
    sighting.finding.subject = fmt::format("test:{}", unique_number());
    sighting.finding.site = house.site;
    sighting.finding.summary = "a sentence";
    sighting.finding.occurred_at = today_at("08:30");
    const auto incident = store::Incidents{tx, domain::Scope::everything()}
                              .open_or_touch(std::span{&sighting, 1}, today_at("08:30"))[0]
                              .incident;
    app::queue_alert(work(), incident);
    app::route_alerts(work());
    return incident.id;
  }

  /// "telegram 4711 ru"
  std::vector<std::string> told(IncidentId incident) {
    std::vector<std::string> told;
    for (const auto& due : store::Alerts{tx, domain::Scope::everything()}.of(incident))
      if (due.delivery.state == domain::DeliveryState::waiting)
        told.push_back(fmt::format("{} {} {}", domain::name(due.delivery.channel), due.delivery.recipient,
                                   domain::name(due.delivery.language)));
    std::sort(told.begin(), told.end());
    return told;
  }

  domain::Account anna, boris;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(alert_groups, GuardsFixture)

BOOST_AUTO_TEST_CASE(everybody_in_a_group_of_users_is_told_where_and_how_the_account_says) {
  BOOST_TEST(
      (told(given_incident()) == std::vector<std::string>{"email anna@example.org ru", "email boris@example.org en",
                                                          "telegram " + anna.chat_id + " ru"}));
}

BOOST_AUTO_TEST_CASE(channels_that_are_not_set_up_and_those_a_route_leaves_out_are_not_used) {
  settings.telegram.token.path.clear();
  BOOST_TEST(told(given_incident()).size() == 2U);
  settings.telegram.token.path = "/run/token";
  settings.routes[0].channels = {"telegram"};
  BOOST_TEST((told(given_incident()) == std::vector<std::string>{"telegram " + anna.chat_id + " ru"}));
}

BOOST_AUTO_TEST_CASE(who_is_disabled_or_has_left_the_group_is_told_no_more) {
  app::disable_account(work(), anna.id);
  BOOST_TEST((told(given_incident()) == std::vector<std::string>{"email boris@example.org en"}));
  app::enable_account(work(), anna.id);
  app::remove_member(work(), "night guards", boris);
  BOOST_TEST(told(given_incident()).size() == 2U);
}

BOOST_AUTO_TEST_CASE(who_is_in_two_groups_is_told_once_and_a_letter_case_does_not_count) {
  app::add_group(work(), "Охрана", "");
  app::add_member(work(), "Охрана", anna);
  settings.routes[0].to = {"users:охрана", "users:Night guards", "users: night guards"};
  BOOST_TEST(told(given_incident()).size() == 3U);
}

BOOST_AUTO_TEST_CASE(a_step_of_the_escalation_names_a_group_too) {
  settings.routes[0].to = {"log"};
  settings.escalations.resize(1);
  settings.escalations[0].name = "guards";
  settings.escalations[0].to = {"users:night guards"};
  settings.escalations[0].after = std::chrono::minutes{5};
  const auto incident = given_incident();
  BOOST_TEST(app::escalate(work("08:36")) == 1);
  app::route_alerts(work("08:36"));
  BOOST_TEST(told(incident).size() == 4U);
}

BOOST_AUTO_TEST_CASE(a_silence_may_spare_one_of_them) {
  domain::Silence silence;
  silence.recipient = "user:anna";
  silence.reason = "on leave";
  silence.starts_at = today_at("08:00");
  silence.ends_at = today_at("18:00");
  app::add_silence(work(), silence);
  BOOST_TEST((told(given_incident()) == std::vector<std::string>{"email boris@example.org en"}));
  silence.recipient = "user:dora";
  BOOST_CHECK_EXCEPTION(app::add_silence(work(), silence), Error, has_code(Errc::not_found));
}

BOOST_AUTO_TEST_CASE(a_group_in_which_nobody_can_be_reached_is_named_with_the_reason) {
  settings.routes[0].to = {"users:day guards", "log"};
  const auto incident = given_incident();
  BOOST_TEST((told(incident) == std::vector<std::string>{"log  en"}));
  const auto test = app::test_route(work(), incident);
  BOOST_REQUIRE(test.others.size() == 1U);
  BOOST_TEST(test.others[0].first == "users:day guards");
  BOOST_TEST(test.others[0].second == "nobody in it can be reached");
}

BOOST_AUTO_TEST_SUITE_END()
