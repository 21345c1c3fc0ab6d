#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/ids.hpp"
#include "domain/names.hpp"

namespace visitor::cli {

/// A moment as parse_moment reads it. The words are checked while parsing; the instant follows in Session::instant,
/// because only the site says which time zone "08:30" is in.
struct Moment {
  std::string text;
};

/// How the words of an argument become a T. Specialised for what options can be:
///
/// | T                     | words                                             |
/// |-----------------------|---------------------------------------------------|
/// | std::string           | any UTF-8 without control characters              |
/// | std::filesystem::path | any bytes                                         |
/// | int                   | decimal, within the bounds of the parameter       |
/// | Id<Tag>               | a positive number, "#" in front is allowed        |
/// | std::chrono::seconds  | as parse_span                                     |
/// | Moment                | as parse_moment                                   |
/// | an enum of domain     | one of its names, in any case                     |
/// | std::optional<T>      | as T; stays empty where the option is not given   |
/// | std::vector<T>        | as T, each time                                   |
///
/// parse() \throws Error usage with a message that starts after the name of the parameter: "is not a number"
template <class T>
struct Value;

struct Bounds {
  std::int64_t least;
  std::int64_t most;
};

namespace detail {
std::string parse_text(std::string_view words);
std::int64_t parse_number(std::string_view words, const Bounds& bounds);
std::int64_t parse_id(std::string_view words);
std::chrono::seconds parse_seconds(std::string_view words);
Moment parse_moment_words(std::string_view words);
[[noreturn]] void refuse_word(std::string_view words, const std::vector<std::string>& choices);
bool same_word(std::string_view a, std::string_view b);
}  // namespace detail

template <>
struct Value<std::string> {
  static std::string parse(std::string_view words, const Bounds&) { return detail::parse_text(words); }
  static std::vector<std::string> choices() { return {}; }
};

template <>
struct Value<std::filesystem::path> {
  static std::filesystem::path parse(std::string_view words, const Bounds&) { return words; }
  static std::vector<std::string> choices() { return {}; }
};

template <>
struct Value<int> {
  static int parse(std::string_view words, const Bounds& bounds) {
    return static_cast<int>(detail::parse_number(words, bounds));
  }
  static std::vector<std::string> choices() { return {}; }
};

template <class Tag>
struct Value<Id<Tag>> {
  static Id<Tag> parse(std::string_view words, const Bounds&) { return {detail::parse_id(words)}; }
  static std::vector<std::string> choices() { return {}; }
};

template <>
struct Value<std::chrono::seconds> {
  static std::chrono::seconds parse(std::string_view words, const Bounds&) { return detail::parse_seconds(words); }
  static std::vector<std::string> choices() { return {}; }
};

template <>
struct Value<Moment> {
  static Moment parse(std::string_view words, const Bounds&) { return detail::parse_moment_words(words); }
  static std::vector<std::string> choices() { return {}; }
};

template <class E>
requires std::is_enum_v<E>
struct Value<E> {
  static E parse(std::string_view words, const Bounds&) {
    for (const auto& row : domain::names<E>())
      if (detail::same_word(words, row.name)) return row.value;
    detail::refuse_word(words, choices());
  }
  static std::vector<std::string> choices() {
    std::vector<std::string> all;
    for (const auto& row : domain::names<E>()) all.emplace_back(row.name);
    return all;
  }
};

}  // namespace visitor::cli
