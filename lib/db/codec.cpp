#include "db/codec.hpp"

#include <fmt/format.h>

#include <bit>
#include <limits>

#include "core/error.hpp"

namespace visitor::db::detail {
namespace {

constexpr std::int64_t kEpochMicroseconds = 946'684'800'000'000;  // 2000-01-01, where PostgreSQL counts from
constexpr std::int32_t kEpochDays = 10'957;
constexpr std::int64_t kDayMicroseconds = 86'400'000'000;

template <class Int>
Int be(std::string_view bytes, std::size_t at = 0) {
  std::make_unsigned_t<Int> value = 0;
  for (std::size_t i = 0; i < sizeof(Int); ++i)
    value =
        static_cast<std::make_unsigned_t<Int>>((std::uint64_t{value} << 8) | static_cast<unsigned char>(bytes[at + i]));
  return static_cast<Int>(value);
}

[[noreturn]] void refuse(const Cell& cell, std::string_view wanted) {
  throw Error(Errc::integrity, fmt::format("column '{}' does not hold {} (type {}, {} bytes)", cell.column, wanted,
                                           cell.type, cell.bytes.size()));
}

void expect(const Cell& cell, bool type_fits, std::size_t size, std::string_view wanted) {
  if (!type_fits || cell.bytes.size() != size) refuse(cell, wanted);
}

bool is_text(TypeId type) {
  switch (type) {
    case type::kText:
    case type::kVarchar:
    case type::kBpchar:
    case type::kName:
    case type::kJson:
    case type::kUnknown:
      return true;
    default:
      return false;
  }
}

}  // namespace

bool read_bool(const Cell& cell) {
  expect(cell, cell.type == type::kBool, 1, "a boolean");
  return cell.bytes[0] != 0;
}

std::int64_t read_integer(const Cell& cell) {
  switch (cell.type) {
    case type::kInt2:
      expect(cell, true, 2, "an integer");
      return be<std::int16_t>(cell.bytes);
    case type::kInt4:
      expect(cell, true, 4, "an integer");
      return be<std::int32_t>(cell.bytes);
    case type::kInt8:
      expect(cell, true, 8, "an integer");
      return be<std::int64_t>(cell.bytes);
    default:
      refuse(cell, "an integer");
  }
}

double read_double(const Cell& cell) {
  if (cell.type == type::kFloat4) {
    expect(cell, true, 4, "a number");
    return std::bit_cast<float>(be<std::int32_t>(cell.bytes));
  }
  expect(cell, cell.type == type::kFloat8, 8, "a number");
  return std::bit_cast<double>(be<std::int64_t>(cell.bytes));
}

std::string_view read_text(const Cell& cell) {
  if (cell.type == type::kJsonb) return read_json(cell);
  if (!is_text(cell.type)) refuse(cell, "text");
  return cell.bytes;
}

std::string_view read_json(const Cell& cell) {
  if (cell.type == type::kJson) return cell.bytes;
  if (cell.type != type::kJsonb || cell.bytes.empty() || cell.bytes[0] != '\1') refuse(cell, "JSON");
  return cell.bytes.substr(1);
}

std::string_view read_bytea(const Cell& cell) {
  if (cell.type != type::kBytea) refuse(cell, "bytes");
  return cell.bytes;
}

Instant read_instant(const Cell& cell) {
  expect(cell, cell.type == type::kTimestamptz, 8, "a time with zone");
  const auto value = be<std::int64_t>(cell.bytes);
  if (value == std::numeric_limits<std::int64_t>::max() || value == std::numeric_limits<std::int64_t>::min())
    refuse(cell, "a finite time");
  // PostgreSQL ends in the year 294276, which leaves room for the difference of the epochs.
  return Instant{std::chrono::microseconds{value + kEpochMicroseconds}};
}

std::chrono::year_month_day read_date(const Cell& cell) {
  expect(cell, cell.type == type::kDate, 4, "a date");
  const auto value = be<std::int32_t>(cell.bytes);
  const std::chrono::year_month_day date{std::chrono::sys_days{std::chrono::days{std::int64_t{value} + kEpochDays}}};
  // std::chrono's years end at 32767; infinity lies far outside.
  constexpr std::int32_t kLast = 11'237'519;  // 32767-12-31, in days since 2000-01-01
  if (value > kLast || value < -kLast) refuse(cell, "a date of our calendar");
  return date;
}

std::chrono::microseconds read_interval(const Cell& cell) {
  expect(cell, cell.type == type::kInterval, 16, "an interval");
  const auto micros = be<std::int64_t>(cell.bytes);
  const auto days = be<std::int32_t>(cell.bytes, 8);
  std::int64_t total = 0;
  if (be<std::int32_t>(cell.bytes, 12) != 0 || __builtin_add_overflow(micros, days * kDayMicroseconds, &total))
    refuse(cell, "an interval without months");
  return std::chrono::microseconds{total};
}

std::vector<Cell> read_array(const Cell& cell) {
  constexpr std::size_t kHeader = 12;
  constexpr std::size_t kDimension = 8;
  const auto bytes = cell.bytes;
  if (bytes.size() < kHeader) refuse(cell, "an array");
  const auto dimensions = be<std::int32_t>(bytes);
  const auto element = static_cast<TypeId>(be<std::int32_t>(bytes, 8));
  if (dimensions == 0) return {};
  if (dimensions != 1 || bytes.size() < kHeader + kDimension) refuse(cell, "an array of one dimension");
  const auto count = be<std::int32_t>(bytes, kHeader);
  std::size_t at = kHeader + kDimension;
  if (count < 0 || static_cast<std::size_t>(count) > (bytes.size() - at) / 4) refuse(cell, "an array");

  std::vector<Cell> cells;
  cells.reserve(static_cast<std::size_t>(count));
  for (std::int32_t i = 0; i < count; ++i) {
    if (bytes.size() - at < 4) refuse(cell, "an array");
    const auto length = be<std::int32_t>(bytes, at);
    at += 4;
    if (length == -1) {
      cells.push_back({{}, element, true, cell.column});
      continue;
    }
    if (length < 0 || static_cast<std::size_t>(length) > bytes.size() - at) refuse(cell, "an array");
    cells.push_back({bytes.substr(at, static_cast<std::size_t>(length)), element, false, cell.column});
    at += static_cast<std::size_t>(length);
  }
  return cells;
}

void refuse_null(const Cell& cell) {
  throw Error(Errc::integrity, fmt::format("column '{}' is NULL where a value must be", cell.column));
}

void refuse_range(const Cell& cell, std::int64_t value) {
  throw Error(Errc::integrity, fmt::format("column '{}' holds {}, which does not fit", cell.column, value));
}

void write_double(std::string& out, double value) {
  put_be<8>(out, std::bit_cast<std::uint64_t>(value));
}

void write_instant(std::string& out, Instant value) {
  std::int64_t micros = 0;
  if (__builtin_sub_overflow(value.time_since_epoch().count(), kEpochMicroseconds, &micros) ||
      micros == std::numeric_limits<std::int64_t>::min())
    throw Error(Errc::usage, "a time is outside of what the database can hold");
  put_be<8>(out, static_cast<std::uint64_t>(micros));
}

void write_date(std::string& out, std::chrono::year_month_day value) {
  if (!value.ok())
    throw Error(Errc::usage, fmt::format("there is no day {}-{:02}-{:02}", static_cast<int>(value.year()),
                                         static_cast<unsigned>(value.month()), static_cast<unsigned>(value.day())));
  const auto days = std::chrono::sys_days{value}.time_since_epoch().count() - kEpochDays;
  put_be<4>(out, static_cast<std::uint32_t>(days));
}

void write_interval(std::string& out, std::chrono::microseconds value) {
  put_be<8>(out, static_cast<std::uint64_t>(value.count()));
  put_be<8>(out, 0);  // days, months
}

std::int64_t to_bigint(std::uint64_t value) {
  if (value > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
    throw Error(Errc::usage, fmt::format("{} is larger than the database can hold", value));
  return static_cast<std::int64_t>(value);
}

void put_length(std::string& out, std::size_t at) {
  const auto length = out.size() - at - 4;
  if (length > static_cast<std::size_t>(std::numeric_limits<std::int32_t>::max()))
    throw Error(Errc::usage, "an array element is larger than the database can hold");
  for (std::size_t i = 0; i < 4; ++i) out[at + i] = static_cast<char>(length >> (8 * (3 - i)));
}

}  // namespace visitor::db::detail
