#include "daemon/api/values.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <set>

#include "core/error.hpp"
#include "core/text.hpp"
#include "core/zone.hpp"
#include "daemon/api/refusal.hpp"

namespace visitor::api {
namespace {

namespace json = boost::json;

constexpr std::size_t kParameters = 64;
constexpr std::size_t kElements = 200;
constexpr std::size_t kDepth = 8;

std::string words_of(const Field& field) {
  std::string text;
  // Where a word has a comma itself, others would look like two.
  const bool commas = std::ranges::any_of(field.words, [](const auto& word) { return word.find(',') != word.npos; });
  for (const auto& word : field.words) text += (text.empty() ? "" : commas ? "; " : ", ") + word;
  return text;
}

std::string nearest_of(std::string_view name, const std::vector<Field>& fields) {
  std::vector<std::string> names;
  for (const auto& field : fields) names.push_back(field.name);
  const auto near = nearest(name, names);
  return near ? fmt::format("; is '{}' meant?", *near) : std::string{};
}

int digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/// \returns nothing where a percent sign is not followed by two digits
std::optional<std::string> decode(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+') {
      out += ' ';
    } else if (text[i] == '%') {
      if (i + 2 >= text.size()) return std::nullopt;
      const int high = digit(text[i + 1]), low = digit(text[i + 2]);
      if (high < 0 || low < 0) return std::nullopt;
      out += static_cast<char>(high * 16 + low);
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

std::int64_t characters(std::string_view text) {
  return std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; });
}

/// What is wrong with a text; empty: nothing.
std::string complaint(const Field& field, const std::string& text) {
  if (clean_utf8(text) != text) return "is not UTF-8 text";
  if (characters(text) < field.least)
    return field.least == 1 ? "is empty" : fmt::format("is too short: {} characters or more", field.least);
  if (field.most != 0 && characters(text) > field.most)
    return fmt::format("is too long: {} characters at most", field.most);
  return "";
}

/// What is wrong with a number; empty: nothing.
std::string complaint(const Field& field, std::int64_t number) {
  if (number >= field.least && number <= field.most) return "";
  if (field.most == kLargestId) return fmt::format("is not a number from {} on", field.least);
  return fmt::format("is not a number from {} to {}", field.least, field.most);
}

std::string word_complaint(const Field& field, const std::string& text) {
  if (std::ranges::find(field.words, text) != field.words.end()) return "";
  return fmt::format("is none of {}", words_of(field));
}

/// A value out of text, as in an address.
/// \returns what is wrong; empty: nothing
std::string parse(const Field& field, const std::string& text, Instant now, Value& out) {
  switch (field.type) {
    case Type::integer: {
      const auto number = to_integer(text);
      if (!number) return "is not a number";
      out = static_cast<std::int64_t>(*number);
      return complaint(field, *number);
    }
    case Type::boolean:
      if (text != "1" && text != "true" && text != "0" && text != "false") return "is none of 1, true, 0, false";
      out = text == "1" || text == "true";
      return "";
    case Type::instant:
      try {
        out = parse_moment(text, now, Zone::named("UTC"));
        return "";
      } catch (const Error&) {
        return "is not a time; use 2026-09-01T08:00:00Z, 2026-09-01, or a span before now such as 7d";
      }
    case Type::word:
      out = text;
      return word_complaint(field, text);
    case Type::text:
    case Type::object:
    case Type::anything:
      break;
  }
  out = text;
  return complaint(field, text);
}

/// A value out of JSON.
std::string take(const Field& field, const json::value& value, Instant now, Value& out) {
  if (value.is_null()) {
    out = std::monostate{};
    return field.nullable ? "" : "is null";
  }
  if (field.list) {
    if (!value.is_array()) return "is not a list";
    if (value.get_array().size() > kElements) return fmt::format("has more than {} elements", kElements);
    std::vector<std::string> texts;
    auto one = field;
    one.list = one.nullable = false;
    for (const auto& element : value.get_array()) {
      Value taken;
      if (const auto wrong = take(one, element, now, taken); !wrong.empty()) return "has an element that " + wrong;
      texts.push_back(std::holds_alternative<std::string>(taken) ? std::get<std::string>(taken)
                                                                 : fmt::to_string(std::get<std::int64_t>(taken)));
    }
    out = std::move(texts);
    return "";
  }
  if (field.type == Type::boolean) {
    if (!value.is_bool()) return "is neither true nor false";
    out = value.get_bool();
    return "";
  }
  if (field.type == Type::integer) {
    if (!value.is_int64()) return "is not a whole number";
    out = value.get_int64();
    return complaint(field, value.get_int64());
  }
  if (!value.is_string()) return "is not a text";
  return parse(field, std::string{value.get_string()}, now, out);
}

std::string pointer_to(std::string_view name) {
  std::string out = "/";
  for (const char c : name) {
    if (c == '~')
      out += "~0";
    else if (c == '/')
      out += "~1";
    else
      out += c;
  }
  return out;
}

struct Pair {
  std::string name;
  std::string value;
};

std::vector<Pair> pairs_of(std::string_view query) {
  std::vector<Pair> pairs;
  while (!query.empty()) {
    const auto end = query.find('&');
    const auto part = query.substr(0, end);
    query = end == std::string_view::npos ? std::string_view{} : query.substr(end + 1);
    if (part.empty()) continue;
    if (pairs.size() == kParameters)
      throw Refusal(Problem::invalid_value, fmt::format("there are more than {} parameters", kParameters));
    const auto equals = part.find('=');
    auto name = decode(part.substr(0, equals));
    auto value = decode(equals == std::string_view::npos ? std::string_view{} : part.substr(equals + 1));
    if (name && clean_utf8(*name).empty()) throw Refusal(Problem::invalid_value, "there is a parameter without a name");
    if (!name || !value) {
      const auto shown = name ? clean_utf8(*name) : clean_utf8(std::string{part.substr(0, equals)});
      throw Refusal(Problem::invalid_value, fmt::format("the parameter '{}' is not percent-encoded", shown),
                    {{shown, "", "is not percent-encoded"}});
    }
    pairs.push_back({std::move(*name), std::move(*value)});
  }
  return pairs;
}

[[noreturn]] void refuse(std::vector<Fault> faults) {
  const auto& first = faults.front();
  const auto detail = first.parameter.empty() ? fmt::format("{} {}", first.pointer.substr(1), first.detail)
                                              : fmt::format("{} {}", first.parameter, first.detail);
  throw Refusal(Problem::invalid_value, detail, std::move(faults));
}

}  // namespace

