#pragma once

#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "core/ids.hpp"
#include "core/instant.hpp"

/// How C++ values travel in PostgreSQL's binary format, in both directions.
///
/// | C++                                   | sent as     | read from                                      |
/// |---------------------------------------|-------------|------------------------------------------------|
/// | bool                                  | boolean     | boolean                                        |
/// | integers up to 32 bits signed         | integer     | smallint, integer, bigint, if it fits          |
/// | all other integers, Id<Tag>           | bigint      | the same, if it fits                           |
/// | double                                | float8      | float4, float8                                 |
/// | std::string, string_view, literals    | text        | text, varchar, char, name, json, jsonb         |
/// | Instant                               | timestamptz | timestamptz (infinity is refused both ways)    |
/// | std::chrono::year_month_day           | date        | date (infinity is refused both ways)           |
/// | std::chrono durations                 | interval    | interval without months; a day is 24 hours     |
/// | Json                                  | jsonb       | json, jsonb                                    |
/// | vector or span of std::byte           | bytea       | bytea                                          |
/// | vector or span of T, optional<T>      | T[]         | T[] of one dimension                           |
/// | std::optional<T>                      | T or NULL   | T or NULL                                      |
/// | nullptr                               | NULL        | -                                              |
///
/// NULL and the empty string are never mistaken for each other. Types that are not in the table (numeric, uuid, inet …)
/// are cast in the SQL.
namespace visitor::db {

using TypeId = std::uint32_t;  ///< PostgreSQL's type OID; 0 lets the server infer

namespace type {
inline constexpr TypeId kBool = 16, kBytea = 17, kName = 19, kInt8 = 20, kInt2 = 21, kInt4 = 23, kText = 25,
                        kJson = 114, kFloat4 = 700, kFloat8 = 701, kUnknown = 705, kBpchar = 1042, kVarchar = 1043,
                        kDate = 1082, kTimestamptz = 1184, kInterval = 1186, kJsonb = 3802;
inline constexpr TypeId kBoolArray = 1000, kByteaArray = 1001, kInt4Array = 1007, kTextArray = 1009, kInt8Array = 1016,
                        kFloat8Array = 1022, kDateArray = 1182, kTimestamptzArray = 1185, kIntervalArray = 1187,
                        kJsonbArray = 3807;
}  // namespace type

/// JSON text, checked by the server on its way in. Comes back in jsonb's own order and spacing.
struct Json {
  std::string text;
  bool operator==(const Json&) const = default;
};

/// One value of a result as it came.
struct Cell {
  std::string_view bytes;
  TypeId type = 0;
  bool null = false;
  std::string_view column;  ///< for error texts
};

/// Appends the low \p Bytes bytes of \p value, most significant first.
template <std::size_t Bytes>
void put_be(std::string& out, std::uint64_t value) {
  char bytes[Bytes];
  for (std::size_t i = 0; i < Bytes; ++i) bytes[i] = static_cast<char>(value >> (8 * (Bytes - 1 - i)));
  out.append(bytes, Bytes);
}

namespace detail {
// The readers check the type and the length, and throw Error integrity naming the column.
bool read_bool(const Cell& cell);
std::int64_t read_integer(const Cell& cell);
double read_double(const Cell& cell);
std::string_view read_text(const Cell& cell);
std::string_view read_json(const Cell& cell);
std::string_view read_bytea(const Cell& cell);
Instant read_instant(const Cell& cell);
std::chrono::year_month_day read_date(const Cell& cell);
std::chrono::microseconds read_interval(const Cell& cell);
/// The elements of a one-dimensional array; views into \p cell.
std::vector<Cell> read_array(const Cell& cell);

[[noreturn]] void refuse_null(const Cell& cell);
[[noreturn]] void refuse_range(const Cell& cell, std::int64_t value);

void write_double(std::string& out, double value);
void write_instant(std::string& out, Instant value);                   // Error usage outside of timestamptz
void write_date(std::string& out, std::chrono::year_month_day value);  // Error usage where it is no date
void write_interval(std::string& out, std::chrono::microseconds value);
/// An unsigned number as bigint. \throws Error usage above its maximum
std::int64_t to_bigint(std::uint64_t value);
void put_length(std::string& out, std::size_t at);  // writes the size of what follows the 4 bytes at \p at
}  // namespace detail

/// Specialised for every type of the table above: kType, kArrayType, encode(out, value), decode(cell).
template <class T>
struct Codec;

template <>
struct Codec<bool> {
  static constexpr TypeId kType = type::kBool, kArrayType = type::kBoolArray;
  static void encode(std::string& out, bool value) { out += static_cast<char>(value); }
  static bool decode(const Cell& cell) { return detail::read_bool(cell); }
};

template <class T>
concept Integer = std::integral<T> && !std::same_as<T, bool> && !std::same_as<T, char> && !std::same_as<T, wchar_t> &&
                  !std::same_as<T, char8_t> && !std::same_as<T, char16_t> && !std::same_as<T, char32_t>;

template <Integer T>
struct Codec<T> {
  static constexpr bool kSmall = sizeof(T) < 4 || (sizeof(T) == 4 && std::is_signed_v<T>);
  static constexpr TypeId kType = kSmall ? type::kInt4 : type::kInt8;
  static constexpr TypeId kArrayType = kSmall ? type::kInt4Array : type::kInt8Array;
  static void encode(std::string& out, T value) {
    if constexpr (kSmall)
      put_be<4>(out, static_cast<std::uint32_t>(static_cast<std::int32_t>(value)));
    else if constexpr (std::is_signed_v<T>)
      put_be<8>(out, static_cast<std::uint64_t>(value));
    else
      put_be<8>(out, static_cast<std::uint64_t>(detail::to_bigint(value)));
  }
  static T decode(const Cell& cell) {
    const auto value = detail::read_integer(cell);
    if (!std::in_range<T>(value)) detail::refuse_range(cell, value);
    return static_cast<T>(value);
  }
};

template <class Tag>
struct Codec<Id<Tag>> {
  static constexpr TypeId kType = type::kInt8, kArrayType = type::kInt8Array;
  static void encode(std::string& out, Id<Tag> id) { put_be<8>(out, static_cast<std::uint64_t>(id.value)); }
  static Id<Tag> decode(const Cell& cell) { return Id<Tag>{detail::read_integer(cell)}; }
};

template <>
struct Codec<double> {
  static constexpr TypeId kType = type::kFloat8, kArrayType = type::kFloat8Array;
  static void encode(std::string& out, double value) { detail::write_double(out, value); }
  static double decode(const Cell& cell) { return detail::read_double(cell); }
};

template <>
struct Codec<std::string_view> {
  static constexpr TypeId kType = type::kText, kArrayType = type::kTextArray;
  static void encode(std::string& out, std::string_view value) { out += value; }
};

template <>
struct Codec<std::string> : Codec<std::string_view> {
  static std::string decode(const Cell& cell) { return std::string{detail::read_text(cell)}; }
};

template <>
struct Codec<Instant> {
  static constexpr TypeId kType = type::kTimestamptz, kArrayType = type::kTimestamptzArray;
  static void encode(std::string& out, Instant value) { detail::write_instant(out, value); }
  static Instant decode(const Cell& cell) { return detail::read_instant(cell); }
};

template <>
struct Codec<std::chrono::year_month_day> {
  static constexpr TypeId kType = type::kDate, kArrayType = type::kDateArray;
  static void encode(std::string& out, std::chrono::year_month_day value) { detail::write_date(out, value); }
  static std::chrono::year_month_day decode(const Cell& cell) { return detail::read_date(cell); }
};

template <class Rep, class Period>
struct Codec<std::chrono::duration<Rep, Period>> {
  using Duration = std::chrono::duration<Rep, Period>;
  static constexpr TypeId kType = type::kInterval, kArrayType = type::kIntervalArray;
  static void encode(std::string& out, Duration value) {
    detail::write_interval(out, std::chrono::duration_cast<std::chrono::microseconds>(value));
  }
  static Duration decode(const Cell& cell) { return std::chrono::floor<Duration>(detail::read_interval(cell)); }
};

template <>
struct Codec<Json> {
  static constexpr TypeId kType = type::kJsonb, kArrayType = type::kJsonbArray;
  static void encode(std::string& out, const Json& value) {
    out += '\1';  // the version of jsonb's binary format
    out += value.text;
  }
  static Json decode(const Cell& cell) { return Json{std::string{detail::read_json(cell)}}; }
};

template <>
struct Codec<std::span<const std::byte>> {
  static constexpr TypeId kType = type::kBytea, kArrayType = type::kByteaArray;
  static void encode(std::string& out, std::span<const std::byte> value) {
    out.append(reinterpret_cast<const char*>(value.data()), value.size());
  }
};

template <>
struct Codec<std::vector<std::byte>> : Codec<std::span<const std::byte>> {
  static std::vector<std::byte> decode(const Cell& cell) {
    const auto bytes = std::as_bytes(std::span{detail::read_bytea(cell)});
    return {bytes.begin(), bytes.end()};
  }
};

namespace detail {
template <class T>
struct Element {  // what an array of T, or of std::optional<T>, holds
  using type = std::remove_const_t<T>;
  static constexpr bool kNullable = false;
};
template <class T>
struct Element<std::optional<T>> {
  using type = T;
  static constexpr bool kNullable = true;
};
template <class T>
struct Element<const std::optional<T>> : Element<std::optional<T>> {};

/// An array of one dimension, lower bound 1. Source: array_send() of PostgreSQL.
template <class Element_, class Values>
void write_array(std::string& out, const Values& values) {
  using Inner = typename Element<Element_>::type;
  put_be<4>(out, values.size() == 0 ? 0 : 1);
  put_be<4>(out, Element<Element_>::kNullable ? 1 : 0);
  put_be<4>(out, Codec<Inner>::kType);
  if (values.size() == 0) return;
  put_be<4>(out, values.size());
  put_be<4>(out, 1);
  out.reserve(out.size() + values.size() * 12);
  const auto one = [&out](const auto& value) {
    const auto at = out.size();
    out.append(4, '\0');
    Codec<Inner>::encode(out, value);
    put_length(out, at);
  };
  for (const auto& value : values) {
    if constexpr (Element<Element_>::kNullable) {
      if (value)
        one(*value);
      else
        put_be<4>(out, 0xffffffffU);
    } else {
      one(value);
    }
  }
}
}  // namespace detail

template <class T>
requires(!std::same_as<std::remove_const_t<T>, std::byte>) struct Codec<std::span<T>> {
  static constexpr TypeId kType = Codec<typename detail::Element<T>::type>::kArrayType;
  static void encode(std::string& out, std::span<T> values) { detail::write_array<T>(out, values); }
};

template <class T>
struct Codec<std::vector<T>> {
  static constexpr TypeId kType = Codec<typename detail::Element<T>::type>::kArrayType;
  static void encode(std::string& out, const std::vector<T>& values) { detail::write_array<T>(out, values); }
  static std::vector<T> decode(const Cell& cell) {
    std::vector<T> values;
    const auto cells = detail::read_array(cell);
    values.reserve(cells.size());
    for (const auto& one : cells) {
      if constexpr (detail::Element<T>::kNullable) {
        if (one.null)
          values.emplace_back();
        else
          values.emplace_back(Codec<typename detail::Element<T>::type>::decode(one));
      } else {
        if (one.null) detail::refuse_null(one);
        values.push_back(Codec<T>::decode(one));
      }
    }
    return values;
  }
};

}  // namespace visitor::db
