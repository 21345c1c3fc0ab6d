#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/ids.hpp"
#include "core/instant.hpp"
#include "domain/names.hpp"

/// Taking apart what app/json_views.hpp writes.
namespace visitor::app {

/// Every JSON value of a list.
/// \param array  well-formed; must outlive what is returned
std::vector<std::string_view> elements_of(std::string_view array);

/// An object of an answer. Text that is null is read as empty, as JsonWriter::text_member() writes it. What is missing
/// or of another kind is Error failed: the other side is of another version.
class JsonObject {
 public:
  /// \param text  well-formed JSON; must outlive this
  explicit JsonObject(std::string_view text);

  bool is_null(std::string_view name) const { return at(name) == "null"; }
  /// As it came.
  std::string_view raw(std::string_view name) const { return at(name); }

  std::string text(std::string_view name) const;
  std::int64_t number(std::string_view name) const;
  int integer(std::string_view name) const;
  bool yes(std::string_view name) const;
  Instant instant(std::string_view name) const;
  JsonObject object(std::string_view name) const { return JsonObject{at(name)}; }
  std::vector<JsonObject> objects(std::string_view name) const;
  std::vector<std::int64_t> numbers(std::string_view name) const;
  std::vector<std::string> texts(std::string_view name) const;

  std::optional<std::string> maybe_text(std::string_view name) const { return maybe(name, &JsonObject::text); }
  std::optional<std::int64_t> maybe_number(std::string_view name) const { return maybe(name, &JsonObject::number); }
  std::optional<Instant> maybe_instant(std::string_view name) const { return maybe(name, &JsonObject::instant); }
  std::optional<bool> maybe_yes(std::string_view name) const { return maybe(name, &JsonObject::yes); }

  template <class IdType>
  IdType id(std::string_view name) const {
    return IdType{number(name)};
  }
  template <class IdType>
  std::optional<IdType> maybe_id(std::string_view name) const {
    if (is_null(name)) return std::nullopt;
    return id<IdType>(name);
  }

  template <class E>
  E named(std::string_view name) const {
    if (const auto value = domain::find_named<E>(text(name))) return *value;
    refuse(name);
  }
  template <class E>
  std::optional<E> maybe_named(std::string_view name) const {
    if (is_null(name)) return std::nullopt;
    return named<E>(name);
  }
  template <class E>
  std::vector<E> all_named(std::string_view name) const {
    std::vector<E> values;
    for (const auto& word : texts(name)) {
      const auto value = domain::find_named<E>(word);
      if (!value) refuse(name);
      values.push_back(*value);
    }
    return values;
  }

  /// {"id": …, "name": …} or null, as write_named() writes it: the name is stored in \p into.
  template <class IdType>
  std::optional<IdType> named_thing(std::string_view name, std::string& into) const {
    if (is_null(name)) return std::nullopt;
    const auto thing = object(name);
    into = thing.text("name");
    return thing.id<IdType>("id");
  }

 private:
  std::string_view at(std::string_view name) const;
  template <class T>
  std::optional<T> maybe(std::string_view name, T (JsonObject::*read)(std::string_view) const) const {
    if (is_null(name)) return std::nullopt;
    return (this->*read)(name);
  }
  [[noreturn]] static void refuse(std::string_view name);

  std::vector<std::pair<std::string_view, std::string_view>> members_;
};

}  // namespace visitor::app
