#include <boost/test/unit_test.hpp>

#include "given.hpp"
#include "store/visits.hpp"
#include "support/has_code.hpp"

using namespace visitor;
using namespace visitor::test;
using domain::How;
using domain::VisitStatus;

BOOST_FIXTURE_TEST_SUITE(pages_and_visits, Ingested)

BOOST_AUTO_TEST_CASE(an_entry_and_an_exit_check_a_guest_in_and_out_at_the_devices_time) {
  const auto visit = given_visit(given_guest("17"));

  const auto first = page(entrance, {pass(1, "08:05", "17"), lock(2, "08:05")});
  BOOST_TEST(first.stored == 2);
  BOOST_TEST(first.check_ins == 1);
  BOOST_TEST((state(visit).status == VisitStatus::checked_in));
  BOOST_TEST(*state(visit).checked_in_at == on_the_day("08:05"));

  const auto second = page(way_out, {pass(1, "09:40", "17")});
  BOOST_TEST(second.check_outs == 1);
  BOOST_TEST((state(visit).status == VisitStatus::checked_out));
  BOOST_TEST(*state(visit).checked_out_at == on_the_day("09:40"));
  BOOST_TEST((state(visit).checked_out_how == How::door));
}

BOOST_AUTO_TEST_CASE(a_whole_stay_in_one_page_is_one_change) {
  const auto both = given_terminal("both", "entry", site);
  tx.exec("INSERT INTO door (terminal_id, door_no, reader_no, direction) VALUES ($1, 1, 2, 'exit')", both);
  const auto visit = given_visit(given_guest("17"));
  auto leaving = pass(2, "09:00", "17");
  leaving.reader_no = 2;

  const auto result = page(both, {leaving, pass(1, "08:05", "17")});
  BOOST_TEST(result.check_ins == 1);
  BOOST_TEST(result.check_outs == 1);
  BOOST_TEST((state(visit).status == VisitStatus::checked_out));
  BOOST_TEST((store::Visits{tx, domain::Scope::everything()}.get(visit).version == 2));
}

BOOST_AUTO_TEST_CASE(delivering_a_page_again_changes_nothing) {
  const auto visit = given_visit(given_guest("17"));
  const std::vector events{pass(1, "08:05", "17"), lock(2, "08:05"), refusal(3, "08:06", "777"),
                           pass(4, "08:20", "17")};
  page(entrance, events);
  const auto before = state(visit);
  const auto rows = count("access_event");
  const auto audits = count("audit");

  for (int i = 0; i < 3; ++i) {
    const auto again = page(entrance, events);
    BOOST_TEST(again.stored == 0);
    BOOST_TEST(again.duplicates == 4);
    BOOST_TEST(again.check_ins == 0);
  }
  BOOST_TEST((state(visit) == before));
  BOOST_TEST(before.entry_count == 2);
  BOOST_TEST(count("access_event") == rows);
  BOOST_TEST(count("audit") == audits);
  BOOST_TEST(count("incident") == 0);
  BOOST_TEST(tx.row("SELECT event_count FROM terminal WHERE id = $1", entrance).get<int>("event_count") == 4);
}

BOOST_AUTO_TEST_CASE(overlapping_pages_store_what_is_new_in_them) {
  page(entrance, {lock(1, "08:00"), lock(2, "08:01"), lock(3, "08:02")});

  const auto result = page(entrance, {lock(2, "08:01"), lock(3, "08:02"), lock(4, "08:03")});
  BOOST_TEST(result.stored == 1);
  BOOST_TEST(result.duplicates == 2);
  BOOST_TEST(result.gaps.empty());
}

BOOST_AUTO_TEST_CASE(an_event_twice_in_one_page_is_stored_once) {
  const auto result = page(entrance, {lock(1, "08:00"), lock(1, "08:00")});
  BOOST_TEST(result.stored == 1);
  BOOST_TEST(result.duplicates == 1);
}

BOOST_AUTO_TEST_CASE(an_exit_that_arrives_before_its_entry_ends_the_same_way) {
  const auto visit = given_visit(given_guest("17"));

  page(way_out, {pass(1, "08:30", "17")});
  BOOST_TEST((state(visit).status == VisitStatus::awaiting));
  BOOST_TEST(state(visit).exit_count == 1);

  const auto result = page(entrance, {pass(1, "08:05", "17")}, on_the_day("08:31"));
  BOOST_TEST(result.check_ins == 1);
  BOOST_TEST(result.check_outs == 1);
  BOOST_TEST((state(visit).status == VisitStatus::checked_out));
  BOOST_TEST(*state(visit).checked_in_at == on_the_day("08:05"));
  BOOST_TEST(*state(visit).checked_out_at == on_the_day("08:30"));
  BOOST_TEST(state(visit).exit_count == 1);
}

