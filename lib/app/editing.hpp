#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/work.hpp"
#include "core/error.hpp"
#include "domain/names.hpp"
#include "store/references.hpp"

/// What editing and removing have in common, whatever the thing is.
namespace visitor::app {

/// What an edit makes different, field by field.
class Edit {
 public:
  /// Takes \p wanted into \p field where it is given and differs.
  template <class T>
  void set(std::string_view name, T& field, const std::optional<T>& wanted) {
    if (!wanted || *wanted == field) return;
    note(name, text(field), text(*wanted));
    field = *wanted;
  }
  /// The same, where \p mask says what may be written down of a value (app/masking.hpp).
  void set(std::string_view name, std::string& field, const std::optional<std::string>& wanted,
           std::string (*mask)(std::string_view)) {
    if (!wanted || *wanted == field) return;
    note(name, mask(field), mask(*wanted));
    field = *wanted;
  }
  /// Of an enum: by its name.
  template <class E>
  void set_named(std::string_view name, E& field, const std::optional<E>& wanted) {
    if (!wanted || *wanted == field) return;
    note(name, std::string{domain::name(field)}, std::string{domain::name(*wanted)});
    field = *wanted;
  }
  /// For what must not be written down: only that it changed.
  void note(std::string_view name);
  void note(std::string_view name, const std::string& from, const std::string& to);

  /// Something else that the audit row is to say, beside what changed.
  void say(std::string_view name, std::string_view text);

  /// Nothing changes.
  bool empty() const { return members_.empty(); }
  /// {"version": …, "changed": {"name": {"from": …, "to": …}}, "said": …}
  std::string json(int version) const;

 private:
  static std::string text(const std::string& value) { return value; }
  static std::string text(Instant value) { return to_iso(value); }
  static std::string text(const std::vector<unsigned>& values);
  template <class Tag>
  static std::string text(Id<Tag> id) {
    return std::to_string(id.value);
  }
  template <class T>
  static std::string text(const std::optional<T>& value) {
    return value ? text(*value) : std::string{};
  }

  std::string members_;
  std::string said_;
};

/// Refuses to work on another version than the caller has seen.
/// \param kind  "site": topic of the audit rows, and what the message calls it
/// \throws Error conflict  \p seen is given and is not \p version; says who changed what and when, from the audit
void require_version(const Work& work, std::string_view kind, std::int64_t id, int version, std::optional<int> seen);

/// For an update that found another version than \p seen.
/// \throws Error conflict  always, as above
[[noreturn]] void lost_race(const Work& work, std::string_view kind, std::int64_t id, int seen);

/// Writes the audit and change rows of an edit that was stored as \p version.
void record_edit(const Work& work, std::string_view topic, std::int64_t id, int version, const Edit& edit);

/// Refuses to remove what others refer to, with their number and the commands that list them.
/// \throws Error conflict
void refuse_removal(std::string_view kind, std::int64_t id, const std::vector<store::Reference>& references);

/// "visit list --site 3" for visits that refer to site 3: the command that lists references.
std::string listing_command(std::string_view kind, std::int64_t id, std::string_view what);

}  // namespace visitor::app
