#include "support/telegram_fake/state.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <charconv>
#include <variant>

#include "support/telegram_fake/html.hpp"

namespace visitor::telegram_fake {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;

constexpr std::size_t kTextLimit = 4096, kCaptionLimit = 1024, kRawLimit = 32'768, kPhotoLimit = 10'000'000;

Answer refuse(int code, std::string description) {
  return {code, fmt::format("{}: {}", code == 403 ? "Forbidden" : "Bad Request", description)};
}

std::string text_of(const Wish& wish, const std::string& name) {
  const auto found = wish.text.find(name);
  return found == wish.text.end() ? "" : found->second;
}

std::optional<std::int64_t> number(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// What the server makes of a text: limits, markup, and blanks at both ends away.
struct Words {
  std::string text;
  std::optional<Answer> refused;
};

Words words_of(const Wish& wish, const std::string& name, std::size_t limit) {
  const auto given = text_of(wish, name);
  const auto mode = text_of(wish, "parse_mode");
  const bool caption = name == "caption";
  if (given.size() > kRawLimit) return {"", refuse(400, "Text is too long")};
  if (!is_utf8(given)) return {"", refuse(400, "strings must be encoded in UTF-8")};
  std::string text = given;
  if (mode == "HTML") {
    auto parsed = parse_html(given);
    if (const auto* error = std::get_if<HtmlError>(&parsed)) return {"", refuse(400, error->description)};
    text = std::get<ParsedHtml>(parsed).text;
  } else if (!mode.empty()) {
    return {"", refuse(400, "unsupported parse_mode")};
  }
  if (utf16_length(text) > limit)
    return {"", refuse(400, caption ? "message caption is too long" : "message is too long")};
  const auto first = text.find_first_not_of(" \n\t\r");
  if (first == std::string::npos) {
    if (caption) return {"", std::nullopt};
    return {"", refuse(400, "message text is empty")};
  }
  return {text.substr(first, text.find_last_not_of(" \n\t\r") - first + 1), std::nullopt};
}

struct Keys {
  Keyboard keyboard;
  std::optional<Answer> refused;
};

Keys keys_of(const Wish& wish) {
  const auto given = text_of(wish, "reply_markup");
  if (given.empty()) return {};
  json::error_code error;
  const auto value = json::parse(given, error);
  const auto* rows = !error && value.is_object() ? value.get_object().if_contains("inline_keyboard") : nullptr;
  if (rows == nullptr || !rows->is_array()) return {{}, refuse(400, "object expected as reply markup")};
  Keyboard keyboard;
  for (const auto& row : rows->get_array()) {
    if (!row.is_array()) return {{}, refuse(400, "field \"inline_keyboard\" must be an Array of Arrays")};
    auto& line = keyboard.emplace_back();
    for (const auto& entry : row.get_array()) {
      const auto* text = entry.is_object() ? entry.get_object().if_contains("text") : nullptr;
      const auto* data = entry.is_object() ? entry.get_object().if_contains("callback_data") : nullptr;
      if (text == nullptr || !text->is_string() || text->get_string().empty())
        return {{}, refuse(400, "can't parse inline keyboard button: text must be non-empty")};
      if (data == nullptr || !data->is_string() || data->get_string().empty() || data->get_string().size() > 64)
        return {{}, refuse(400, "BUTTON_DATA_INVALID")};
      line.push_back({std::string{text->get_string()}, std::string{data->get_string()}});
    }
  }
  return {keyboard, std::nullopt};
}

json::object person_json(const Person& person) {
  return {{"id", person.id}, {"is_bot", false}, {"first_name", person.first_name}};
}

json::object chat_json(const Chat& chat) {
  json::object object{{"id", chat.id}, {"type", chat.id > 0 ? "private" : "supergroup"}};
  if (!chat.name.empty()) object["username"] = chat.name.substr(1);
  return object;
}

}  // namespace

std::string Answer::json() const {
  if (code == 200) return fmt::format(R"({{"ok":true,"result":{}}})", result);
  json::object object{{"ok", false}, {"error_code", code}, {"description", description}};
  json::object parameters;
  if (retry_after > 0) parameters["retry_after"] = retry_after;
  if (migrate_to != 0) parameters["migrate_to_chat_id"] = migrate_to;
  if (!parameters.empty()) object["parameters"] = parameters;
  return json::serialize(object);
}

Chat& State::add_chat(std::int64_t id, const std::string& name) {
  auto& chat = chats_[id];
  chat.id = id;
  if (!name.empty()) chat.name = name;
  return chat;
}

Chat* State::find_chat(std::int64_t id) {
  const auto found = chats_.find(id);
  return found == chats_.end() ? nullptr : &found->second;
}

std::variant<Chat*, Answer> State::chat_of(const Wish& wish) {
  const auto given = text_of(wish, "chat_id");
  if (given.empty()) return refuse(400, "chat_id is empty");
  Chat* chat = nullptr;
  if (const auto id = number(given)) {
    chat = find_chat(*id);
    if (chat == nullptr && any_chat_ && *id != 0) chat = &add_chat(*id);
  } else {
    for (auto& [id, one] : chats_)
      if (given.starts_with('@') && one.name == given) chat = &one;
  }
  if (chat == nullptr) return refuse(400, "chat not found");
  if (chat->moved_to != 0) {
    auto answer = refuse(400, "group chat was upgraded to a supergroup chat");
    answer.migrate_to = chat->moved_to;
    return answer;
  }
  if (chat->blocked)
    return refuse(403, chat->id > 0 ? "bot was blocked by the user" : "bot was kicked from the supergroup chat");
  return chat;
}

std::optional<Answer> State::flood(std::int64_t chat, Time now) {
  if (!limits_.on) return std::nullopt;
  auto& times = chat_times_[chat];
  const auto free_at = [&](const std::deque<Time>& sent, int count, Time::duration span) {
    const auto size = static_cast<int>(sent.size());
    return size < count ? now : sent[static_cast<std::size_t>(size - count)] + span;
  };
  auto free = std::max(free_at(bot_times_, limits_.bot_per_second, 1s), free_at(times, limits_.chat_per_second, 1s));
  if (chat < 0) free = std::max(free, free_at(times, limits_.group_per_minute, 60s));
  if (free > now) {
    ++floods_;
    const auto wait = static_cast<int>(std::chrono::ceil<std::chrono::seconds>(free - now).count());
    Answer answer{429, fmt::format("Too Many Requests: retry after {}", wait)};
    answer.retry_after = wait;
    return answer;
  }
  bot_times_.push_back(now);
  times.push_back(now);
  while (!bot_times_.empty() && bot_times_.front() + 1s <= now) bot_times_.pop_front();
  while (!times.empty() && times.front() + 60s <= now) times.pop_front();
  return std::nullopt;
}

Answer State::call(const std::string& method, const Wish& wish, Time now) {
  if (method == "answerCallbackQuery") return answer_press(wish);
  const bool known = method == "sendMessage" || method == "sendPhoto" || method == "deleteMessage" ||
                     method == "editMessageText" || method == "editMessageCaption" ||
                     method == "editMessageReplyMarkup";
  if (!known) return {404, "Not Found: method not found"};
  if (method == "deleteMessage") return remove(wish);
  if (auto refused = flood(number(text_of(wish, "chat_id")).value_or(-1), now)) return *refused;
  return method.starts_with("send") ? send(wish, method == "sendPhoto", now) : edit(method, wish);
}

Answer State::send(const Wish& wish, bool photo, Time now) {
  const auto found = chat_of(wish);
  if (const auto* answer = std::get_if<Answer>(&found)) return *answer;
  auto& chat = *std::get<Chat*>(found);
  const auto words = words_of(wish, photo ? "caption" : "text", photo ? kCaptionLimit : kTextLimit);
  if (words.refused) return *words.refused;
  const auto keys = keys_of(wish);
  if (keys.refused) return *keys.refused;
  if (photo) {
    if (!wish.photo || wish.photo->empty()) return refuse(400, "there is no photo in the request");
    if (wish.photo->size() > kPhotoLimit) return {413, "Request Entity Too Large"};
    if (!wish.photo->starts_with("\xFF\xD8\xFF") && !wish.photo->starts_with("\x89PNG\r\n"))
      return refuse(400, "IMAGE_PROCESS_FAILED");
  }
  Shown shown;
  shown.text = words.text;
  shown.html = text_of(wish, photo ? "caption" : "text");
  shown.photo = photo;
  shown.keyboard = keys.keyboard;
  shown.at = now;
  if (const auto given = text_of(wish, "reply_parameters"); !given.empty()) {
    json::error_code error;
    const auto value = json::parse(given, error);
    const auto* id = !error && value.is_object() ? value.get_object().if_contains("message_id") : nullptr;
    if (id == nullptr || !id->is_int64()) return refuse(400, "can't parse reply parameters JSON object");
    const auto target = id->get_int64();
    const auto there = std::find_if(chat.messages.begin(), chat.messages.end(),
                                    [&](const Shown& one) { return one.id == target && !one.deleted; });
    const auto* allow = value.get_object().if_contains("allow_sending_without_reply");
    if (there != chat.messages.end())
      shown.reply_to = target;
    else if (allow == nullptr || !allow->is_bool() || !allow->get_bool())
      return refuse(400, "message to be replied not found");
  }
  shown.id = next_message_++;
  chat.messages.push_back(shown);
  Answer answer;
  answer.result = message_json(chat, shown);
  return answer;
}

Answer State::edit(const std::string& method, const Wish& wish) {
  const auto found = chat_of(wish);
  if (const auto* answer = std::get_if<Answer>(&found)) return *answer;
  auto& chat = *std::get<Chat*>(found);
  const auto id = number(text_of(wish, "message_id"));
  const auto message = std::find_if(chat.messages.begin(), chat.messages.end(),
                                    [&](const Shown& one) { return id && one.id == *id && !one.deleted; });
  if (message == chat.messages.end()) return refuse(400, "message to edit not found");
  if (message->frozen) return refuse(400, "message can't be edited");
  const auto keys = keys_of(wish);
  if (keys.refused) return *keys.refused;
  auto changed = *message;
  changed.keyboard = keys.keyboard;
  if (method != "editMessageReplyMarkup") {
    const bool caption = method == "editMessageCaption";
    if (message->photo && !caption) return refuse(400, "there is no text in the message to edit");
    if (!message->photo && caption) return refuse(400, "there is no caption in the message to edit");
    const auto words = words_of(wish, caption ? "caption" : "text", caption ? kCaptionLimit : kTextLimit);
    if (words.refused) return *words.refused;
    changed.text = words.text;
    changed.html = text_of(wish, caption ? "caption" : "text");
  }
  if (changed.text == message->text && changed.html == message->html && changed.keyboard == message->keyboard)
    return refuse(400,
                  "message is not modified: specified new message content and reply markup are exactly the same as a "
                  "current content and reply markup of the message");
  ++changed.edits;
  *message = changed;
  Answer answer;
  answer.result = message_json(chat, changed);
  return answer;
}

Answer State::remove(const Wish& wish) {
  const auto found = chat_of(wish);
  if (const auto* answer = std::get_if<Answer>(&found)) return *answer;
  auto& chat = *std::get<Chat*>(found);
  const auto id = number(text_of(wish, "message_id"));
  for (auto& message : chat.messages) {
    if (!id || message.id != *id || message.deleted) continue;
    message.deleted = true;
    return {};
  }
  return refuse(400, "message to delete not found");
}

Answer State::answer_press(const Wish& wish) {
  const auto text = text_of(wish, "text");
  if (utf16_length(text) > 200) return refuse(400, "MESSAGE_TOO_LONG");
  if (open_queries_.erase(text_of(wish, "callback_query_id")) == 0)
    return refuse(400, "query is too old and response timeout expired or query ID is invalid");
  answers_.push_back({text_of(wish, "callback_query_id"), text, text_of(wish, "show_alert") == "true"});
  return {};
}

std::string State::message_json(const Chat& chat, const Shown& message) const {
  json::object object{{"message_id", message.id},
                      {"chat", chat_json(chat)},
                      {"date", std::chrono::duration_cast<std::chrono::seconds>(message.at.time_since_epoch()).count()},
                      {message.photo ? "caption" : "text", message.text}};
  return json::serialize(object);
}

std::string State::press(std::int64_t chat_id, std::int64_t message, const Person& by, const std::string& data) {
  const auto query = fmt::format("{}{:06}", by.id, next_query_++);
  open_queries_.insert(query);
  json::object callback{
      {"id", query}, {"from", person_json(by)}, {"chat_instance", std::to_string(chat_id)}, {"data", data}};
  if (const auto* chat = find_chat(chat_id)) {
    json::object shown{{"message_id", message}, {"chat", chat_json(*chat)}, {"date", 0}};
    callback["message"] = std::move(shown);
  }
  const auto update = next_update_++;
  updates_[update] = json::serialize(json::object{{"update_id", update}, {"callback_query", std::move(callback)}});
  return query;
}

void State::say(std::int64_t chat_id, const Person& by, const std::string& text) {
  const auto& chat = add_chat(chat_id);
  json::object message{{"message_id", next_message_++}, {"chat", chat_json(chat)}, {"date", 0}, {"text", text}};
  if (by.id != 0) message["from"] = person_json(by);
  const auto update = next_update_++;
  updates_[update] = json::serialize(json::object{{"update_id", update}, {"message", std::move(message)}});
}

std::string State::updates(std::int64_t offset, int limit) {
  if (offset > 0) {
    updates_.erase(updates_.begin(), updates_.lower_bound(offset));
  } else if (offset < 0) {
    while (updates_.size() > static_cast<std::size_t>(-offset)) updates_.erase(updates_.begin());
  }
  std::string list;
  int count = 0;
  for (const auto& [id, update] : updates_) {
    if (count++ == limit) break;
    list += (list.empty() ? "" : ",") + update;
  }
  return list;
}

std::optional<std::pair<std::int64_t, std::string>> State::oldest() const {
  if (updates_.empty()) return std::nullopt;
  return *updates_.begin();
}

}  // namespace visitor::telegram_fake
