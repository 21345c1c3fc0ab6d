#include <boost/test/unit_test.hpp>

#include "app/changes.hpp"
#include "app/events.hpp"
#include "store/journal.hpp"
#include "work.hpp"

using namespace visitor;
using namespace visitor::test;
namespace topic = store::topic;

namespace {

/// A terminal's page as ingest commits it: events, and a change that says up to which number they reach.
class Page {
 public:
  Page(db::Pool& pool, const House& house) : tx_(pool), house_(house) {}

  Page& with(std::int64_t serial) {
    const auto newest = given_passage(tx_, house_, serial, today_at("09:00"), domain::Direction::entry);
    store::Journal{tx_, AccountId{}, today_at("09:00")}.change(topic::kEvent, house_.terminal, newest.value);
    return *this;
  }
  void commit() { tx_.commit(); }

 private:
  db::Transaction tx_;
  House house_;
};

struct TwoHouses : Database {
  config::Settings settings;
  app::Actor actor;
  House here, there;
  ChangeId start;

  TwoHouses() {
    db::Transaction tx{pool};
    here = House::build(tx);
    there = House::build(tx);
    actor = app::ensure_actor(tx, "reception", domain::ActionHow::person, today_at("06:00"));
    tx.commit();
    db::Transaction reading{pool};
    start = store::JournalReader{reading}.cursor();
  }

