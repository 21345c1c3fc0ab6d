#include "app/remote/json_object.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <limits>

#include "core/error.hpp"
#include "core/text.hpp"
#include "core/zone.hpp"

namespace visitor::app {
namespace {

namespace json = boost::json;

constexpr std::string_view kBlanks = " \t\r\n";
constexpr auto kOtherVersion = "Compare 'visitorctl --version' here with that of the machine of visitord.";

void skip_blanks(std::string_view& text) {
  text.remove_prefix(std::min(text.find_first_not_of(kBlanks), text.size()));
}

/// Where the value ends that \p text begins with.
std::size_t value_end(std::string_view text) {
  std::size_t depth = 0;
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted) {
      if (c == '\\') ++i;
      if (c != '"') continue;
      quoted = false;
      if (depth == 0) return i + 1;
    } else if (c == '"') {
      quoted = true;
    } else if (c == '{' || c == '[') {
      ++depth;
    } else if (c == '}' || c == ']') {
      if (depth == 0) return i;
      if (--depth == 0) return i + 1;
    } else if (depth == 0 && (c == ',' || c == ':' || kBlanks.find(c) != kBlanks.npos)) {
      return i;
    }
  }
  return text.size();
}

std::string_view take_value(std::string_view& text) {
  skip_blanks(text);
  const auto end = value_end(text);
  const auto value = text.substr(0, end);
  text.remove_prefix(end);
  skip_blanks(text);
  return value;
}

bool take(std::string_view& text, char c) {
  skip_blanks(text);
  if (text.empty() || text.front() != c) return false;
  text.remove_prefix(1);
  return true;
}

[[noreturn]] void refuse_shape() {
  throw Error(Errc::failed, "the server's answer is not of the kind that was asked for", kOtherVersion);
}

}  // namespace

std::vector<std::string_view> elements_of(std::string_view array) {
  std::vector<std::string_view> elements;
  if (!take(array, '[')) refuse_shape();
  while (!take(array, ']')) {
    const auto value = take_value(array);
    if (value.empty()) refuse_shape();
    elements.push_back(value);
    take(array, ',');
  }
  return elements;
}

JsonObject::JsonObject(std::string_view text) {
  if (!take(text, '{')) refuse_shape();
  while (!take(text, '}')) {
    // The names that are asked for have nothing to escape.
    auto name = take_value(text);
    if (name.size() < 2 || !take(text, ':')) refuse_shape();
    name.remove_prefix(1);
    name.remove_suffix(1);
    members_.emplace_back(name, take_value(text));
    take(text, ',');
  }
}

std::string_view JsonObject::at(std::string_view name) const {
  for (const auto& [member, value] : members_)
    if (member == name) return value;
  refuse(name);
}

void JsonObject::refuse(std::string_view name) {
  throw Error(Errc::failed, fmt::format("the server's answer has no '{}' that this program understands", name),
              kOtherVersion);
}

std::string JsonObject::text(std::string_view name) const {
  const auto value = at(name);
  if (value == "null") return "";
  json::error_code error;
  const auto parsed = json::parse({value.data(), value.size()}, error);
  if (error || !parsed.is_string()) refuse(name);
  return {parsed.get_string().begin(), parsed.get_string().end()};
}

std::int64_t JsonObject::number(std::string_view name) const {
  const auto number = to_integer(at(name));
  if (!number) refuse(name);
  return *number;
}

int JsonObject::integer(std::string_view name) const {
  const auto value = number(name);
  if (value < std::numeric_limits<int>::min() || value > std::numeric_limits<int>::max()) refuse(name);
  return static_cast<int>(value);
}

bool JsonObject::yes(std::string_view name) const {
  const auto value = at(name);
  if (value != "true" && value != "false") refuse(name);
  return value == "true";
}

Instant JsonObject::instant(std::string_view name) const {
  const auto value = text(name);
  if (value.find('T') == value.npos) refuse(name);
  try {
    return parse_moment(value, {}, Zone::utc());
  } catch (const Error&) {
    refuse(name);
  }
}

std::vector<JsonObject> JsonObject::objects(std::string_view name) const {
  std::vector<JsonObject> objects;
  for (const auto element : elements_of(at(name))) objects.emplace_back(element);
  return objects;
}

std::vector<std::int64_t> JsonObject::numbers(std::string_view name) const {
  std::vector<std::int64_t> numbers;
  for (const auto element : elements_of(at(name))) {
    const auto number = to_integer(element);
    if (!number) refuse(name);
    numbers.push_back(*number);
  }
  return numbers;
}

std::vector<std::string> JsonObject::texts(std::string_view name) const {
  const auto value = at(name);
  json::error_code error;
  const auto parsed = json::parse({value.data(), value.size()}, error);
  if (error || !parsed.is_array()) refuse(name);
  std::vector<std::string> texts;
  for (const auto& one : parsed.get_array()) {
    if (!one.is_string()) refuse(name);
    texts.emplace_back(one.get_string().begin(), one.get_string().end());
  }
  return texts;
}

}  // namespace visitor::app
