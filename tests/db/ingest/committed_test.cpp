#include <boost/test/unit_test.hpp>
#include <future>
#include <memory>

#include "db/migrator.hpp"
#include "given.hpp"
#include "store/visits.hpp"

using namespace visitor;
using namespace visitor::test;
using domain::VisitStatus;

namespace {

/// What these commit must not be seen by the others.
struct OwnDatabase {
  static db::Pool& migrated() {
    static const auto pool = [] {
      db::PoolOptions options;
      options.connection.conninfo = TestDatabase::instance().make_empty_database("ingest_commits");
      db::Connection connection{options.connection};
      db::Migrator{connection, db::embedded_migrations()}.migrate();
      return std::make_unique<db::Pool>(options);
    }();
    return *pool;
  }
  db::Pool& pool = migrated();
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(pages_and_commits, OwnDatabase)

BOOST_AUTO_TEST_CASE(a_page_that_is_not_committed_leaves_nothing) {
  VisitId visit;
  TerminalId entrance;
  {
    db::Transaction tx{pool};
    GivenSite given{tx};
    visit = given.given_visit(given.given_guest("rolled back"));
    entrance = given.entrance;
    tx.commit();
  }
  {
    db::Transaction tx{pool};
    const auto actor = app::ensure_actor(tx, "system", domain::ActionHow::automatic, at("2026-09-01T08:00:00Z"));
    const config::Settings settings;
    app::ingest_page({tx, actor, at("2026-09-01T08:05:01Z"), settings, domain::Scope::everything()}, entrance, "d1",
                     {pass(1, "08:05", "rolled back"), lock(3, "2031-01-01T00:00:00Z")}, {});
  }
  db::Transaction tx{pool};
  BOOST_TEST((store::Visits{tx, domain::Scope::everything()}.get(visit).state.status == VisitStatus::awaiting));
  BOOST_TEST(tx.rows("SELECT id FROM access_event WHERE terminal_id = $1", entrance).empty());
  BOOST_TEST(tx.rows("SELECT id FROM serial_gap WHERE terminal_id = $1", entrance).empty());
  BOOST_TEST(tx.row("SELECT last_serial FROM terminal WHERE id = $1", entrance).get<int>("last_serial") == 0);
}

BOOST_AUTO_TEST_CASE(a_page_with_news_writes_one_change_row_for_its_events_and_one_per_visit) {
  db::Transaction tx{pool};
  GivenSite given{tx};
  const auto visit = given.given_visit(given.given_guest("committed"));
  given.page(given.entrance, {pass(1, "08:05", "committed"), lock(2, "08:05")});
  const auto terminal = given.entrance;
  tx.commit();

  db::Transaction look{pool};
  BOOST_TEST(look.rows("SELECT id FROM change WHERE topic = 'event' AND entity_id = $1", terminal).size() == 1U);
  BOOST_TEST(
      look.row("SELECT version FROM change WHERE topic = 'visit' AND entity_id = $1", visit).get<int>("version") == 2);
}

BOOST_AUTO_TEST_CASE(two_terminals_that_see_one_guest_at_once_agree) {
  GuestId guest;
  VisitId visit;
  TerminalId entrance, way_out;
  {
    db::Transaction tx{pool};
    GivenSite given{tx};
    guest = given.given_guest("at once");
    visit = given.given_visit(guest);
    entrance = given.entrance;
    way_out = given.way_out;
    tx.commit();
  }
  const auto deliver = [&](TerminalId terminal, int first_minute) {
    for (int i = 0; i < 10; ++i)
      db::with_retry(pool, 5, [&](db::Transaction& tx) {
        const auto actor = app::ensure_actor(tx, "system", domain::ActionHow::automatic, at("2026-09-01T08:00:00Z"));
        const config::Settings settings;
        const auto time = "08:" + std::to_string(first_minute + 2 * i);
        app::ingest_page({tx, actor, at("2026-09-01T09:00:00Z"), settings, domain::Scope::everything()}, terminal, "d1",
                         {pass(i + 1, time, "at once")}, {});
      });
  };
  auto other = std::async(std::launch::async, [&] { deliver(way_out, 21); });
  deliver(entrance, 20);
  other.get();

  db::Transaction tx{pool};
  const auto state = store::Visits{tx, domain::Scope::everything()}.get(visit).state;
  BOOST_TEST((state.status == VisitStatus::checked_out));
  BOOST_TEST(*state.checked_in_at == at("2026-09-01T08:20:00Z"));
  BOOST_TEST(*state.checked_out_at == at("2026-09-01T08:39:00Z"));
  BOOST_TEST(state.entry_count == 10);
  BOOST_TEST(state.exit_count == 10);
}

BOOST_AUTO_TEST_SUITE_END()
