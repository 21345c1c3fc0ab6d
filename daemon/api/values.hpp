#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "core/ids.hpp"
#include "core/instant.hpp"
#include "daemon/api/field.hpp"

namespace visitor::api {

/// What a request says in one place, checked against its field.
using Value = std::variant<std::monostate, bool, std::int64_t, std::string, Instant, std::vector<std::string>>;

/// What a request says, by name. What was not said is not there.
class Values {
 public:
  void set(const std::string& name, Value value) { values_.insert_or_assign(name, std::move(value)); }

  bool has(std::string_view name) const { return values_.find(name) != values_.end(); }
  /// Said to be nothing at all.
  bool is_null(std::string_view name) const {
    const auto* value = find(name);
    return value != nullptr && std::holds_alternative<std::monostate>(*value);
  }

  std::optional<std::string> text(std::string_view name) const { return get<std::string>(name); }
  std::string text_or(std::string_view name, std::string fallback = {}) const {
    return text(name).value_or(std::move(fallback));
  }
  std::optional<std::int64_t> number(std::string_view name) const { return get<std::int64_t>(name); }
  bool yes(std::string_view name) const { return get<bool>(name).value_or(false); }
  std::optional<Instant> moment(std::string_view name) const { return get<Instant>(name); }
  std::vector<std::string> texts(std::string_view name) const {
    return get<std::vector<std::string>>(name).value_or(std::vector<std::string>{});
  }

  /// A list of whole numbers; those that are given twice are there twice.
  std::vector<std::int64_t> numbers(std::string_view name) const;

  template <class Tag>
  std::optional<Id<Tag>> id(std::string_view name) const {
    const auto value = number(name);
    if (!value) return std::nullopt;
    return Id<Tag>{*value};
  }
  template <class E>
  std::optional<E> named(std::string_view name) const {
    const auto value = text(name);
    if (!value) return std::nullopt;
    return domain::find_named<E>(*value);
  }
  template <class E>
  std::vector<E> all_named(std::string_view name) const {
    std::vector<E> values;
    for (const auto& value : texts(name))
      if (const auto one = domain::find_named<E>(value)) values.push_back(*one);
    return values;
  }

 private:
  const Value* find(std::string_view name) const {
    const auto at = values_.find(name);
    return at == values_.end() ? nullptr : &at->second;
  }
  template <class T>
  std::optional<T> get(std::string_view name) const {
    const auto* value = find(name);
    if (value == nullptr || !std::holds_alternative<T>(*value)) return std::nullopt;
    return std::get<T>(*value);
  }

  std::map<std::string, Value, std::less<>> values_;
};

/// Parameters that people look for where there are none, each with what there is instead, as a clause.
using NotHere = std::vector<std::pair<std::string_view, std::string_view>>;

/// Reads "a=1&b=2" as application/x-www-form-urlencoded has it.
/// \param now  what spans of time count from; times without an offset are UTC
/// \throws Refusal unknown_parameter  names it, and the nearest one that there is, or what \p not_here says of it
/// \throws Refusal invalid_value      names every value that is wrong, or given more often than once
Values read_query(std::string_view query, const std::vector<Field>& fields, Instant now, const NotHere& not_here = {});

/// Reads a JSON object.
/// \throws Refusal malformed_body  it is none, or nested too deep
/// \throws Refusal invalid_value   a pointer to every member that is unknown, missing or wrong
Values read_body(std::string_view body, const std::vector<Field>& fields, Instant now);

/// \p object with only these members.
std::string only_members(std::string_view object, const std::vector<std::string>& members);

}  // namespace visitor::api
