#include "app/ledger.hpp"

#include <boost/test/unit_test.hpp>

#include "app/canary.hpp"
#include "work.hpp"

using namespace visitor;
using namespace visitor::test;
using domain::Channel;
using domain::DeliveryState;

namespace {

struct LedgerFixture : AtWork {
  AlertId given_alert(const std::vector<store::Address>& to) {
    domain::Alert alert;
    alert.summary = "seen";
    alert.created_at = today_at("08:00");
    return store::Alerts{tx, domain::Scope::everything()}.queue(alert, to);
  }
  AlertId given_up(int deliveries = 1) {
    std::vector<store::Address> to;
    for (int i = 0; i < deliveries; ++i) to.push_back({Channel::email, std::to_string(i)});
    const auto id = given_alert(to);
    tx.exec("UPDATE delivery SET state = 'failed', last_error = 'no such mailbox' WHERE alert_id = $1", id);
    return id;
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(ledger_of_alerts, LedgerFixture)

BOOST_AUTO_TEST_CASE(what_was_given_up_goes_again_and_somebody_is_on_record_for_it) {
  const auto id = given_up(2);
  const std::vector<AlertId> ids{id, id};
  const auto again = app::retry_alerts(work("09:00"), ids);
  BOOST_REQUIRE(again.size() == 1U);
  BOOST_TEST(again[0].alert.id.value == id.value);
  BOOST_REQUIRE(again[0].deliveries.size() == 2U);
  BOOST_TEST((again[0].deliveries[0].state == DeliveryState::waiting));
  BOOST_TEST(again[0].deliveries[0].due_at == today_at("09:00"));
  BOOST_TEST(audited(store::topic::kAlert, id) == std::vector<std::string>{"update"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(of_several_all_go_again_or_none) {
  const auto failed = given_up();
  const auto waiting = given_alert({{Channel::log, ""}});
  const std::vector<AlertId> both{failed, waiting};
  BOOST_CHECK_EXCEPTION(app::retry_alerts(work(), both), Error, says(Errc::conflict, "1 waiting"));
  const std::vector<AlertId> unknown{failed, AlertId{2'000'000'000}};
  BOOST_CHECK_EXCEPTION(app::retry_alerts(work(), unknown), Error, has_code(Errc::not_found));
  BOOST_TEST((app::get_alert(work(), failed).deliveries[0].state == DeliveryState::failed));
  const std::vector<AlertId> bare{given_alert({})};
  BOOST_CHECK_EXCEPTION(app::retry_alerts(work(), bare), Error, says(Errc::conflict, "no delivery"));
}

BOOST_AUTO_TEST_CASE(everything_given_up_goes_again_at_once) {
  tx.exec("DELETE FROM delivery");
  BOOST_TEST(app::retry_failed_alerts(work()).empty());
  given_up(3);
  given_up();
  BOOST_TEST(app::retry_failed_alerts(work()).size() == 2U);
  BOOST_TEST(app::retry_failed_alerts(work()).empty());
}

BOOST_AUTO_TEST_CASE(canaries_go_where_the_settings_say_and_their_age_is_known) {
  tx.exec("DELETE FROM delivery");
  tx.exec("DELETE FROM alert");
  BOOST_TEST(app::send_canaries(work()) == 0);
  settings.alerts.canary_to = {"email:ops@example.org", "email:b@example.org", "log", "webhook:a:b"};
  BOOST_TEST(app::canary_facts(work()).channels.empty());
  settings.alerts.canary_interval = std::chrono::hours{1};
  const auto addresses = app::canary_addresses(settings);
  BOOST_REQUIRE(addresses.size() == 4U);
  BOOST_TEST(addresses[0].recipient == "ops@example.org");
  BOOST_TEST(addresses[2].recipient.empty());
  BOOST_TEST(addresses[3].recipient == "a:b");
  BOOST_TEST(app::canary_addresses(settings, Channel::email).size() == 2U);

  BOOST_TEST(app::send_canaries(work("08:00")) == 4);
  auto facts = app::canary_facts(work("09:00"));
  BOOST_REQUIRE(facts.channels.size() == 3U);
  BOOST_TEST(*facts.channels[0].silent_since == today_at("08:00"));
  tx.exec("UPDATE delivery SET state = 'sent', sent_at = $1 WHERE recipient = 'b@example.org'", today_at("08:10"));
  app::send_canaries(work("09:00"));
  facts = app::canary_facts(work("09:00"));
  BOOST_TEST(*facts.channels[0].silent_since == today_at("08:10"));
  BOOST_TEST(*facts.channels[1].silent_since == today_at("08:00"));
}

BOOST_AUTO_TEST_SUITE_END()
