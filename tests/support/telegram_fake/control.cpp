#include "support/telegram_fake/control.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <cstdlib>
#include <map>

#include "support/telegram_fake/server.hpp"

namespace visitor::telegram_fake {
namespace {

namespace json = boost::json;

/// What a caller asks for wrongly.
struct Unusable {
  std::string why;
};

std::int64_t number(const json::object& from, const char* name, std::int64_t otherwise = 0) {
  const auto* value = from.if_contains(name);
  if (value == nullptr) return otherwise;
  if (!value->is_int64()) throw Unusable{fmt::format("{} is not a number", name)};
  return value->get_int64();
}

std::string text(const json::object& from, const char* name, const std::string& otherwise = "") {
  const auto* value = from.if_contains(name);
  if (value == nullptr) return otherwise;
  if (!value->is_string()) throw Unusable{fmt::format("{} is not text", name)};
  return std::string{value->get_string()};
}

bool flag(const json::object& from, const char* name, bool otherwise) {
  const auto* value = from.if_contains(name);
  if (value == nullptr) return otherwise;
  if (!value->is_bool()) throw Unusable{fmt::format("{} is neither true nor false", name)};
  return value->get_bool();
}

json::object shown_json(const Shown& message) {
  json::array buttons;
  for (const auto& row : message.keyboard)
    for (const auto& button : row) buttons.push_back(json::object{{"text", button.text}, {"data", button.data}});
  return {{"id", message.id},
          {"date", std::chrono::duration_cast<std::chrono::seconds>(message.at.time_since_epoch()).count()},
          {"text", message.text},
          {"html", message.html},
          {"photo", message.photo},
          {"edits", message.edits},
          {"reply_to", message.reply_to},
          {"buttons", std::move(buttons)}};
}

void change_chat(Server& fake, const json::object& wish) {
  fake.with([&](State& state) {
    auto& chat = state.add_chat(number(wish, "id"), text(wish, "name"));
    chat.blocked = flag(wish, "blocked", chat.blocked);
    chat.moved_to = number(wish, "moved_to", chat.moved_to);
    if (flag(wish, "frozen", false))
      for (auto& message : chat.messages) message.frozen = true;
  });
}

void press(Server& fake, const json::object& wish) {
  const auto chat = number(wish, "chat");
  const auto wanted = number(wish, "message");
  const auto given = text(wish, "data");
  const auto label = text(wish, "label");
  auto message = wanted;
  auto data = given;
  for (const auto& shown : fake.shown(chat)) {
    if (wanted != 0 && shown.id != wanted) continue;
    for (const auto& row : shown.keyboard)
      for (const auto& button : row)
        if (given.empty() ? button.text == label : label.empty() && button.data == given) {
          message = shown.id;
          data = button.data;
        }
  }
  if (data.empty() || message == 0) throw Unusable{"no message has such a button"};
  fake.press(chat, message, {number(wish, "user"), text(wish, "name", "Somebody")}, data);
}

Fault fault_of(const json::object& wish) {
  static const std::map<std::string, Fault::Kind> kKinds{{"error", Fault::Kind::error},
                                                         {"drop", Fault::Kind::drop},
                                                         {"lose", Fault::Kind::lose},
                                                         {"hang", Fault::Kind::hang},
                                                         {"html", Fault::Kind::html}};
  const auto kind = kKinds.find(text(wish, "kind", "error"));
  if (kind == kKinds.end()) throw Unusable{"kind is none of error, drop, lose, hang, html"};
  Fault fault;
  fault.kind = kind->second;
  fault.method = text(wish, "method");
  fault.code = static_cast<int>(number(wish, "code", fault.code));
  fault.description = text(wish, "description", fault.description);
  fault.retry_after = static_cast<int>(number(wish, "retry_after"));
  fault.count = static_cast<int>(number(wish, "count", 1));
  return fault;
}

json::value read(Server& fake, const sim::HttpRequest& request) {
  if (request.path == "/control/webhook")
    return json::object{{"url", fake.webhook()}, {"secret", fake.webhook_secret()}};
  json::array list;
  if (request.path == "/control/chat") {
    const auto id = request.query.find("id");
    if (id == request.query.end()) throw Unusable{"id is missing"};
    for (const auto& message : fake.shown(std::strtoll(id->second.c_str(), nullptr, 10)))
      list.push_back(shown_json(message));
  } else if (request.path == "/control/chats") {
    fake.with([&](State& state) {
      for (const auto& [id, chat] : state.chats())
        list.push_back(json::object{{"id", id}, {"messages", chat.messages.size()}});
    });
  } else if (request.path == "/control/answers") {
    for (const auto& answer : fake.answers())
      list.push_back(json::object{{"text", answer.text}, {"alert", answer.alert}});
  } else if (request.path == "/control/calls") {
    for (const auto& call : fake.calls())
      list.push_back(json::object{{"method", call.method}, {"chat", call.chat}, {"code", call.code}});
  } else {
    throw Unusable{"there is nothing of that name"};
  }
  return list;
}

void change(Server& fake, const std::string& path, const json::object& wish) {
  if (path == "/control/chat")
    change_chat(fake, wish);
  else if (path == "/control/press")
    press(fake, wish);
  else if (path == "/control/say")
    fake.say(number(wish, "chat"), {number(wish, "user"), text(wish, "name", "Somebody")}, text(wish, "text"));
  else if (path == "/control/fault")
    fake.fail(fault_of(wish));
  else if (path == "/control/limits")
    fake.with([&](State& state) { state.limits().on = flag(wish, "on", true); });
  else
    throw Unusable{"there is nothing of that name"};
}

}  // namespace

std::pair<int, std::string> control(Server& fake, const sim::HttpRequest& request) {
  try {
    if (request.method == "GET") return {200, json::serialize(read(fake, request))};
    json::error_code error;
    const auto value = json::parse(request.body, error);
    if (error || !value.is_object()) throw Unusable{"the body is no JSON object"};
    change(fake, request.path, value.get_object());
    return {200, "true"};
  } catch (const Unusable& unusable) {
    return {400, unusable.why + "\n"};
  }
}

}  // namespace visitor::telegram_fake