BOOST_AUTO_TEST_CASE(a_late_exit_replaces_a_later_one) {
  const auto visit = given_visit(given_guest("17"));
  page(entrance, {pass(1, "08:05", "17")});
  page(way_out, {pass(1, "09:30", "17")});

  page(way_out, {pass(2, "09:00", "17")}, on_the_day("12:00"));
  BOOST_TEST(*state(visit).checked_out_at == on_the_day("09:00"));
  BOOST_TEST(state(visit).exit_count == 2);
}

BOOST_AUTO_TEST_CASE(a_late_entry_undoes_a_no_show) {
  const auto visit = given_visit(given_guest("17"));
  tx.exec(
      "INSERT INTO visit_action (visit_id, kind, how, happened_at, recorded_at) VALUES ($1, 'no_show', 'auto', $2, $2)",
      visit, on_the_day("19:00"));
  tx.exec("UPDATE visit SET status = 'NO_SHOW', ended_at = $2, version = 2 WHERE id = $1", visit, on_the_day("19:00"));

  page(entrance, {pass(1, "08:05", "17")}, on_the_day("19:30"));
  BOOST_TEST((state(visit).status == VisitStatus::checked_in));
  BOOST_TEST(*state(visit).checked_in_at == on_the_day("08:05"));
}

BOOST_AUTO_TEST_CASE(a_person_is_known_by_the_employee_number_before_the_card_and_never_by_a_name) {
  const auto by_number = given_visit(given_guest("17", "C17"));
  const auto by_card = given_visit(given_guest("18", "C18"));

  auto both = pass(1, "08:05", "17");
  both.card_no = "C18";
  page(entrance, {both});
  BOOST_TEST((state(by_number).status == VisitStatus::checked_in));
  BOOST_TEST((state(by_card).status == VisitStatus::awaiting));

  auto card = pass(2, "08:06", "no such number");
  card.card_no = "C18";
  page(entrance, {card});
  BOOST_TEST((state(by_card).status == VisitStatus::checked_in));

  auto named = pass(3, "08:07", "");
  named.raw = R"({"name":"A guest"})";
  page(entrance, {named});
  BOOST_TEST(count("access_event", "serial = 3 AND guest_id IS NULL") == 1);
}

BOOST_AUTO_TEST_CASE(leading_zeros_and_letter_case_of_numbers_count) {
  const auto visit = given_visit(given_guest("0017"));
  page(entrance, {pass(1, "08:05", "17")});
  BOOST_TEST((state(visit).status == VisitStatus::awaiting));
  page(entrance, {pass(2, "08:06", "0017")});
  BOOST_TEST((state(visit).status == VisitStatus::checked_in));
}

BOOST_AUTO_TEST_CASE(direction_belongs_to_the_door_and_an_unknown_door_moves_nobody) {
  const auto visit = given_visit(given_guest("17"));
  auto elsewhere = pass(1, "08:05", "17");
  elsewhere.reader_no = 2;

  page(entrance, {elsewhere});
  BOOST_TEST((state(visit).status == VisitStatus::awaiting));
  BOOST_TEST(count("access_event", "direction = 'none' AND guest_id IS NOT NULL") == 1);
}

BOOST_AUTO_TEST_CASE(a_refused_guest_is_not_in_the_building) {
  const auto visit = given_visit(given_guest("", "C17"));
  page(entrance, {refusal(1, "08:05", "C17")});
  BOOST_TEST((state(visit).status == VisitStatus::awaiting));
}

BOOST_AUTO_TEST_CASE(an_event_without_a_time_moves_nobody_and_is_stored_once) {
  const auto visit = given_visit(given_guest("17"));
  auto event = pass(1, "08:05", "17");
  event.time_source = domain::TimeSource::received;
  event.time_text = "no time";

  BOOST_TEST(page(entrance, {event}, on_the_day("08:05")).stored == 1);
  event.occurred_at = on_the_day("08:10");  // the moment of the second receipt
  BOOST_TEST(page(entrance, {event}, on_the_day("08:10")).duplicates == 1);
  BOOST_TEST((state(visit).status == VisitStatus::awaiting));
}

