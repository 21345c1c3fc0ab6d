#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "db/row.hpp"
#include "domain/names.hpp"

/// How enums and texts cross the border of SQL. For the stores only.
namespace visitor::store {

/// The enum that \p column holds the name of.
template <class E>
E read_word(const db::Row& row, std::string_view column) {
  return domain::get_named<E>(row.get<std::string>(column));
}

/// The enum that \p column holds the name of, or nothing for NULL.
template <class E>
std::optional<E> read_maybe_word(const db::Row& row, std::string_view column) {
  const auto text = row.get<std::optional<std::string>>(column);
  if (!text) return std::nullopt;
  return domain::get_named<E>(*text);
}

template <class E>
std::vector<std::string_view> words(const std::vector<E>& values) {
  std::vector<std::string_view> names;
  names.reserve(values.size());
  for (const auto value : values) names.push_back(domain::name(value));
  return names;
}

template <class E>
std::optional<std::string_view> maybe_word(const std::optional<E>& value) {
  if (!value) return std::nullopt;
  return domain::name(*value);
}

/// A pattern for ILIKE that finds \p text anywhere, taken literally; nothing for an empty one.
std::optional<std::string> like(std::string_view text);

/// NULL for an empty text: "any" in a filter.
inline std::optional<std::string_view> unless_empty(std::string_view text) {
  if (text.empty()) return std::nullopt;
  return text;
}

}  // namespace visitor::store
