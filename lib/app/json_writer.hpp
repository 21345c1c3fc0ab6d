#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/ids.hpp"
#include "core/instant.hpp"

namespace visitor::app {

/// Writes one JSON document, in the order of the calls. Names are stable snake_case, instants RFC 3339 in UTC, absent
/// values null, and text that is not UTF-8 is mended.
///
/// Objects and arrays are closed by end(); a document whose calls do not balance is a defect of the caller and throws
/// std::logic_error.
class JsonWriter {
 public:
  enum class Layout {
    indented,
    line  ///< all in one, for streams of documents
  };
  explicit JsonWriter(Layout layout = Layout::indented) : layout_(layout) {}

  JsonWriter& begin_object();
  JsonWriter& begin_array();
  JsonWriter& end();

  /// The name of the next value; only inside of an object.
  JsonWriter& key(std::string_view name);

  JsonWriter& value(std::string_view text);
  JsonWriter& value(const char* text) { return value(std::string_view{text}); }
  JsonWriter& value(std::int64_t number);
  JsonWriter& value(int number) { return value(static_cast<std::int64_t>(number)); }
  JsonWriter& value(std::size_t number) { return value(static_cast<std::int64_t>(number)); }
  JsonWriter& value(bool truth);
  JsonWriter& value(Instant instant);
  JsonWriter& null();
  template <class Tag>
  JsonWriter& value(Id<Tag> id) {
    return id ? value(id.value) : null();
  }
  template <class T>
  JsonWriter& value(const std::optional<T>& maybe) {
    return maybe ? value(*maybe) : null();
  }

  /// JSON that was checked before, as it comes out of a jsonb column.
  JsonWriter& raw(std::string_view json);

  /// key() and value() in one.
  template <class T>
  JsonWriter& member(std::string_view name, const T& of) {
    return key(name).value(of);
  }
  /// Empty text is "not known", hence null.
  JsonWriter& text_member(std::string_view name, std::string_view text);

  /// The document, ended by a line feed.
  std::string take();

 private:
  struct Level {
    bool object;
    bool empty;
  };
  void before_value();
  void line(std::size_t depth);

  Layout layout_;
  std::string text_;
  std::vector<Level> levels_;
  bool named_ = false;
};

}  // namespace visitor::app