std::vector<std::int64_t> Values::numbers(std::string_view name) const {
  std::vector<std::int64_t> numbers;
  for (const auto& text : texts(name)) numbers.push_back(to_integer(text).value());
  return numbers;
}

Values read_query(std::string_view query, const std::vector<Field>& fields, Instant now, const NotHere& not_here) {
  Values values;
  std::vector<Fault> faults;
  std::map<std::string, std::vector<std::string>> lists;
  for (const auto& [given, text] : pairs_of(query)) {
    const auto& name = given;
    const auto field = std::ranges::find(fields, name, &Field::name);
    if (field == fields.end()) {
      const auto shown = clean_utf8(shortened(name, 64));
      for (const auto& [known, instead] : not_here)
        if (name == known)
          throw Refusal(Problem::unknown_parameter, fmt::format("there is no parameter '{}' here: {}", shown, instead),
                        {{shown, "", "is not for this list"}});
      throw Refusal(Problem::unknown_parameter,
                    fmt::format("there is no parameter '{}' here{}", shown, nearest_of(name, fields)),
                    {{shown, "", "is unknown"}});
    }
    if (field->list) {
      auto one = *field;
      one.list = false;
      auto& list = lists[name];
      for (std::string_view rest = text;;) {
        const auto comma = rest.find(',');
        Value value;
        const std::string word{rest.substr(0, comma)};
        if (const auto wrong = parse(one, word, now, value); !wrong.empty()) {
          faults.push_back({name, "", wrong});
          break;
        }
        list.push_back(word);
        if (list.size() > kElements) {
          faults.push_back({name, "", fmt::format("has more than {} elements", kElements)});
          break;
        }
        if (comma == std::string_view::npos) break;
        rest.remove_prefix(comma + 1);
      }
      continue;
    }
    Value value;
    auto wrong = values.has(name) ? "is given more than once" : parse(*field, text, now, value);
    if (wrong.empty())
      values.set(name, std::move(value));
    else
      faults.push_back({name, "", std::move(wrong)});
  }
  for (auto& [name, list] : lists) values.set(name, std::move(list));
  for (const auto& field : fields)
    if (field.required && !values.has(field.name)) faults.push_back({field.name, "", "is missing"});
  if (!faults.empty()) refuse(std::move(faults));
  return values;
}

Values read_body(std::string_view body, const std::vector<Field>& fields, Instant now) {
  json::error_code error;
  json::parse_options options;
  options.max_depth = kDepth;
  json::object object;
  if (!trim(body).empty()) {
    const auto parsed = json::parse({body.data(), body.size()}, error, {}, options);
    if (error) throw Refusal(Problem::malformed_body, "the body is not JSON: " + error.message());
    if (!parsed.is_object()) throw Refusal(Problem::malformed_body, "the body is not a JSON object");
    object = parsed.get_object();
  }
  Values values;
  std::vector<Fault> faults;
  for (const auto& member : object) {
    const std::string name{member.key()};
    const auto field = std::ranges::find(fields, name, &Field::name);
    if (field == fields.end()) {
      faults.push_back({"", pointer_to(clean_utf8(shortened(name, 64))), "is unknown" + nearest_of(name, fields)});
    } else {
      Value value;
      if (auto wrong = take(*field, member.value(), now, value); !wrong.empty())
        faults.push_back({"", pointer_to(name), std::move(wrong)});
      else
        values.set(name, std::move(value));
    }
    if (faults.size() > kParameters) break;
  }
  for (const auto& field : fields)
    if (field.required && !object.contains(field.name)) faults.push_back({"", pointer_to(field.name), "is missing"});
  if (!faults.empty()) refuse(std::move(faults));
  return values;
}

std::string only_members(std::string_view text, const std::vector<std::string>& members) {
  const auto parsed = json::parse({text.data(), text.size()});
  json::object out;
  for (const auto& name : members)
    if (const auto* value = parsed.get_object().if_contains(name)) out[name] = *value;
  return json::serialize(out);
}

}  // namespace visitor::api
