#include "app/json_writer.hpp"

#include <fmt/format.h>

#include <stdexcept>
#include <utility>

#include "core/json_text.hpp"

namespace visitor::app {

void JsonWriter::line(std::size_t depth) {
  if (layout_ == Layout::line) return;
  text_ += '\n';
  text_.append(2 * depth, ' ');
}

void JsonWriter::before_value() {
  if (named_) {
    named_ = false;
    return;
  }
  if (levels_.empty()) {
    if (!text_.empty()) throw std::logic_error("JsonWriter: a second document");
    // Most documents fit, and grow no more.
    text_.reserve(1'024);
    levels_.reserve(8);
    return;
  }
  auto& level = levels_.back();
  if (level.object) throw std::logic_error("JsonWriter: a value without a name");
  if (!level.empty) text_ += ',';
  level.empty = false;
  line(levels_.size());
}

JsonWriter& JsonWriter::begin_object() {
  before_value();
  text_ += '{';
  levels_.push_back({true, true});
  return *this;
}

JsonWriter& JsonWriter::begin_array() {
  before_value();
  text_ += '[';
  levels_.push_back({false, true});
  return *this;
}

JsonWriter& JsonWriter::end() {
  if (levels_.empty() || named_) throw std::logic_error("JsonWriter: nothing to end");
  const auto level = levels_.back();
  levels_.pop_back();
  if (!level.empty) line(levels_.size());
  text_ += level.object ? '}' : ']';
  return *this;
}

JsonWriter& JsonWriter::key(std::string_view name) {
  if (levels_.empty() || !levels_.back().object || named_) throw std::logic_error("JsonWriter: a name out of place");
  auto& level = levels_.back();
  if (!level.empty) text_ += ',';
  level.empty = false;
  line(levels_.size());
  append_json_quoted(text_, name);
  text_ += layout_ == Layout::line ? ":" : ": ";
  named_ = true;
  return *this;
}

JsonWriter& JsonWriter::value(std::string_view text) {
  before_value();
  append_json_quoted(text_, text);
  return *this;
}

JsonWriter& JsonWriter::value(std::int64_t number) {
  before_value();
  const fmt::format_int digits{number};
  text_.append(digits.data(), digits.size());
  return *this;
}

JsonWriter& JsonWriter::value(bool truth) {
  before_value();
  text_ += truth ? "true" : "false";
  return *this;
}

JsonWriter& JsonWriter::value(Instant instant) {
  before_value();
  append_json_quoted(text_, instant);
  return *this;
}

JsonWriter& JsonWriter::null() {
  before_value();
  text_ += "null";
  return *this;
}

JsonWriter& JsonWriter::raw(std::string_view json) {
  before_value();
  text_ += json;
  return *this;
}

JsonWriter& JsonWriter::text_member(std::string_view name, std::string_view text) {
  key(name);
  return text.empty() ? null() : value(text);
}

std::string JsonWriter::take() {
  if (!levels_.empty() || named_ || text_.empty()) throw std::logic_error("JsonWriter: the document is not complete");
  text_ += '\n';
  return std::exchange(text_, {});
}

}  // namespace visitor::app
