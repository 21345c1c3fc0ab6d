#include <array>
#include <boost/test/unit_test.hpp>

#include "support/database.hpp"
#include "support/has_code.hpp"

using namespace visitor;
using test::has_code;
using test::says;

namespace {

struct Statements : test::RolledBack {
  Statements() { tx.script("CREATE TEMP TABLE thing (id bigint PRIMARY KEY, name text) ON COMMIT DROP"); }
  std::int64_t count() { return tx.row("SELECT count(*) AS n FROM thing").get<std::int64_t>("n"); }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(statements, Statements)

BOOST_AUTO_TEST_CASE(the_call_states_the_shape_of_the_result) {
  BOOST_TEST(tx.exec("INSERT INTO thing SELECT n, 'x' FROM generate_series(1, 3) n") == 3);
  BOOST_TEST(tx.rows("SELECT id FROM thing ORDER BY id").size() == 3U);
  BOOST_TEST(tx.maybe_row("SELECT id FROM thing WHERE id = $1", 2)->get<int>("id") == 2);
  BOOST_TEST(!tx.maybe_row("SELECT id FROM thing WHERE id = $1", 9).has_value());
  BOOST_CHECK_EXCEPTION(tx.row("SELECT id FROM thing WHERE id = $1", 9), Error, says(Errc::integrity, "0 rows"));
  BOOST_CHECK_EXCEPTION(tx.row("SELECT id FROM thing"), Error, says(Errc::integrity, "3 rows"));
  BOOST_CHECK_EXCEPTION(tx.maybe_row("SELECT id FROM thing"), Error, says(Errc::integrity, "3 rows"));
}

BOOST_AUTO_TEST_CASE(rows_outlive_later_statements) {
  const auto rows = tx.rows("SELECT n FROM generate_series(1, 3) n");
  tx.exec("SELECT 1");
  int sum = 0;
  for (const auto& row : rows) sum += row.get<int>("n");
  BOOST_TEST(sum == 6);
}

BOOST_AUTO_TEST_CASE(a_statement_is_prepared_once_per_session_and_parameter_types) {
  constexpr auto kSql = "SELECT $1::text AS prepared_once";
  for (int i = 0; i < 5; ++i) tx.row(kSql, "a");
  tx.row(kSql, nullptr);

  const auto known = tx.row("SELECT count(*) AS n FROM pg_prepared_statements WHERE statement = $1", kSql);
  BOOST_TEST(known.get<int>("n") == 2);
}

BOOST_AUTO_TEST_CASE(a_session_keeps_a_bounded_number_of_prepared_statements) {
  for (int i = 0; i < 600; ++i) tx.exec("SELECT " + std::to_string(i));
  BOOST_TEST(tx.row("SELECT count(*) AS n FROM pg_prepared_statements").get<int>("n") <= 520);
  BOOST_TEST(tx.row("SELECT 0 AS again").get<int>("again") == 0);
}

BOOST_AUTO_TEST_CASE(a_statement_works_again_after_its_table_has_changed) {
  constexpr auto kSql = "SELECT * FROM thing";
  tx.rows(kSql);
  tx.script("ALTER TABLE thing ADD COLUMN more int");
  BOOST_CHECK_THROW(tx.savepoint([&] { tx.rows(kSql); }), db::DatabaseError);  // its plan is fixed
  tx.exec("INSERT INTO thing VALUES (1, 'a', 5)");
  BOOST_TEST(tx.row(kSql).get<int>("more") == 5);
}

BOOST_AUTO_TEST_CASE(big_results_are_handed_over_row_by_row) {
  std::int64_t sum = 0;
  tx.for_each(
      "SELECT n FROM generate_series(1, $1) n", [&sum](const db::Row& row) { sum += row.get<std::int64_t>("n"); },
      100'000);
  BOOST_TEST(sum == 5'000'050'000);
  BOOST_TEST(tx.row("SELECT 1 AS after").get<int>("after") == 1);
}

BOOST_AUTO_TEST_CASE(no_other_statement_runs_while_rows_are_handed_over) {
  BOOST_CHECK_EXCEPTION(
      tx.for_each("SELECT 1 FROM generate_series(1, 10)", [this](const db::Row&) { tx.exec("SELECT 1"); }), Error,
      has_code(Errc::failed));
}

BOOST_AUTO_TEST_CASE(what_the_reader_throws_ends_the_query_and_leaves_the_connection_whole) {
  struct Enough {};
  db::Transaction other{pool};
  const auto pid = other.connection().backend_pid();
  BOOST_CHECK_THROW(other.for_each("SELECT generate_series(1, 50000000) AS n", [](const db::Row&) { throw Enough{}; }),
                    Enough);
  BOOST_CHECK_THROW(other.exec("SELECT 1"), db::DatabaseError);  // aborted, but answered
  BOOST_TEST(other.connection().alive());
  BOOST_TEST(other.connection().backend_pid() == pid);
}

BOOST_AUTO_TEST_CASE(the_rows_of_a_cursor_come_in_order_whatever_a_batch_holds) {
  for (const int rows : {0, 1, 6, 7, 8, 14, 5000}) {
    tx.exec(fmt::format("DECLARE c NO SCROLL CURSOR FOR SELECT n, n::text AS t FROM generate_series(1, {}) n", rows));
    std::int64_t next = 1;
    std::optional<std::size_t> position;
    tx.fetch_each("c", 7, [&](const db::Row& row) {
      if (!position) position = row.position("t");
      BOOST_TEST(row.get<std::int64_t>("n") == next);
      BOOST_TEST(row.cell_at(*position).bytes == fmt::to_string(next));
      ++next;
    });
    BOOST_TEST(next == rows + 1);
    tx.exec("CLOSE c");
  }
}

BOOST_AUTO_TEST_CASE(a_batch_may_be_larger_than_what_the_socket_holds) {
  tx.exec("DECLARE c NO SCROLL CURSOR FOR SELECT repeat('x', 100000) AS t FROM generate_series(1, 100)");
  std::size_t bytes = 0;
  tx.fetch_each("c", 40, [&](const db::Row& row) { bytes += row.cell("t").bytes.size(); });
  BOOST_TEST(bytes == 10'000'000U);
}

BOOST_AUTO_TEST_CASE(the_position_of_a_column_that_is_not_there_is_refused) {
  const auto row = tx.row("SELECT 1 AS one, 2 AS two, 3 AS two");
  BOOST_TEST(row.position("one") == 0U);
  BOOST_CHECK_EXCEPTION(row.position("three"), Error, has_code(Errc::integrity));
  BOOST_CHECK_EXCEPTION(row.position("two"), Error, has_code(Errc::integrity));
}

BOOST_AUTO_TEST_CASE(no_other_statement_runs_while_the_rows_of_a_cursor_are_handed_over) {
  db::Transaction other{pool};
  other.exec("DECLARE c NO SCROLL CURSOR FOR SELECT generate_series(1, 10)");
  BOOST_CHECK_EXCEPTION(other.fetch_each("c", 2, [&](const db::Row&) { other.exec("SELECT 1"); }), Error,
                        has_code(Errc::failed));
}

BOOST_AUTO_TEST_CASE(what_the_reader_of_a_cursor_throws_leaves_the_connection_whole) {
  struct Enough {};
  db::Transaction other{pool};
  const auto pid = other.connection().backend_pid();
  other.exec("DECLARE c NO SCROLL CURSOR FOR SELECT repeat('x', 1000) FROM generate_series(1, 50000000)");
  BOOST_CHECK_THROW(other.fetch_each("c", 5000, [](const db::Row&) { throw Enough{}; }), Enough);
  BOOST_TEST(other.connection().alive());
  BOOST_TEST(other.connection().backend_pid() == pid);
}

BOOST_AUTO_TEST_CASE(a_cursor_that_fails_halfway_says_so) {
  db::Transaction other{pool};
  other.exec("DECLARE c NO SCROLL CURSOR FOR SELECT 1 / (20 - n) FROM generate_series(1, 30) n");
  std::int64_t seen = 0;
  BOOST_CHECK_THROW(other.fetch_each("c", 5, [&](const db::Row&) { ++seen; }), db::DatabaseError);
  BOOST_TEST(seen == 15);
  BOOST_CHECK_THROW(db::Transaction{pool}.fetch_each("nowhere", 5, [](const db::Row&) {}), db::DatabaseError);
}

BOOST_AUTO_TEST_CASE(copied_rows_keep_tabs_line_ends_and_nulls) {
  auto copy = tx.copy_in("COPY thing (id, name) FROM STDIN");
  copy.row(std::array<std::optional<std::string_view>, 2>{"1", "a\tb\nc\\N\r"});
  copy.row(std::array<std::optional<std::string_view>, 2>{"2", std::nullopt});
  copy.row(std::array<std::optional<std::string_view>, 2>{"3", ""});
  copy.raw("4\tplain\n");
  BOOST_TEST(copy.finish() == 4);

  BOOST_TEST(tx.row("SELECT name FROM thing WHERE id = 1").get<std::string>("name") == "a\tb\nc\\N\r");
  BOOST_TEST(tx.row("SELECT name FROM thing WHERE id = 2").is_null("name"));
  BOOST_TEST(tx.row("SELECT name FROM thing WHERE id = 3").get<std::string>("name") == "");
}

BOOST_AUTO_TEST_CASE(many_copied_rows_pass_in_pieces) {
  auto copy = tx.copy_in("COPY thing (id, name) FROM STDIN");
  const std::string name(500, 'x');
  for (int i = 0; i < 20'000; ++i) {
    const auto id = std::to_string(i);
    copy.row(std::array<std::optional<std::string_view>, 2>{id, name});
  }
  BOOST_TEST(copy.finish() == 20'000);
  BOOST_TEST(count() == 20'000);
}

BOOST_AUTO_TEST_CASE(a_copy_that_is_given_up_stores_nothing) {
  BOOST_CHECK_THROW(tx.savepoint([&] {
    auto copy = tx.copy_in("COPY thing (id, name) FROM STDIN");
    copy.row(std::array<std::optional<std::string_view>, 2>{"1", "a"});
    throw Error(Errc::failed, "changed our mind");
  }),
                    Error);
  BOOST_TEST(count() == 0);
}

BOOST_AUTO_TEST_CASE(a_bad_copied_row_is_an_error_and_not_a_lost_connection) {
  BOOST_CHECK_EXCEPTION(tx.savepoint([&] {
    auto copy = tx.copy_in("COPY thing (id, name) FROM STDIN");
    copy.raw("not a number\tx\n");
    copy.finish();
  }),
                        db::DatabaseError, [](const db::DatabaseError& error) { return error.sqlstate() == "22P02"; });
  BOOST_TEST(count() == 0);
}

BOOST_AUTO_TEST_SUITE_END()
