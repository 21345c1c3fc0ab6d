#include <boost/test/unit_test.hpp>
#include <cmath>
#include <limits>

#include "support/database.hpp"
#include "support/has_code.hpp"

using namespace visitor;
using namespace std::chrono_literals;
using test::has_code;
using test::says;

namespace {

struct Values : test::RolledBack {
  template <class T>
  T echo(const T& value) {
    return tx.row("SELECT $1 AS value", value).template get<T>("value");
  }
};

constexpr Instant at(std::chrono::sys_days day, std::chrono::microseconds time) {
  return Instant{day} + time;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(values, Values)

BOOST_AUTO_TEST_CASE(times_come_back_to_the_microsecond) {
  using namespace std::chrono;
  for (const auto instant :
       {at(2026y / 9 / 1, 17h + 27min + 53s + 123456us), at(1970y / 1 / 1, 0us), at(1969y / 12 / 31, 1us),
        at(2000y / 1 / 1, -1us), at(1y / 1 / 1, 0us), at(9999y / 12 / 31, 86399999999us)})
    BOOST_TEST(echo(instant) == instant);
}

BOOST_AUTO_TEST_CASE(the_server_means_the_same_instant) {
  const auto instant = at(std::chrono::year{2026} / 9 / 1, 17h + 27min + 53s + 123456us);
  const auto row =
      tx.row("SELECT $1 = '2026-09-01 22:27:53.123456+05'::timestamptz AS same, $1::text AS text", instant);
  BOOST_TEST(row.get<bool>("same"));
  BOOST_TEST(row.get<std::string>("text") == "2026-09-01 17:27:53.123456+00");  // sessions are in UTC
}

BOOST_AUTO_TEST_CASE(infinity_is_not_a_time) {
  const auto row = tx.row(
      "SELECT 'infinity'::timestamptz AS late, '-infinity'::timestamptz AS early, "
      "'infinity'::date AS day, '-infinity'::date AS old, now()::timestamp AS zoneless");
  BOOST_CHECK_EXCEPTION(row.get<Instant>("late"), Error, says(Errc::integrity, "'late'"));
  BOOST_CHECK_EXCEPTION(row.get<Instant>("early"), Error, says(Errc::integrity, "'early'"));
  BOOST_CHECK_EXCEPTION(row.get<std::chrono::year_month_day>("day"), Error, says(Errc::integrity, "'day'"));
  BOOST_CHECK_EXCEPTION(row.get<std::chrono::year_month_day>("old"), Error, says(Errc::integrity, "'old'"));
  BOOST_CHECK_EXCEPTION(row.get<Instant>("zoneless"), Error, says(Errc::integrity, "'zoneless'"));
}

BOOST_AUTO_TEST_CASE(dates_come_back_in_every_century) {
  using namespace std::chrono;
  for (const auto date : {2026y / 2 / 28, 2024y / 2 / 29, 1900y / 3 / 1, 1y / 1 / 1, 9999y / 12 / 31})
    BOOST_TEST((echo(year_month_day{date}) == year_month_day{date}));
}

BOOST_AUTO_TEST_CASE(spans_of_time_come_back_and_days_count_24_hours) {
  BOOST_TEST((echo(std::chrono::microseconds{90'000'001}) == 90'000'001us));
  const auto row = tx.row("SELECT interval '2 days 01:00' AS span, interval '1 month' AS month");
  BOOST_TEST((row.get<std::chrono::hours>("span") == 49h));
  BOOST_CHECK_EXCEPTION(row.get<std::chrono::hours>("month"), Error, says(Errc::integrity, "'month'"));
}

BOOST_AUTO_TEST_CASE(numbers_come_back_to_their_limits) {
  BOOST_TEST(echo(std::numeric_limits<std::int64_t>::min()) == std::numeric_limits<std::int64_t>::min());
  BOOST_TEST(echo(std::numeric_limits<std::int64_t>::max()) == std::numeric_limits<std::int64_t>::max());
  BOOST_TEST(echo(std::numeric_limits<std::int32_t>::min()) == std::numeric_limits<std::int32_t>::min());
  BOOST_TEST(echo(std::int16_t{-7}) == -7);
  BOOST_TEST(echo(std::uint32_t{4'000'000'000}) == 4'000'000'000U);
  BOOST_TEST(echo(0.1) == 0.1);
  BOOST_TEST(std::isinf(echo(std::numeric_limits<double>::infinity())));
  BOOST_TEST(std::isnan(echo(std::numeric_limits<double>::quiet_NaN())));
  BOOST_TEST((echo(VisitId{42}) == VisitId{42}));
  BOOST_TEST(echo(true));
  BOOST_TEST(!echo(false));
}

BOOST_AUTO_TEST_CASE(numbers_narrow_only_when_they_fit) {
  const auto row = tx.row("SELECT 7::smallint AS small, 7::bigint AS big, 3000000000 AS huge");
  BOOST_TEST(row.get<std::int64_t>("small") == 7);
  BOOST_TEST(row.get<int>("big") == 7);
  BOOST_CHECK_EXCEPTION(row.get<int>("huge"), Error, says(Errc::integrity, "'huge'"));
}

BOOST_AUTO_TEST_CASE(text_comes_back_in_any_script) {
  for (const std::string text : {"", "Гульнара Әбдіқалық", "'; DROP TABLE visit; --", "\\N\t\n\r\"", "🙂"})
    BOOST_TEST(echo(text) == text);
}

BOOST_AUTO_TEST_CASE(null_is_never_an_empty_string) {
  const auto row = tx.row(
      "SELECT $1 AS empty, $2 AS missing, $3::text AS bare, $1 IS NULL AS empty_is_null, "
      "$2 IS NULL AS missing_is_null",
      "", std::optional<std::string>{}, nullptr);
  BOOST_TEST(row.get<std::string>("empty") == "");
  BOOST_TEST(row.get<std::optional<std::string>>("empty").value() == "");
  BOOST_TEST(!row.get<std::optional<std::string>>("missing").has_value());
  BOOST_TEST(row.is_null("bare"));
  BOOST_TEST(!row.get<bool>("empty_is_null"));
  BOOST_TEST(row.get<bool>("missing_is_null"));
  BOOST_CHECK_EXCEPTION(row.get<std::string>("missing"), Error, says(Errc::integrity, "column 'missing' is NULL"));
}

BOOST_AUTO_TEST_CASE(text_that_the_database_cannot_hold_is_refused) {
  BOOST_CHECK_EXCEPTION(echo(std::string{"a\0b", 3}), db::DatabaseError,
                        [](const db::DatabaseError& error) { return error.sqlstate() == "22021"; });
}

BOOST_AUTO_TEST_CASE(bytes_come_back_whatever_they_are) {
  std::vector<std::byte> bytes(256);
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::byte>(i);
  BOOST_TEST((echo(bytes) == bytes));
  BOOST_TEST(echo(std::vector<std::byte>{}).empty());
  BOOST_TEST(tx.row("SELECT length($1) AS n", std::span<const std::byte>{bytes}).get<int>("n") == 256);
}

BOOST_AUTO_TEST_CASE(json_is_checked_and_comes_back_as_json) {
  BOOST_TEST(echo(db::Json{R"({"b":1,"a":[true,null]})"}).text == R"({"a": [true, null], "b": 1})");
  BOOST_TEST(tx.row(R"(SELECT '{"a":1}'::json AS j)").get<db::Json>("j").text == R"({"a":1})");
  BOOST_TEST(tx.row(R"(SELECT '{"a":1}'::jsonb AS j)").get<std::string>("j") == R"({"a": 1})");
  BOOST_CHECK_THROW(echo(db::Json{"{"}), db::DatabaseError);
}

BOOST_AUTO_TEST_CASE(arrays_come_back_with_their_nulls) {
  const std::vector<std::optional<std::string>> words{"a", std::nullopt, "", "NULL", "{,\"}"};
  BOOST_TEST((echo(words) == words));
  const std::vector<VisitId> ids{VisitId{3}, VisitId{1}};
  BOOST_TEST((echo(ids) == ids));
  const std::vector<Instant> times{Instant{1us}, Instant{-1us}};
  BOOST_TEST((echo(times) == times));
  const std::vector<bool> flags{true, false, true};
  BOOST_TEST((echo(flags) == flags));
  const std::vector<db::Json> documents{{"{}"}, {"[1]"}};
  BOOST_TEST((echo(documents) == documents));
  const std::vector<std::vector<std::byte>> blobs{{std::byte{0}}, {}};
  BOOST_TEST((echo(blobs) == blobs));
  BOOST_TEST(echo(std::vector<double>{}).empty());
  BOOST_TEST((tx.row("SELECT '{6,7}'::smallint[] AS days").get<std::vector<int>>("days") == std::vector<int>{6, 7}));
}

BOOST_AUTO_TEST_CASE(arrays_of_a_page_are_unnested_in_order) {
  std::vector<std::int64_t> numbers(5000);
  std::vector<std::optional<std::string>> texts(5000);
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    numbers[i] = static_cast<std::int64_t>(i);
    if (i % 2 == 0) texts[i] = std::to_string(i);
  }
  const auto rows = tx.rows("SELECT n, t FROM unnest($1, $2) AS page (n, t)", numbers, texts);

  BOOST_TEST(rows.size() == 5000U);
  BOOST_TEST(rows[4998].get<std::string>("t") == "4998");
  BOOST_TEST(rows[4999].get<std::int64_t>("n") == 4999);
  BOOST_TEST(rows[4999].is_null("t"));
}

BOOST_AUTO_TEST_CASE(columns_are_found_by_name_and_only_if_there_is_one) {
  const auto row = tx.row("SELECT 1 AS a, 2 AS b, 3 AS b");
  BOOST_TEST(row.get<int>("a") == 1);
  BOOST_CHECK_EXCEPTION(row.get<int>("b"), Error, says(Errc::integrity, "more than one column 'b'"));
  BOOST_CHECK_EXCEPTION(row.get<int>("c"), Error, says(Errc::integrity, "no column 'c'"));
}

BOOST_AUTO_TEST_SUITE_END()
