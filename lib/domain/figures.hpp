#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "core/ids.hpp"
#include "core/instant.hpp"

namespace visitor::domain {

/// The figures behind an incident: what its sentence is made from in any language. Kept as a flat JSON object.
class Figures {
 public:
  Figures& add(std::string_view key, std::string_view text) { return put(key, std::string{text}); }
  Figures& add(std::string_view key, const char* text) { return put(key, std::string{text}); }
  Figures& add(std::string_view key, bool value) { return put(key, value); }
  Figures& add(std::string_view key, std::integral auto number) { return put(key, static_cast<std::int64_t>(number)); }
  Figures& add(std::string_view key, Instant instant) { return put(key, to_iso(instant)); }
  template <class Tag>
  Figures& add(std::string_view key, Id<Tag> id) {
    return put(key, id.value);
  }

  std::string json() const;

  /// Members whose value is a text, a whole number, true or false; others are left out. Reads what json() writes and
  /// what PostgreSQL makes of it; where the text is no JSON the members before that are what you get.
  static Figures parse(std::string_view json);

  std::optional<std::int64_t> number(std::string_view key) const;
  std::optional<std::string> text(std::string_view key) const;
  /// False where there is no such member.
  bool flag(std::string_view key) const;

 private:
  using Value = std::variant<std::string, std::int64_t, bool>;

  Figures& put(std::string_view key, Value value) {
    members_.emplace_back(std::string{key}, std::move(value));
    return *this;
  }
  template <class T>
  const T* find(std::string_view key) const {
    for (const auto& [name, value] : members_)
      if (name == key) return std::get_if<T>(&value);
    return nullptr;
  }

  std::vector<std::pair<std::string, Value>> members_;
};

}  // namespace visitor::domain
