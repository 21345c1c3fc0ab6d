#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "domain/names.hpp"

/// What goes in and out, in words: from these follow what a request is checked against, the OpenAPI document and the
/// page for people.
namespace visitor::api {

enum class Type : std::uint8_t {
  text,
  integer,
  boolean,
  instant,  ///< in answers RFC 3339 in UTC; in requests anything that parse_moment takes
  word,     ///< one of Field::words
  object,   ///< of the schema Field::schema
  anything,
};

/// A parameter of the address, a member of a body, or a member of an answer.
struct Field {
  std::string name;
  Type type = Type::text;
  std::string sentence;  ///< what it is
  std::vector<std::string> words = {};
  std::string schema = {};
  std::int64_t least = 0;     ///< integer: value; text: characters
  std::int64_t most = 0;      ///< the same
  std::string fallback = {};  ///< what it is where it is not given; for people
  bool list = false;          ///< any number of them: in an address repeated, or with commas between
  bool nullable = false;      ///< may be null
  bool required = false;      ///< of a request
};

constexpr std::int64_t kLargestId = (std::int64_t{1} << 53) - 1;  // what every JSON reader can hold
constexpr std::int64_t kLongestText = 1'000;

Field text(std::string name, std::string sentence, std::int64_t most = kLongestText, std::int64_t least = 0);
Field number(std::string name, std::string sentence, std::int64_t least = 0, std::int64_t most = kLargestId);
/// A number of a thing: 1 or more.
Field id(std::string name, std::string sentence);
Field yes_or_no(std::string name, std::string sentence);
Field moment(std::string name, std::string sentence);
Field anything(std::string name, std::string sentence);
Field word(std::string name, std::string sentence, std::vector<std::string> words);
Field object(std::string name, std::string sentence, std::string schema);
/// One of the names of \p E.
template <class E>
Field named(std::string name, std::string sentence) {
  std::vector<std::string> words;
  for (const auto& row : domain::names<E>()) words.emplace_back(row.name);
  return word(std::move(name), std::move(sentence), std::move(words));
}

Field many(Field field);
Field required(Field field);
Field or_null(Field field);
Field with_default(Field field, std::string fallback);

struct Schema {
  std::string name;
  std::vector<Field> fields;
};

}  // namespace visitor::api