BOOST_AUTO_TEST_CASE(each_change_of_a_visit_leaves_its_audit_row_with_the_proof) {
  const auto visit = given_visit(given_guest("17"));
  page(entrance, {pass(7, "08:05", "17")});

  const auto row = tx.row(
      "SELECT details->>'from' AS f, details->>'to' AS t, details->'event'->>'serial' AS serial "
      "FROM audit WHERE topic = 'visit' AND entity_id = $1",
      visit);
  BOOST_TEST(row.get<std::string>("f") == "AWAITING");
  BOOST_TEST(row.get<std::string>("t") == "CHECKED_IN");
  BOOST_TEST(row.get<std::string>("serial") == "7");
}

BOOST_AUTO_TEST_CASE(facts_that_would_take_a_check_in_back_do_not_stop_the_page) {
  const auto guest = given_guest("17");
  const auto first = given_visit(guest);
  const auto second = given_visit(guest, "09:00", "11:00");
  page(entrance, {pass(1, "08:05", "17")});
  page(way_out, {pass(1, "08:30", "17")});
  page(entrance, {pass(2, "09:00", "17")});
  BOOST_TEST((state(second).status == VisitStatus::checked_in));

  // Back within the grace after all, so the entry at 09:00 was a second one on the first visit.
  const auto result = page(entrance, {pass(3, "08:40", "17")}, on_the_day("09:30"));
  BOOST_TEST(result.stored == 1);
  BOOST_TEST((state(first).status == VisitStatus::checked_in));
  BOOST_TEST((state(second).status == VisitStatus::checked_in));
}

BOOST_AUTO_TEST_CASE(a_large_page_ends_the_same_way_as_small_ones) {
  const auto small = given_terminal("small", "exit", site);
  const auto hundred = given_visit(given_guest("100"));
  const auto two_hundred = given_visit(given_guest("200"));
  std::vector<app::IncomingEvent> events;
  for (int i = 1; i <= 600; ++i) events.push_back(i % 100 ? lock(i, "08:05") : pass(i, "08:05", std::to_string(i)));
  for (std::size_t at = 0; at < events.size(); at += 30)
    page(small,
         {events.begin() + static_cast<std::ptrdiff_t>(at), events.begin() + static_cast<std::ptrdiff_t>(at) + 30});
  const auto in_small_pages = state(hundred);

  auto once_more = events.back();  // which COPY could not leave out
  events.push_back(once_more);
  const auto result = page(way_out, events);
  BOOST_TEST(result.stored == 600);
  BOOST_TEST(result.duplicates == 1);
  BOOST_TEST(page(way_out, events).duplicates == 601);

  const std::string columns =
      "epoch, serial, occurred_at, major, minor, time_text, time_source, class, direction, "
      "door_no, reader_no, employee_no, card_no, guest_id, raw";
  const auto rows_of = [&](TerminalId terminal) {
    return "SELECT " + columns + " FROM access_event WHERE terminal_id = " + std::to_string(terminal.value);
  };
  BOOST_TEST(count("(" + rows_of(small) + " EXCEPT " + rows_of(way_out) + ") AS missing") == 0);
  BOOST_TEST(count("(" + rows_of(small) + ") AS stored") == 600);
  BOOST_TEST(state(hundred).exit_count == 2 * in_small_pages.exit_count);
  BOOST_TEST(state(two_hundred).exit_count == 2);
  const auto found = incidents();
  BOOST_TEST_REQUIRE(found.size() == 2U);
  for (const auto& incident : found) {
    BOOST_TEST(incident.seen_count == 2);
    BOOST_TEST(count("access_event", "id = " + std::to_string(incident.event.value_or(EventId{}).value)) == 1);
  }
}

BOOST_AUTO_TEST_CASE(a_large_page_finds_the_rows_of_its_incidents) {
  given_visit(given_guest("17"));
  std::vector<app::IncomingEvent> events;
  for (int i = 1; i <= 300; ++i) events.push_back(i == 150 ? pass(i, "08:05", "17") : lock(i, "08:05"));

  page(way_out, events);
  BOOST_TEST_REQUIRE(incidents().size() == 1U);
  const auto event = incidents()[0].event;
  BOOST_TEST_REQUIRE(event.has_value());
  BOOST_TEST(count("access_event", "serial = 150 AND id = " + std::to_string(event->value)) == 1);
}

BOOST_AUTO_TEST_CASE(only_the_holder_of_the_lease_stores) {
  BOOST_CHECK_EXCEPTION(app::ingest_page(work(on_the_day("08:00")), entrance, "d2", {lock(1, "08:00")}, {}), Error,
                        has_code(Errc::conflict));
  BOOST_CHECK_EXCEPTION(app::ingest_page(work(on_the_day("08:00")), TerminalId{999'999}, "d1", {}, {}), Error,
                        has_code(Errc::not_found));
  BOOST_TEST(count("access_event") == 0);
}

BOOST_AUTO_TEST_SUITE_END()
