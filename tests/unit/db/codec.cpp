#include "db/codec.hpp"

#include <boost/test/unit_test.hpp>
#include <limits>

#include "db/param.hpp"
#include "support/has_code.hpp"

using namespace visitor;
using namespace visitor::db;
using test::has_code;
using test::says;

namespace {

std::string be32(std::initializer_list<std::int32_t> words) {
  std::string out;
  for (const auto word : words) put_be<4>(out, static_cast<std::uint32_t>(word));
  return out;
}

Cell int8_array(std::string_view bytes) {
  return {bytes, type::kInt8Array, false, "ids"};
}

}  // namespace

BOOST_AUTO_TEST_CASE(an_array_of_ids_has_the_shape_of_array_send) {
  std::string out;
  Codec<std::vector<VisitId>>::encode(out, {VisitId{1}, VisitId{-2}});

  std::string wanted = be32({1, 0, 20, 2, 1, 8, 0, 1, 8, -1, -2});
  BOOST_TEST(out == wanted);
}

BOOST_AUTO_TEST_CASE(an_empty_array_has_no_dimension) {
  std::string out;
  Codec<std::vector<std::string>>::encode(out, {});
  BOOST_TEST(out == be32({0, 0, 25}));
}

BOOST_AUTO_TEST_CASE(null_and_the_empty_string_are_two_things) {
  const auto params = Params::of("", std::optional<std::string>{}, std::optional<std::string>{""}, nullptr);

  BOOST_TEST(params.slots()[0].length == 0);
  BOOST_TEST(params.slots()[1].length == Params::kNull);
  BOOST_TEST(params.slots()[2].length == 0);
  BOOST_TEST(params.slots()[3].length == Params::kNull);
  BOOST_TEST(params.slots()[1].type == type::kText);
  BOOST_TEST(params.data(params.slots()[1]) == nullptr);
  BOOST_TEST(params.data(params.slots()[0]) != nullptr);
}

BOOST_AUTO_TEST_CASE(arrays_that_lie_about_their_size_are_refused) {
  const auto decode = [](const std::string& bytes) { return Codec<std::vector<VisitId>>::decode(int8_array(bytes)); };

  for (const auto& bytes : {std::string{}, be32({1, 0, 20}), be32({1, 0, 20, 1000000000, 1}), be32({1, 0, 20, -1, 1}),
                            be32({1, 0, 20, 1, 1, 8, 0}), be32({1, 0, 20, 1, 1, -2}), be32({2, 0, 20, 1, 1, 1, 1})})
    BOOST_CHECK_EXCEPTION(decode(bytes), Error, says(Errc::integrity, "'ids'"));
}

BOOST_AUTO_TEST_CASE(a_null_element_needs_an_optional) {
  const auto bytes = be32({1, 1, 20, 1, 1, -1});
  BOOST_CHECK_EXCEPTION(Codec<std::vector<VisitId>>::decode(int8_array(bytes)), Error, has_code(Errc::integrity));
  BOOST_TEST(!Codec<std::vector<std::optional<VisitId>>>::decode(int8_array(bytes)).front().has_value());
}

BOOST_AUTO_TEST_CASE(a_number_that_does_not_fit_names_its_column) {
  const auto bytes = be32({1, 0});
  const Cell cell{bytes, type::kInt8, false, "count"};
  BOOST_CHECK_EXCEPTION(Codec<std::int32_t>::decode(cell), Error,
                        says(Errc::integrity, "column 'count' holds 4294967296"));
  BOOST_TEST(Codec<std::uint64_t>::decode(cell) == 4294967296U);
}

BOOST_AUTO_TEST_CASE(an_unsigned_number_beyond_bigint_is_refused) {
  BOOST_CHECK_EXCEPTION(Params::of(std::numeric_limits<std::uint64_t>::max()), Error, has_code(Errc::usage));
}

BOOST_AUTO_TEST_CASE(times_at_the_edge_of_the_clock_are_refused_instead_of_becoming_infinity) {
  BOOST_CHECK_EXCEPTION(Params::of(Instant::min()), Error, has_code(Errc::usage));
  // PostgreSQL's -infinity is the smallest number, counted from the year 2000.
  const Instant infinity{std::chrono::microseconds{std::numeric_limits<std::int64_t>::min() + 946'684'800'000'000}};
  BOOST_CHECK_EXCEPTION(Params::of(infinity), Error, has_code(Errc::usage));
}

BOOST_AUTO_TEST_CASE(a_day_that_does_not_exist_is_refused) {
  using namespace std::chrono;
  BOOST_CHECK_EXCEPTION(Params::of(year{2026} / 2 / 30), Error, says(Errc::usage, "2026-02-30"));
}

BOOST_AUTO_TEST_CASE(a_type_that_is_not_meant_is_refused) {
  const Cell text{"abc", type::kText, false, "name"};
  BOOST_CHECK_EXCEPTION(Codec<std::int64_t>::decode(text), Error, says(Errc::integrity, "'name'"));
  BOOST_CHECK_EXCEPTION(Codec<bool>::decode(text), Error, has_code(Errc::integrity));
  BOOST_CHECK_EXCEPTION(Codec<Instant>::decode(text), Error, has_code(Errc::integrity));
  const Cell number{"\0\0\0\1", type::kInt4, false, "n"};
  BOOST_CHECK_EXCEPTION(Codec<std::string>::decode(number), Error, has_code(Errc::integrity));
}
