#include "daemon/api/field.hpp"

#include <utility>

namespace visitor::api {
namespace {

Field plain(std::string name, Type type, std::string sentence) {
  Field field;
  field.name = std::move(name);
  field.type = type;
  field.sentence = std::move(sentence);
  return field;
}

}  // namespace

Field text(std::string name, std::string sentence, std::int64_t most, std::int64_t least) {
  auto field = plain(std::move(name), Type::text, std::move(sentence));
  field.least = least;
  field.most = most;
  return field;
}

Field number(std::string name, std::string sentence, std::int64_t least, std::int64_t most) {
  auto field = plain(std::move(name), Type::integer, std::move(sentence));
  field.least = least;
  field.most = most;
  return field;
}

Field id(std::string name, std::string sentence) {
  return number(std::move(name), std::move(sentence), 1);
}

Field yes_or_no(std::string name, std::string sentence) {
  return plain(std::move(name), Type::boolean, std::move(sentence));
}

Field moment(std::string name, std::string sentence) {
  return plain(std::move(name), Type::instant, std::move(sentence));
}

Field anything(std::string name, std::string sentence) {
  return plain(std::move(name), Type::anything, std::move(sentence));
}

Field word(std::string name, std::string sentence, std::vector<std::string> words) {
  auto field = plain(std::move(name), Type::word, std::move(sentence));
  field.words = std::move(words);
  return field;
}

Field object(std::string name, std::string sentence, std::string schema) {
  auto field = plain(std::move(name), Type::object, std::move(sentence));
  field.schema = std::move(schema);
  return field;
}

Field many(Field field) {
  field.list = true;
  return field;
}

Field required(Field field) {
  field.required = true;
  return field;
}

Field or_null(Field field) {
  field.nullable = true;
  return field;
}

Field with_default(Field field, std::string fallback) {
  field.fallback = std::move(fallback);
  return field;
}

}  // namespace visitor::api
