#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "core/error.hpp"

namespace visitor::domain {

enum class Language { english, russian };

/// How one value of an enum is written: in the database, in JSON and on the command line (name), and for people
/// (labels).
template <class E>
struct Name {
  E value;
  std::string_view name;
  std::string_view english;
  std::string_view russian;
};

/// Every value of \p E once, in the order of the enum. Specialised beside each enum.
template <class E>
std::span<const Name<E>> names();

template <class E>
std::string_view name(E value) {
  return names<E>()[static_cast<std::size_t>(value)].name;
}

template <class E>
std::string_view label(E value, Language language) {
  const auto& row = names<E>()[static_cast<std::size_t>(value)];
  return language == Language::russian ? row.russian : row.english;
}

template <class E>
std::optional<E> find_named(std::string_view text) {
  for (const auto& row : names<E>())
    if (row.name == text) return row.value;
  return std::nullopt;
}

/// For text out of the database, where a CHECK keeps the words.
/// \throws Error integrity  \p text is no name of \p E
template <class E>
E get_named(std::string_view text) {
  if (const auto value = find_named<E>(text)) return *value;
  throw Error(Errc::integrity, "the database holds an unknown word: '" + std::string{text} + "'",
              "Run 'visitorctl db status' to see whether its schema belongs to this version.");
}

}  // namespace visitor::domain
