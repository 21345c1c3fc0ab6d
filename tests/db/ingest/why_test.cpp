#include "app/why.hpp"

#include <boost/test/unit_test.hpp>

#include "app/timers.hpp"
#include "given.hpp"
#include "support/has_code.hpp"

using namespace visitor;
using namespace visitor::test;
using app::LinkKind;

namespace {

struct Chains : Ingested {
  app::Work at_end() { return work(at("2026-09-03T00:00:00Z")); }
  static std::vector<std::string> effects(const std::vector<app::Link>& chain) {
    std::vector<std::string> effects;
    for (const auto& link : chain)
      if (!link.effect.empty()) effects.push_back(link.effect);
    return effects;
  }
  static const app::Link* find(const std::vector<app::Link>& chain, LinkKind kind) {
    for (const auto& link : chain)
      if (link.kind == kind) return &link;
    return nullptr;
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(why_something_is_believed, Chains)

BOOST_AUTO_TEST_CASE(a_visit_leads_back_to_its_events_with_door_serial_and_epoch) {
  const auto visit = given_visit(given_guest("17"));
  page(entrance, {pass(11, "08:05", "17"), pass(12, "08:30", "17")}, on_the_day("08:31"));
  page(way_out, {pass(7, "09:00", "17")});

  const auto why = app::why_visit(at_end(), visit);
  BOOST_TEST(why.agrees());
  BOOST_TEST(effects(why.chain) == (std::vector<std::string>{"AWAITING", "CHECKED_IN", "CHECKED_OUT"}),
             boost::test_tools::per_element());
  BOOST_TEST_REQUIRE(why.chain.size() == 4U);
  const auto& entry = why.chain[1];
  BOOST_TEST((entry.kind == LinkKind::event));
  BOOST_TEST(entry.at == on_the_day("08:05"));
  BOOST_TEST(*entry.learned == on_the_day("08:31"));
  BOOST_TEST(entry.event->event.key.serial == 11);
  BOOST_TEST(entry.source.find("serial 11, epoch 1") != std::string::npos);
  BOOST_TEST(entry.source.starts_with("entrance"));
}

BOOST_AUTO_TEST_CASE(a_timer_is_named_and_so_is_what_it_did_in_vain) {
  const auto visit = given_visit(given_guest("17"));
  page(entrance, {pass(1, "08:05", "17")});
  app::close_presumed_left(work(on_the_day("20:06")));
  auto why = app::why_visit(at_end(), visit);
  const auto* action = find(why.chain, LinkKind::action);
  BOOST_TEST_REQUIRE(action);
  BOOST_TEST(action->source == "timer close_presumed_left");
  BOOST_TEST(action->effect == "CHECKED_OUT");

  page(way_out, {pass(1, "17:00", "17")}, on_the_day("21:00"));
  why = app::why_visit(at_end(), visit);
  action = find(why.chain, LinkKind::action);
  BOOST_TEST_REQUIRE(action);
  BOOST_TEST(action->effect.starts_with("none"));
}

BOOST_AUTO_TEST_CASE(a_state_that_the_facts_do_not_give_is_said) {
  const auto visit = given_visit(given_guest("17"));
  page(entrance, {pass(1, "08:05", "17")});
  tx.exec("UPDATE visit SET entry_count = 5, version = version + 1 WHERE id = $1", visit);
  const auto why = app::why_visit(at_end(), visit);
  BOOST_TEST(!why.agrees());
  BOOST_TEST(why.folded.entry_count == 1);
}

BOOST_AUTO_TEST_CASE(an_incident_leads_from_its_event_to_the_deliveries_of_its_alert) {
  given_visit(given_guest("17"));
  page(way_out, {pass(1, "08:05", "17")});
  const auto found = incidents();
  BOOST_TEST_REQUIRE(found.size() == 1U);

  const auto why = app::why_incident(at_end(), found[0].id);
  std::vector<std::string> kinds;
  for (const auto& link : why.chain) kinds.emplace_back(domain::name(link.kind));
  BOOST_TEST(kinds == (std::vector<std::string>{"registered", "event", "incident", "alert", "delivery"}),
             boost::test_tools::per_element());
  BOOST_TEST(why.chain[1].event->event.id.value == found[0].event->value);
  BOOST_TEST(why.chain[2].source.find("rule exit_without_entry") != std::string::npos);
  BOOST_TEST(why.chain[4].what.find("waiting") != std::string::npos);
  BOOST_TEST(find(app::why_visit(at_end(), *found[0].visit).chain, LinkKind::alert));
}

BOOST_AUTO_TEST_CASE(refusals_are_all_named_that_the_rule_counted) {
  page(entrance,
       {refusal(1, "08:00", "C1"), refusal(2, "08:01", "C1"), refusal(3, "08:01:30", "C2"), refusal(4, "08:02", "C1")});
  const auto found = incidents();
  BOOST_TEST_REQUIRE(found.size() == 1U);
  const auto why = app::why_incident(at_end(), found[0].id);
  BOOST_TEST(std::count_if(why.chain.begin(), why.chain.end(),
                           [](const auto& link) { return link.kind == LinkKind::event; }) == 3);
}

BOOST_AUTO_TEST_CASE(what_does_not_exist_is_said) {
  BOOST_CHECK_EXCEPTION(app::why_visit(at_end(), VisitId{987654}), Error, says(Errc::not_found, "visit 987654"));
  BOOST_CHECK_EXCEPTION(app::why_incident(at_end(), IncidentId{987654}), Error, says(Errc::not_found, "987654"));
}

BOOST_AUTO_TEST_SUITE_END()
