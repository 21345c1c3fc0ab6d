#include "store/events.hpp"

#include <fmt/format.h>

#include <boost/test/unit_test.hpp>

#include <latch>
#include <thread>

#include "db/error.hpp"
#include "store/gaps.hpp"
#include "support/database.hpp"
#include "support/has_code.hpp"
#include "support/house.hpp"
#include "support/manual_clock.hpp"

using namespace visitor;
using namespace visitor::test;
using domain::Direction;
using domain::EventClass;
using store::NewEvent;

namespace {

struct EventsFixture : RolledBack {
  House house = House::build(tx);
  store::Events events{tx, domain::Scope::everything()};

  std::vector<std::optional<EventId>> insert(const std::vector<NewEvent>& batch) {
    std::vector<Instant> moments;
    for (const auto& event : batch) moments.push_back(event.occurred_at);
    events.ensure_partitions(moments);
    return events.insert_batch(house.terminal, today_at("12:00"), batch);
  }

  NewEvent event(std::int64_t serial, std::string_view clock) {
    return passage(serial, today_at(clock), Direction::entry, house.guest);
  }

  NewEvent denial(std::int64_t serial, std::string_view clock, int door, std::optional<std::string_view> employee_no,
                  std::optional<std::string_view> card_no) {
    auto denied = passage(serial, today_at(clock), Direction::none, std::nullopt);
    denied.event_class = EventClass::denied;
    denied.door_no = door;
    denied.employee_no = employee_no;
    denied.card_no = card_no;
    return denied;
  }

  std::int64_t partitions() {
    return tx.row("SELECT count(*) AS count FROM pg_inherits WHERE inhparent = 'access_event'::regclass")
        .get<std::int64_t>("count");
  }