  template <class What>
  auto reading(What&& what) {
    db::Transaction tx{pool, {.isolation = db::Isolation::repeatable_read, .read_only = true}};
    return what(app::Work{tx, actor, today_at("10:00"), settings, domain::Scope::everything()});
  }
  std::vector<app::EventTail::Told> poll(app::EventTail& tail) {
    return reading([&](const app::Work& work) { return tail.poll(work); });
  }
  std::vector<std::int64_t> serials(app::EventTail& tail) {
    std::vector<std::int64_t> all;
    for (const auto& told : poll(tail)) all.push_back(told.listed.event.key.serial);
    return all;
  }
};

using Serials = std::vector<std::int64_t>;

void check(const Serials& got, const Serials& wanted) {
  BOOST_TEST(got == wanted, boost::test_tools::per_element());
}

/// Changes of these moments, written straight into the table of a transaction that is rolled back.
struct OldFeed : AtWork {
  OldFeed() {
    tx.exec("DELETE FROM change");
    settings.changes.keep = std::chrono::hours{2};
  }
  ChangeId change(std::string_view clock, std::string_view about = topic::kVisit, std::int64_t entity = 1,
                  std::int64_t version = 1) {
    return tx
        .row("INSERT INTO change (at, topic, entity_id, version) VALUES ($1, $2, $3, $4) RETURNING id", today_at(clock),
             about, entity, version)
        .get<ChangeId>("id");
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(event_tail, TwoHouses)

BOOST_AUTO_TEST_CASE(each_event_is_handed_out_once_in_the_order_of_commits) {
  app::EventTail tail{{}, {start, {}}};
  check(serials(tail), {});
  Page{pool, here}.with(1).with(2).commit();
  check(serials(tail), {1, 2});
  check(serials(tail), {});

  // Numbers are given before the commit: the event with the lower number becomes visible last.
  Page slow{pool, here};
  slow.with(3);
  Page quick{pool, there};
  quick.with(4).commit();
  check(serials(tail), {4});
  slow.commit();
  check(serials(tail), {3});
  check(serials(tail), {});
}

BOOST_AUTO_TEST_CASE(the_cursor_of_any_event_goes_on_with_the_next_one_in_another_tail) {
  Page{pool, here}.with(1).with(2).with(3).commit();
  Page{pool, there}.with(4).commit();
  Page{pool, here}.with(5).commit();
  app::EventTail all{{}, {start, {}}};
  const auto told = poll(all);
  BOOST_REQUIRE(told.size() == 5);
  const Serials order{1, 2, 3, 4, 5};
  for (std::size_t i = 0; i < told.size(); ++i) {
    const auto text = app::to_text(told[i].cursor);
    BOOST_TEST_CONTEXT("after event " << i + 1 << ", cursor " << text) {
      const auto cursor = app::parse_event_cursor(text);
      BOOST_REQUIRE(cursor);
      app::EventTail rest{{}, *cursor};
      check(serials(rest), Serials(order.begin() + static_cast<std::ptrdiff_t>(i) + 1, order.end()));
    }
  }
}

BOOST_AUTO_TEST_CASE(a_tail_with_a_filter_passes_the_rest_by) {
  app::EventFilter filter;
  filter.terminal = there.terminal;
  app::EventTail tail{filter, {start, {}}};
  Page{pool, here}.with(1).commit();
  Page{pool, there}.with(2).commit();
  filter.site = there.site;
  app::EventTail by_site{filter, {start, {}}};
  check(serials(by_site), {2});
  check(serials(tail), {2});
}

BOOST_AUTO_TEST_CASE(what_fails_midway_is_read_again) {
  app::EventTail tail{{}, {start, {}}};
  Page{pool, here}.with(1).commit();
  {
    db::Transaction broken{pool};
    BOOST_CHECK_THROW(broken.exec("SELECT 1 / 0"), db::DatabaseError);
    BOOST_CHECK_THROW(tail.poll({broken, actor, today_at("10:00"), settings, domain::Scope::everything()}), Error);
  }
  check(serials(tail), {1});
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_CASE(cursors_of_events_are_read_strictly) {
  for (const auto* text : {"118", "118/4567", "0"}) BOOST_TEST(app::to_text(*app::parse_event_cursor(text)) == text);
  for (const auto* text :
       {"", "x", "-1", "118/", "118/0", "118/-4", "/7", "0/7", "118/4567/1", "1.5", " 118", "99999999999999999999"})
    BOOST_TEST_CONTEXT(text) BOOST_TEST(!app::parse_event_cursor(text));
}

BOOST_FIXTURE_TEST_SUITE(trimmed_feed, OldFeed)

BOOST_AUTO_TEST_CASE(what_is_older_than_the_retention_goes_and_the_cursor_stays) {
  change("05:59:59");
  const auto old = change("06:29:59");
  const auto kept = change("06:30:00");
  BOOST_TEST(app::trim_changes(work("08:30:00")) == 2);
  BOOST_TEST(app::trim_changes(work("08:30:00")) == 0);
  store::JournalReader feed{tx};
  BOOST_TEST(feed.horizon().value == old.value);
  BOOST_TEST(feed.cursor().value == kept.value);
  app::ChangeFeed from_horizon{old, {}};
  BOOST_TEST(from_horizon.poll(work()).size() == 1);
  app::ChangeFeed too_late{ChangeId{old.value - 1}, {}};
  BOOST_CHECK_EXCEPTION(too_late.poll(work()), Error, says(Errc::partial, "gone"));
}

BOOST_AUTO_TEST_CASE(an_empty_feed_still_knows_what_was_there) {
  const auto last = change("05:00");
  BOOST_TEST(app::trim_changes(work("08:30")) == 1);
  store::JournalReader feed{tx};
  BOOST_TEST(feed.cursor().value == last.value);
  BOOST_TEST(app::newest_change(work()).value == last.value);
  BOOST_CHECK_NO_THROW(app::require_kept(work(), last));
  BOOST_CHECK_EXCEPTION(app::require_kept(work(), ChangeId{last.value - 1}), Error, says(Errc::partial, "gone"));
  BOOST_CHECK_EXCEPTION(app::require_kept(work(), ChangeId{last.value + 1}), Error, says(Errc::partial, "restored"));
  BOOST_CHECK_EXCEPTION(app::cursor_since(work(), today_at("06:29")), Error, has_code(Errc::partial));
  BOOST_TEST(app::cursor_since(work(), today_at("06:30")).value == last.value);
}

BOOST_AUTO_TEST_CASE(a_time_is_the_cursor_before_the_first_change_made_then) {
  const auto before = change("07:00");
  change("07:30");
  const auto last = change("07:45");
  BOOST_TEST(app::cursor_since(work(), today_at("07:30")).value == before.value);
  BOOST_TEST(app::cursor_since(work(), today_at("07:46")).value == last.value);
}

BOOST_AUTO_TEST_CASE(the_newest_change_of_each_terminals_events_survives_so_that_the_next_page_has_a_beginning) {
  const auto id = house.terminal.value;
  change("05:00", topic::kEvent, id, 10);
  change("05:10", topic::kEvent, id, 20);
  change("05:20", topic::kEvent, id + 1, 15);
  change("05:30");
  const auto next = change("08:00", topic::kEvent, id, 30);
  BOOST_TEST(app::trim_changes(work("08:30")) == 2);
  store::JournalReader feed{tx};
  BOOST_TEST(feed.events_before(house.terminal, next).value == 20);
  BOOST_TEST(feed.events_before(TerminalId{id + 1}, next).value == 15);
  // The kept ones are not handed out: they lie before the horizon.
  app::ChangeFeed all{feed.horizon(), {}};
  BOOST_TEST(all.poll(work()).size() == 1);
}

BOOST_AUTO_TEST_CASE(a_feed_of_one_topic_is_not_gone_when_others_are_trimmed) {
  const auto visit = change("05:00");
  app::ChangeFeed visits{visit, {std::string{topic::kVisit}}};
  BOOST_TEST(visits.poll(work()).empty());
  change("05:10", topic::kGuest);
  BOOST_TEST(visits.poll(work()).empty());
  app::trim_changes(work("08:30"));
  BOOST_CHECK_NO_THROW(visits.poll(work()));
}

BOOST_AUTO_TEST_CASE(trimming_goes_on_in_steps_where_there_is_much) {
  std::vector<ChangeId> ids;
  for (int i = 0; i < 5; ++i) ids.push_back(change("05:00"));
  BOOST_TEST(store::trim_changes(tx, today_at("06:00"), 1) == 2);
  BOOST_TEST(store::JournalReader{tx}.horizon().value == ids[1].value);
  BOOST_TEST(store::trim_changes(tx, today_at("06:00"), 100) == 3);
}

BOOST_AUTO_TEST_SUITE_END()
