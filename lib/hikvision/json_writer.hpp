#pragma once

#include <fmt/format.h>

#include <concepts>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "core/text.hpp"
#include "hikvision/device_time.hpp"

namespace visitor::hikvision {

/// Writes one JSON object member by member, in the order of the calls. Texts are made valid UTF-8.
class JsonWriter {
 public:
  void open(std::string_view name = {}) { begin(name, '{'); }
  void close() { end('}'); }
  void open_list(std::string_view name = {}) { begin(name, '['); }
  void close_list() { end(']'); }

  void text(std::string_view name, std::string_view value) { json(name, json_quote(value)); }
  /// Nothing where the value is absent.
  template <std::same_as<std::optional<std::string>> T>
  void text(std::string_view name, const T& value) {
    if (value) text(name, std::string_view{*value});
  }
  void boolean(std::string_view name, bool value) { json(name, value ? "true" : "false"); }
  template <class T>
  requires(std::integral<T> || std::floating_point<T>) &&
      (!std::same_as<T, bool>)void number(std::string_view name, T value) {
    json(name, fmt::format("{}", value));
  }
  /// Nothing where the value is absent.
  template <class T>
  void number(std::string_view name, const std::optional<T>& value) {
    if (value) number(name, *value);
  }
  /// A member whose value is JSON already; nameless inside a list.
  void json(std::string_view name, std::string_view value) {
    separate(name);
    out_ += value;
  }

  std::string take() { return std::move(out_); }

 private:
  void separate(std::string_view name) {
    if (!out_.empty() && out_.back() != '{' && out_.back() != '[') out_ += ',';
    if (!name.empty()) out_ += json_quote(name) + ':';
  }
  void begin(std::string_view name, char bracket) {
    separate(name);
    out_ += bracket;
  }
  void end(char bracket) { out_ += bracket; }

  std::string out_;
};

/// {"text":…, "instant":…, "local":…, "offset_seconds":…}: what is known of \p time.
void write(JsonWriter& out, std::string_view name, const DeviceTime& time);

}  // namespace visitor::hikvision
