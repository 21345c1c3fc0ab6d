#include "notify/telegram_updates.hpp"

#include <boost/json.hpp>

namespace visitor::notify {
namespace {

namespace json = boost::json;

const json::object* object_in(const json::object* from, std::string_view name) {
  const auto* value = from == nullptr ? nullptr : from->if_contains({name.data(), name.size()});
  return value == nullptr ? nullptr : value->if_object();
}

std::int64_t number_in(const json::object* from, std::string_view name) {
  const auto* value = from == nullptr ? nullptr : from->if_contains({name.data(), name.size()});
  const auto* number = value == nullptr ? nullptr : value->if_int64();
  return number == nullptr ? 0 : *number;
}

std::string text_in(const json::object* from, std::string_view name) {
  const auto* value = from == nullptr ? nullptr : from->if_contains({name.data(), name.size()});
  const auto* text = value == nullptr ? nullptr : value->if_string();
  return text == nullptr ? "" : std::string{text->data(), text->size()};
}

std::string chat_in(const json::object* message) {
  const auto id = number_in(object_in(message, "chat"), "id");
  return id == 0 ? "" : std::to_string(id);
}

std::optional<TelegramPerson> person_in(const json::object* from) {
  const auto* person = object_in(from, "from");
  if (number_in(person, "id") == 0) return std::nullopt;
  auto name = text_in(person, "first_name");
  if (const auto last = text_in(person, "last_name"); !last.empty()) name += " " + last;
  return TelegramPerson{number_in(person, "id"), name, text_in(person, "username")};
}

std::optional<TelegramUpdate> to_update(const json::value& value) {
  const auto* object = value.if_object();
  if (number_in(object, "update_id") <= 0) return std::nullopt;
  TelegramUpdate update;
  update.id = number_in(object, "update_id");
  if (const auto* query = object_in(object, "callback_query")) {
    const auto by = person_in(query);
    const auto* message = object_in(query, "message");
    if (by && !text_in(query, "id").empty())
      update.press = {text_in(query, "id"), *by, chat_in(message), number_in(message, "message_id"),
                      text_in(query, "data")};
  } else if (const auto* message = object_in(object, "message")) {
    if (const auto chat = chat_in(message); !chat.empty())
      update.note = {chat, number_in(message, "message_id"), person_in(message), text_in(message, "text")};
  }
  return update;
}

std::optional<json::value> parse(std::string_view text) {
  json::error_code error;
  auto value = json::parse({text.data(), text.size()}, error);
  if (error) return std::nullopt;
  return value;
}

}  // namespace

std::optional<TelegramUpdate> read_telegram_update(std::string_view text) {
  const auto value = parse(text);
  return value ? to_update(*value) : std::nullopt;
}

std::optional<std::vector<TelegramUpdate>> read_telegram_updates(std::string_view text) {
  const auto value = parse(text);
  const auto* list = value ? value->if_array() : nullptr;
  if (list == nullptr) return std::nullopt;
  std::vector<TelegramUpdate> updates;
  for (const auto& entry : *list)
    if (auto update = to_update(entry)) updates.push_back(std::move(*update));
  return updates;
}

}  // namespace visitor::notify
