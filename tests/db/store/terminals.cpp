#include "store/terminals.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

#include "store/doors.hpp"
#include "support/database.hpp"
#include "support/has_code.hpp"
#include "support/house.hpp"

using namespace visitor;
using namespace visitor::test;
using domain::TerminalState;
using std::chrono::seconds;

namespace {

struct TerminalsFixture : RolledBack {
  House house = House::build(tx);
  store::Terminals terminals{tx, domain::Scope::everything()};

  bool holds(const std::vector<domain::Terminal>& list, TerminalId id) {
    return std::any_of(list.begin(), list.end(), [&](const auto& one) { return one.id == id; });
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(terminals_store, TerminalsFixture)

BOOST_AUTO_TEST_CASE(a_terminal_begins_new_and_enabled_with_an_empty_cursor) {
  const auto terminal = terminals.get(house.terminal);
  BOOST_TEST((terminal.state == TerminalState::fresh));
  BOOST_TEST(terminal.enabled);
  BOOST_TEST(!terminal.cursor_at);
  BOOST_TEST(terminal.epoch == 1);
  BOOST_TEST(terminal.lease_holder == "");
  BOOST_TEST(terminals.find_by_name("GATE " + house.tag)->id.value == house.terminal.value);
  BOOST_CHECK_EXCEPTION(given_terminal(tx, house.site, "gate " + house.tag), Error, has_code(Errc::conflict));
  BOOST_CHECK_EXCEPTION(terminals.get(TerminalId{987654}), Error, says(Errc::not_found, "terminal 987654"));
  BOOST_CHECK_EXCEPTION(terminals.lock(TerminalId{987654}), Error, has_code(Errc::not_found));
}

BOOST_AUTO_TEST_CASE(progress_adds_up_and_the_last_event_never_goes_back) {
  store::TerminalProgress progress;
  progress.cursor_at = today_at("09:00");
  progress.epoch = 2;
  progress.last_serial = 40;
  progress.last_event_at = today_at("09:00");
  progress.events_added = 30;
  progress.noise_added = 2;
  progress.backlog = 100;
  terminals.save_progress(house.terminal, progress);
  progress.last_event_at = today_at("08:00");
  progress.backlog.reset();
  terminals.save_progress(house.terminal, progress);

  const auto terminal = terminals.lock(house.terminal);
  BOOST_TEST(*terminal.cursor_at == today_at("09:00"));
  BOOST_TEST(terminal.epoch == 2);
  BOOST_TEST(terminal.last_serial == 40);
  BOOST_TEST(*terminal.last_event_at == today_at("09:00"));
  BOOST_TEST(terminal.event_count == 60);
  BOOST_TEST(terminal.noise_count == 4);
  BOOST_TEST(!terminal.backlog);
}

BOOST_AUTO_TEST_CASE(a_state_lasts_since_its_first_sighting) {
  store::TerminalHealth offline;
  offline.state = TerminalState::offline;
  offline.last_error = std::string(499, 'x') + "Я and more";
  offline.failures = 1;
  offline.clock_offset = std::chrono::milliseconds{-1500};
  BOOST_TEST(terminals.save_health(house.terminal, offline, today_at("08:00")));
  offline.failures = 2;
  offline.clock_offset.reset();
  BOOST_TEST(!terminals.save_health(house.terminal, offline, today_at("08:05")));

  auto terminal = terminals.get(house.terminal);
  BOOST_TEST((terminal.state == TerminalState::offline));
  BOOST_TEST(terminal.state_since == today_at("08:00"));
  BOOST_TEST(terminal.failures == 2);
  BOOST_TEST(terminal.clock_offset->count() == -1500);
  BOOST_TEST(terminal.last_error == std::string(499, 'x') + "\uFFFD");

  store::TerminalHealth online;
  online.last_answer_at = today_at("08:10");
  BOOST_TEST(terminals.save_health(house.terminal, online, today_at("08:10")));
  terminal = terminals.get(house.terminal);
  BOOST_TEST(terminal.state_since == today_at("08:10"));
  BOOST_TEST(terminal.last_error == "");
  BOOST_TEST(*terminal.last_answer_at == today_at("08:10"));
}

BOOST_AUTO_TEST_CASE(what_a_terminal_says_of_itself_is_kept) {
  BOOST_TEST(!terminals.capabilities(house.terminal));
  terminals.save_identity(house.terminal, {"DS-K1T671M", "V3.2.30", "SN1", "aa:bb:cc:dd:ee:ff", R"({"max": 30})"});
  terminals.save_identity(house.terminal, {"DS-K1T671M", "V3.2.31", "SN1", "aa:bb:cc:dd:ee:ff", std::nullopt});
  BOOST_TEST(*terminals.capabilities(house.terminal) == R"({"max": 30})");
  BOOST_TEST(terminals.get(house.terminal).firmware == "V3.2.31");

  terminals.pin_certificate(house.terminal, std::vector<std::byte>(32, std::byte{5}));
  BOOST_TEST(terminals.get(house.terminal).certificate_sha256->size() == 32);
  terminals.pin_certificate(house.terminal, std::nullopt);
  BOOST_TEST(!terminals.get(house.terminal).certificate_sha256);
}

BOOST_AUTO_TEST_CASE(enabling_what_is_enabled_changes_nothing) {
  BOOST_TEST(!terminals.set_enabled(house.terminal, true, today_at("08:00")));
  BOOST_TEST(*terminals.set_enabled(house.terminal, false, today_at("08:00")) == 2);
  BOOST_TEST(*terminals.set_enabled(house.terminal, true, today_at("09:00")) == 3);
  BOOST_TEST(terminals.get(house.terminal).state_since == today_at("09:00"));
  BOOST_CHECK_EXCEPTION(terminals.set_enabled(TerminalId{987654}, true, today_at("08:00")), Error,
                        has_code(Errc::not_found));
}

BOOST_AUTO_TEST_CASE(a_lease_moves_only_after_it_has_run_out) {
  const auto all = 1'000'000;
  BOOST_TEST(holds(terminals.acquire_leases("a", today_at("08:00:00"), seconds{10}, all), house.terminal));
  BOOST_TEST(!holds(terminals.acquire_leases("b", today_at("08:00:09"), seconds{10}, all), house.terminal));
  BOOST_TEST(holds(terminals.renew_leases("a", today_at("08:00:09"), seconds{10}), house.terminal));
  BOOST_TEST(!holds(terminals.acquire_leases("b", today_at("08:00:18"), seconds{10}, all), house.terminal));
  BOOST_TEST(holds(terminals.acquire_leases("b", today_at("08:00:19"), seconds{10}, all), house.terminal));
  BOOST_TEST(terminals.renew_leases("a", today_at("08:00:20"), seconds{10}).empty());
  BOOST_TEST(terminals.get(house.terminal).lease_holder == "b");

  terminals.release_leases("b");
  BOOST_TEST(holds(terminals.acquire_leases("a", today_at("08:00:21"), seconds{10}, all), house.terminal));
}

BOOST_AUTO_TEST_CASE(a_disabled_terminal_is_let_go_at_the_next_renewal_and_not_taken) {
  const auto all = 1'000'000;
  terminals.acquire_leases("a", today_at("08:00:00"), seconds{10}, all);
  terminals.set_enabled(house.terminal, false, today_at("08:00:01"));
  BOOST_TEST(!holds(terminals.renew_leases("a", today_at("08:00:02"), seconds{10}), house.terminal));
  BOOST_TEST(terminals.get(house.terminal).lease_holder == "");
  BOOST_TEST(!holds(terminals.acquire_leases("b", today_at("08:00:03"), seconds{10}, all), house.terminal));
}

BOOST_AUTO_TEST_CASE(a_door_is_added_then_replaced_and_left_alone_where_nothing_differs) {
  store::Doors doors{tx, domain::Scope::everything()};
  domain::Door door;
  door.terminal = house.terminal;
  door.door_no = 2;
  door.direction = domain::Direction::entry;
  const auto added = doors.set(door);
  BOOST_TEST(added.version == 1);
  BOOST_TEST(added.changed);
  BOOST_TEST(!doors.set(door).changed);
  door.direction = domain::Direction::exit;
  const auto replaced = doors.set(door);
  BOOST_TEST(replaced.id.value == added.id.value);
  BOOST_TEST(replaced.version == 2);
  BOOST_TEST((doors.find(added.id)->direction == domain::Direction::exit));
  BOOST_TEST(doors.of(house.terminal).size() == 3);
  BOOST_TEST(doors.list(house.terminal)[0].terminal_name == "Gate " + house.tag);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_CASE(two_daemons_never_take_the_same_terminal, Database) {
  House house;
  {
    db::Transaction tx{pool};
    house = House::build(tx);
    for (int i = 0; i < 9; ++i) given_terminal(tx, house.site, house.tag + " terminal " + std::to_string(i));
    tx.commit();
  }
  db::Transaction first{pool};
  db::Transaction second{pool};
  const auto taken_first =
      store::Terminals{first, domain::Scope::everything()}.acquire_leases("a", today_at("08:00"), seconds{10}, 5);
  const auto taken_second = store::Terminals{second, domain::Scope::everything()}.acquire_leases(
      "b", today_at("08:00"), seconds{10}, 1'000'000);
  first.commit();
  second.commit();

  BOOST_TEST(taken_first.size() == 5);
  BOOST_TEST(taken_second.size() >= 5);
  for (const auto& mine : taken_first)
    for (const auto& theirs : taken_second) BOOST_TEST((mine.id != theirs.id));
}