  std::string partition_of(EventId id) {
    return tx.row("SELECT tableoid::regclass::text AS name FROM access_event WHERE id = $1", id)
        .get<std::string>("name");
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(events_store, EventsFixture)

BOOST_AUTO_TEST_CASE(an_event_comes_back_as_it_was_stored) {
  auto given = event(7, "08:00");
  given.occurred_at += std::chrono::microseconds{123'456};
  given.epoch = 3;
  given.employee_no = "0017";
  given.card_no = "";
  given.time_source = domain::TimeSource::site;
  given.raw = R"({"name": "Гость", "n": [1, 2.50]})";
  const auto id = insert({given}).front().value();

  const auto listed = events.find(id).value();
  const auto& stored = listed.event;
  BOOST_TEST((stored.key == domain::EventKey{house.terminal, 3, 7, given.occurred_at, 5, 75}));
  BOOST_TEST(stored.received_at == today_at("12:00"));
  BOOST_TEST(stored.time_text == "as the terminal wrote it");
  BOOST_TEST((stored.time_source == domain::TimeSource::site));
  BOOST_TEST((stored.event_class == EventClass::granted));
  BOOST_TEST((stored.direction == Direction::entry));
  BOOST_TEST(*stored.employee_no == "0017");
  BOOST_TEST(*stored.card_no == "");
  BOOST_TEST(stored.guest->value == house.guest.value);
  BOOST_TEST(stored.raw == R"({"n": [1, 2.50], "name": "Гость"})");
  BOOST_TEST(listed.terminal_name == "Gate " + house.tag);
  BOOST_TEST(listed.door_name == "In");
  BOOST_TEST(listed.guest_name == "Gina Guest " + house.tag);
  BOOST_TEST(!events.find(EventId{id.value + 1000}));
}

BOOST_AUTO_TEST_CASE(only_what_is_new_gets_a_number_whatever_the_order) {
  const auto first = insert({event(1, "08:00"), event(2, "08:01"), event(1, "08:00")});
  BOOST_TEST((first[0] && first[1] && !first[2]));

  const auto second = insert({event(3, "08:02"), event(2, "08:01"), event(1, "08:00"), event(4, "08:03")});
  BOOST_TEST((second[0] && !second[1] && !second[2] && second[3]));
  BOOST_TEST(events.find(*second[3])->event.key.serial == 4);
  BOOST_TEST(insert({}).empty());
}

BOOST_AUTO_TEST_CASE(an_event_is_another_one_if_any_part_of_its_identity_differs) {
  auto other_time = event(1, "08:01");
  auto other_minor = event(1, "08:00");
  other_minor.minor = 76;
  auto other_epoch = event(1, "08:00");
  other_epoch.epoch = 2;
  for (const auto& id : insert({event(1, "08:00"), other_time, other_minor, other_epoch})) BOOST_TEST(id.has_value());
}

BOOST_AUTO_TEST_CASE(every_moment_has_a_partition) {
  const std::vector<std::pair<std::string_view, std::string>> moments{
      {"1970-01-01T00:00:00Z", "access_event_past"}, {"0001-01-01T00:00:00Z", "access_event_past"},
      {"2015-01-01T00:00:00Z", "access_event_2015"}, {"2015-12-31T23:59:59Z", "access_event_2015"},
      {"2099-12-31T23:59:59Z", "access_event_2099"}, {"2100-01-01T00:00:00Z", "access_event_future"}};
  std::vector<NewEvent> batch;
  for (const auto& [moment, name] : moments)
    batch.push_back(passage(static_cast<std::int64_t>(batch.size()) + 1, at(moment), Direction::none, std::nullopt));

  const auto ids = insert(batch);
  for (std::size_t i = 0; i < moments.size(); ++i) BOOST_TEST(partition_of(ids[i].value()) == moments[i].second);

  const auto now = tx.row("SELECT now() AS now, to_char(now() AT TIME ZONE 'UTC', 'YYYYMM') AS month");
  const auto today = insert({passage(99, now.get<Instant>("now"), Direction::none, std::nullopt)});
  BOOST_TEST(partition_of(today[0].value()) == "access_event_" + now.get<std::string>("month"));
}

BOOST_AUTO_TEST_CASE(a_terminal_that_makes_up_times_does_not_fill_the_catalogue) {
  const auto before = partitions();
  std::vector<NewEvent> batch;
  for (int month = 0; month < 20 * 12; ++month) {
    const auto day = std::chrono::year{2060 + month / 12} / (month % 12 + 1) / 1;
    batch.push_back(passage(month + 1, std::chrono::sys_days{day}, Direction::none, std::nullopt));
  }
  for (const auto& id : insert(batch)) BOOST_REQUIRE(id.has_value());
  BOOST_TEST(partitions() - before == 20);
}

BOOST_AUTO_TEST_CASE(a_nul_in_raw_json_does_not_stop_the_page) {
  auto nul = event(1, "08:00");
  nul.raw = R"({"a": "x\u0000y", "b": "x\\u0000y", "c": "\\\u0000"})";
  const auto id = insert({nul}).front().value();
  BOOST_TEST(events.find(id)->event.raw == R"({"a": "x�y", "b": "x\\u0000y", "c": "\\�"})");
}

BOOST_AUTO_TEST_CASE(a_number_without_end_does_not_stop_the_page) {
  std::string endless(5000, '9');
  std::string cyrillic;
  while (cyrillic.size() < 5000) cyrillic += "Я";
  auto long_number = event(1, "08:00");
  long_number.employee_no = endless;
  long_number.card_no = cyrillic;
  const auto stored = events.find(insert({long_number}).front().value())->event;
  BOOST_TEST(*stored.employee_no == std::string(256, '9'));
  BOOST_TEST(*stored.card_no == cyrillic.substr(0, 256));
}

BOOST_AUTO_TEST_CASE(stored_events_cannot_be_changed_or_deleted) {
  insert({event(1, "08:00")});
  BOOST_CHECK_THROW(tx.savepoint([&] { tx.exec("UPDATE access_event SET direction = 'exit'"); }), db::DatabaseError);
  BOOST_CHECK_THROW(tx.savepoint([&] { tx.exec("DELETE FROM access_event"); }), db::DatabaseError);
}

BOOST_AUTO_TEST_CASE(serials_are_known_in_every_epoch) {
  auto restarted = event(2, "09:00");
  restarted.epoch = 2;
  insert({event(1, "08:00"), event(2, "08:01"), event(5, "08:02"), restarted});

  const std::vector<std::int64_t> asked{2, 3};
  const auto known = events.known_serials(house.terminal, asked);
  BOOST_REQUIRE(known.size() == 2);
  BOOST_TEST(known[0].epoch == 1);
  BOOST_TEST(known[0].occurred_at == today_at("08:01"));
  BOOST_TEST(known[1].epoch == 2);
  const std::vector<std::int64_t> expected{1, 2, 5};
  BOOST_TEST(events.stored_serials(house.terminal, 1, 1, 9) == expected, boost::test_tools::per_element());
  BOOST_TEST(events.known_serials(TerminalId{987654}, asked).empty());
}

BOOST_AUTO_TEST_CASE(passages_are_granted_directed_and_really_timed) {
  auto out = event(2, "08:30");
  out.direction = Direction::exit;
  auto denied = event(3, "08:31");
  denied.event_class = EventClass::denied;
  auto undirected = event(4, "08:32");
  undirected.direction = Direction::none;
  auto untimed = event(5, "08:33");
  untimed.time_source = domain::TimeSource::received;
  auto stranger = event(6, "08:34");
  stranger.guest.reset();
  insert({out, event(1, "08:00"), denied, undirected, untimed, stranger, event(7, "07:00")});

  const auto passages = events.passages(std::span{&house.guest, 1}, today_at("08:00"));
  BOOST_REQUIRE(passages.size() == 2);
  BOOST_TEST(passages[0].passage.key.serial == 1);
  BOOST_TEST((passages[1].passage.direction == Direction::exit));
  BOOST_TEST(passages[1].passage.site.value == house.site.value);
  BOOST_TEST(events.passages({}, today_at("00:00")).empty());
}

BOOST_AUTO_TEST_CASE(refusals_share_a_person_a_card_or_a_door) {
  insert({denial(1, "08:00", 1, "17", std::nullopt), denial(2, "08:01", 2, std::nullopt, "4711"),
          denial(3, "08:02", 3, std::nullopt, std::nullopt), denial(4, "08:03", 9, "99", "99"),
          denial(5, "07:00", 1, "17", std::nullopt)});

  store::DenialQuery query;
  query.terminal = house.terminal;
  query.since = today_at("07:30");
  query.until = today_at("08:03");
  BOOST_TEST(events.recent_denials(query).empty());
  query.employee_nos = {"17"};
  BOOST_TEST(events.recent_denials(query).size() == 1);
  query.card_nos = {"4711"};
  query.door_nos = {3};
  const auto found = events.recent_denials(query);
  BOOST_REQUIRE(found.size() == 3);
  BOOST_TEST(found[0].key.serial == 1);
  BOOST_TEST(*found[1].card_no == "4711");
  BOOST_TEST(found[2].door_no == 3);
  BOOST_TEST(found[2].site.value == house.site.value);
}

BOOST_AUTO_TEST_CASE(lists_filter_and_page_in_a_stable_order) {
  auto denied = denial(9, "08:05", 1, "17", std::nullopt);
  insert({event(1, "08:00"), event(2, "08:00"), event(3, "08:00"), event(4, "08:01"), denied});

  store::EventFilter filter;
  filter.terminal = house.terminal;
  filter.limit = 2;
  std::vector<std::int64_t> serials;
  while (true) {
    const auto page = events.list(filter);
    if (page.empty()) break;
    for (const auto& one : page) serials.push_back(one.event.key.serial);
    filter.before = store::EventPosition{page.back().event.key.occurred_at, page.back().event.id};
  }
  const std::vector<std::int64_t> newest_first{9, 4, 3, 2, 1};
  BOOST_TEST(serials == newest_first, boost::test_tools::per_element());

  const auto count = [&](auto set) {
    store::EventFilter one;
    one.terminal = house.terminal;
    set(one);
    return events.list(one).size();
  };
  BOOST_TEST(count([&](auto& f) { f.site = house.site; }) == 5);
  BOOST_TEST(count([&](auto& f) { f.guest = house.guest; }) == 4);
  BOOST_TEST(count([&](auto& f) { f.classes = {EventClass::denied, EventClass::alarm}; }) == 1);
  BOOST_TEST(count([&](auto& f) { f.direction = Direction::entry; }) == 4);
  BOOST_TEST(count([&](auto& f) { f.person = "17"; }) == 1);
  BOOST_TEST(count([&](auto& f) { f.since = today_at("08:01"); }) == 2);
  BOOST_TEST(count([&](auto& f) { f.until = today_at("08:01"); }) == 3);
}

BOOST_AUTO_TEST_CASE(a_gap_is_noted_once_and_ends_once) {
  store::Gaps gaps{tx, domain::Scope::everything()};
  const auto id = gaps.add(house.terminal, 1, 5, 8, today_at("08:00"));
  BOOST_REQUIRE(id.has_value());
  BOOST_TEST(!gaps.add(house.terminal, 1, 5, 9, today_at("08:01")));
  const auto other = gaps.add(house.terminal, 2, 5, 9, today_at("08:01"));
  BOOST_REQUIRE(other.has_value());

  gaps.mark_asked(*id, today_at("08:02"));
  const auto open = gaps.open(house.terminal);
  BOOST_REQUIRE(open.size() == 2);
  BOOST_TEST(open[0].last == 8);
  BOOST_TEST(*open[0].asked_at == today_at("08:02"));

  gaps.mark_missing(*id);
  gaps.mark_filled(*id);
  gaps.mark_filled(*other);
  BOOST_TEST(gaps.open(house.terminal).empty());
  BOOST_REQUIRE(gaps.missing(house.terminal).size() == 1);
  BOOST_TEST(gaps.missing(house.terminal)[0].id.value == id->value);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_CASE(two_sessions_that_need_the_same_new_partition_both_get_it, Database) {
  House house;
  {
    db::Transaction tx{pool};
    house = House::build(tx);
    tx.commit();
  }
  const auto moment = at("2031-05-05T10:00:00Z");
  std::latch both{2};
  std::vector<int> stored(2);
  const auto run = [&](int number) {
    db::Transaction tx{pool};
    store::Events events{tx, domain::Scope::everything()};
    events.known_serials(house.terminal, std::vector<std::int64_t>{1});  // each holds a lock on the table already
    both.arrive_and_wait();
    events.ensure_partitions(std::span{&moment, 1});
    const auto event = passage(number, moment, Direction::none, std::nullopt);
    stored[static_cast<std::size_t>(number)] =
        events.insert_batch(house.terminal, moment, std::span{&event, 1}).front().has_value() ? 1 : 0;
    tx.commit();
  };
  std::jthread other{[&] { run(0); }};
  run(1);
  other.join();
  BOOST_TEST(stored[0] == 1);
  BOOST_TEST(stored[1] == 1);
}

BOOST_FIXTURE_TEST_CASE(a_partition_that_was_rolled_back_is_made_again, Database) {
  db::Connection connection{pool.options().connection};
  const auto moment = at("2033-05-05T10:00:00Z");
  for (int round = 0; round < 2; ++round) {
    db::Transaction tx{connection};
    const auto house = House::build(tx);
    const auto event = passage(1, moment, Direction::none, std::nullopt);
    store::Events events{tx, domain::Scope::everything()};
    events.ensure_partitions(std::span{&moment, 1});
    BOOST_TEST(events.insert_batch(house.terminal, moment, std::span{&event, 1}).front().has_value());
  }
}
