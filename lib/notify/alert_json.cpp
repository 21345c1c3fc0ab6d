#include "notify/alert_json.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "core/text.hpp"
#include "domain/language.hpp"
#include "notify/delivery_key.hpp"

namespace visitor::notify {
namespace {

namespace json = boost::json;

// Braces would make an array of what stands in them.
json::value text(const std::string& text) {
  return json::value(json::string(clean_utf8(text)));
}

json::value text_or_null(const std::string& given) {
  return given.empty() ? json::value() : text(given);
}

template <class Id>
json::value number_or_null(const std::optional<Id>& id) {
  return id ? json::value(id->value) : json::value();
}

}  // namespace

std::string alert_json(const Message& message) {
  json::array facts;
  for (const auto& fact : message.facts)
    facts.push_back(json::object{{"label", text(fact.label)}, {"value", text(fact.value)}});
  const auto word = [](std::string_view name) { return json::value(json::string(name.data(), name.size())); };
  return json::serialize(json::object{
      {"version", 1},
      {"event_id", delivery_key(message)},
      {"kind", word(domain::name(message.kind))},
      {"severity", word(domain::name(message.severity))},
      {"created_at", to_iso(message.created_at)},
      {"alert", message.alert.value},
      {"incident", number_or_null(message.incident)},
      {"visit", number_or_null(message.visit)},
      {"incident_type", message.incident_type ? word(domain::name(*message.incident_type)) : json::value()},
      {"late", message.late},
      {"possibly_repeated", message.possibly_repeated},
      {"thread", text_or_null(message.thread)},
      {"replaces", text_or_null(message.replaces)},
      {"language", word(domain::name(message.language))},
      {"subject", text(message.subject)},
      {"facts", std::move(facts)},
      {"text", text(message.text)},
      {"link", text_or_null(message.link)},
      {"summary", text(message.summary)},
  });
}

}  // namespace visitor::notify
