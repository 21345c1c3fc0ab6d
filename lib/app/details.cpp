#include "app/details.hpp"

#include "core/text.hpp"

namespace visitor::app {

Details& Details::put(std::string_view key, std::string_view value) {
  if (!members_.empty()) members_ += ',';
  members_ += json_quote(key);
  members_ += ':';
  members_ += value;
  return *this;
}

Details& Details::add(std::string_view key, std::string_view text) {
  return put(key, json_quote(text));
}

Details& Details::add(std::string_view key, std::int64_t number) {
  return put(key, std::to_string(number));
}

Details& Details::add(std::string_view key, bool value) {
  return put(key, value ? "true" : "false");
}

Details& Details::add(std::string_view key, Instant instant) {
  return put(key, json_quote(to_iso(instant)));
}

std::string Details::json() const {
  return '{' + members_ + '}';
}

}  // namespace visitor::app
