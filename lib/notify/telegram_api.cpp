#include "notify/telegram_api.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "core/error.hpp"
#include "core/telegram_token.hpp"
#include "core/text.hpp"
#include "core/vault.hpp"
#include "net/url.hpp"

namespace visitor::notify {
namespace {

namespace json = boost::json;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::size_t kDescription = 300;
constexpr std::int64_t kMostRetryAfter = 24 * 3600;
constexpr seconds kAnswerTime{10};  // for the answer of a long poll, after its wait

json::object object_of(const std::string& chat) {
  json::object body;
  body["chat_id"] = chat;
  return body;
}

json::object keyboard(const std::vector<std::vector<Button>>& rows) {
  json::array lines;
  for (const auto& row : rows) {
    json::array line;
    for (const auto& button : row)
      line.push_back(json::object{{"text", clean_utf8(button.label)}, {"callback_data", button.data}});
    lines.push_back(std::move(line));
  }
  return {{"inline_keyboard", std::move(lines)}};
}

json::object reply(std::int64_t message) {
  return {{"message_id", message}, {"allow_sending_without_reply", true}};
}

json::object message_body(const TelegramPost& post) {
  auto body = object_of(post.chat);
  body["text"] = post.text;
  if (!post.plain) body["parse_mode"] = "HTML";
  body["link_preview_options"] = json::object{{"is_disabled", true}};
  if (post.reply_to != 0) body["reply_parameters"] = reply(post.reply_to);
  if (!post.buttons.empty()) body["reply_markup"] = keyboard(post.buttons);
  return body;
}

class Form {
 public:
  Form() : boundary_("visitor-" + to_hex(random_bytes(16))) {}

  void field(std::string_view name, std::string_view value) { part(name, "", "", value); }
  void part(std::string_view name, std::string_view file, std::string_view type, std::string_view value) {
    body_ += fmt::format("--{}\r\nContent-Disposition: form-data; name=\"{}\"", boundary_, name);
    if (!file.empty()) body_ += fmt::format("; filename=\"{}\"\r\nContent-Type: {}", file, type);
    body_ += "\r\n\r\n";
    body_ += value;
    body_ += "\r\n";
  }
  std::string type() const { return "multipart/form-data; boundary=" + boundary_; }
  std::string body() const { return fmt::format("{}--{}--\r\n", body_, boundary_); }

 private:
  std::string boundary_, body_;
};

bool was_sent(net::NetFailure failure) {
  using enum net::NetFailure;
  return failure != refused && failure != unreachable && failure != name_resolution && failure != tls_handshake &&
         failure != certificate_changed;
}

}  // namespace

/// What came of a call: the "result" of the answer, or why there is none.
struct TelegramApi::Result {
  std::variant<json::value, TelegramFailure> value;

  /// \p read makes a T of the result, or nothing where it is not what the method promises.
  template <class T, class Read>
  TelegramAnswer<T> as(Read&& read) && {
    if (auto* failure = std::get_if<TelegramFailure>(&value)) return std::move(*failure);
    if (auto made = read(std::get<json::value>(value))) return *std::move(made);
    return TelegramFailure{0, "the answer is not what the Bot API promises", {}, {}, true};
  }
  TelegramAnswer<TelegramDone> done() && {
    return std::move(*this).as<TelegramDone>(
        [](const json::value&) { return std::optional<TelegramDone>{TelegramDone{}}; });
  }
  TelegramAnswer<std::int64_t> message_number() && {
    return std::move(*this).as<std::int64_t>([](const json::value& result) -> std::optional<std::int64_t> {
      const auto* object = result.if_object();
      const auto* number = object == nullptr ? nullptr : object->if_contains("message_id");
      if (number == nullptr || !number->is_int64()) return std::nullopt;
      return number->get_int64();
    });
  }
};

TelegramApi::TelegramApi(TelegramApiOptions options)
    : base_url_(std::move(options.base_url)),
      token_(std::move(options.token)),
      request_timeout_(options.request_timeout),
      http_(net::HttpOptions{.request_timeout = options.request_timeout, .idle_life = seconds{30}}) {
  while (base_url_.ends_with('/')) base_url_.pop_back();
  if (base_url_.size() > 1000) throw Error(Errc::config, "telegram.base_url is longer than 1000 bytes");
  const auto url = net::parse_url(base_url_);
  if (url.target.find('?') != std::string::npos) throw Error(Errc::config, "telegram.base_url holds a question mark");
  if (!is_telegram_token(token_.reveal()))
    throw Error(Errc::config, "the token of the Telegram bot has not the form of one",
                "It looks like 123456789:AAE-…, in one line, as BotFather gives it.");
  bot_ = *to_integer(token_.reveal().substr(0, token_.reveal().find(':')));
}

TelegramAnswer<std::int64_t> TelegramApi::send_message(const TelegramPost& post, std::stop_token stop) {
  return call_json("sendMessage", json::serialize(message_body(post)), std::move(stop)).message_number();
}

TelegramAnswer<std::int64_t> TelegramApi::send_photo(const TelegramPost& caption, const Photo& photo,
                                                     std::stop_token stop) {
  Form form;
  form.field("chat_id", caption.chat);
  form.field("caption", caption.text);
  if (!caption.plain) form.field("parse_mode", "HTML");
  if (caption.reply_to != 0) form.field("reply_parameters", json::serialize(reply(caption.reply_to)));
  if (!caption.buttons.empty()) form.field("reply_markup", json::serialize(keyboard(caption.buttons)));
  const bool png = photo.content_type == "image/png";
  form.part("photo", png ? "event.png" : "event.jpg", png ? "image/png" : "image/jpeg", photo.bytes);
  net::HttpRequest request;
  request.body = form.body();
  request.content_type = form.type();
  return call("sendPhoto", std::move(request), std::move(stop)).message_number();
}

TelegramAnswer<TelegramDone> TelegramApi::edit(std::string_view method, std::string body, std::stop_token stop) {
  auto answer = call_json(method, std::move(body), std::move(stop)).done();
  const auto* failure = std::get_if<TelegramFailure>(&answer);
  if (failure != nullptr && failure->description.find("message is not modified") != std::string::npos)
    return TelegramDone{};
  return answer;
}

TelegramAnswer<TelegramDone> TelegramApi::edit_text(std::int64_t message, const TelegramPost& post,
                                                    std::stop_token stop) {
  auto body = message_body(post);
  body["message_id"] = message;
  body.erase("reply_parameters");
  return edit("editMessageText", json::serialize(body), std::move(stop));
}

TelegramAnswer<TelegramDone> TelegramApi::edit_caption(std::int64_t message, const TelegramPost& post,
                                                       std::stop_token stop) {
  auto body = message_body(post);
  body["message_id"] = message;
  body["caption"] = post.text;
  body.erase("text");
  body.erase("link_preview_options");
  body.erase("reply_parameters");
  return edit("editMessageCaption", json::serialize(body), std::move(stop));
}

TelegramAnswer<TelegramDone> TelegramApi::edit_buttons(std::int64_t message, const TelegramPost& post,
                                                       std::stop_token stop) {
  auto body = object_of(post.chat);
  body["message_id"] = message;
  if (!post.buttons.empty()) body["reply_markup"] = keyboard(post.buttons);
  return edit("editMessageReplyMarkup", json::serialize(body), std::move(stop));
}

TelegramAnswer<TelegramDone> TelegramApi::delete_message(const std::string& chat, std::int64_t message,
                                                         std::stop_token stop) {
  auto body = object_of(chat);
  body["message_id"] = message;
  return call_json("deleteMessage", json::serialize(body), std::move(stop)).done();
}

TelegramAnswer<std::vector<TelegramUpdate>> TelegramApi::get_updates(std::int64_t offset, seconds wait,
                                                                     std::stop_token stop) {
  json::object body{
      {"timeout", wait.count()}, {"limit", 100}, {"allowed_updates", json::array{"message", "callback_query"}}};
  if (offset != 0) body["offset"] = offset;
  return call_json("getUpdates", json::serialize(body), std::move(stop), wait + kAnswerTime - request_timeout_)
      .as<std::vector<TelegramUpdate>>(
          [](const json::value& result) { return read_telegram_updates(json::serialize(result)); });
}

TelegramAnswer<TelegramDone> TelegramApi::answer_press(const std::string& query, const std::string& text, bool alert,
                                                       std::stop_token stop) {
  const json::object body{{"callback_query_id", query}, {"text", clean_utf8(text)}, {"show_alert", alert}};
  return call_json("answerCallbackQuery", json::serialize(body), std::move(stop)).done();
}

TelegramAnswer<std::string> TelegramApi::get_me(std::stop_token stop) {
  return call_json("getMe", "{}", std::move(stop))
      .as<std::string>([](const json::value& result) -> std::optional<std::string> {
        const auto* object = result.if_object();
        const auto* name = object == nullptr ? nullptr : object->if_contains("username");
        if (name == nullptr || !name->is_string()) return std::nullopt;
        return std::string{name->get_string()};
      });
}

TelegramAnswer<TelegramDone> TelegramApi::set_webhook(const std::string& url, const std::string& secret,
                                                      std::stop_token stop) {
  // One connection, so that updates come one after the other.
  const json::object body{{"url", url},
                          {"secret_token", secret},
                          {"max_connections", 1},
                          {"allowed_updates", json::array{"message", "callback_query"}}};
  return call_json("setWebhook", json::serialize(body), std::move(stop)).done();
}

TelegramAnswer<TelegramDone> TelegramApi::delete_webhook(std::stop_token stop) {
  return call_json("deleteWebhook", "{}", std::move(stop)).done();
}

TelegramApi::Result TelegramApi::call_json(std::string_view method, std::string body, std::stop_token stop,
                                           milliseconds more_time) {
  net::HttpRequest request;
  request.body = std::move(body);
  request.content_type = "application/json";
  request.timeout = request_timeout_ + std::max(more_time, milliseconds{0});
  return call(method, std::move(request), std::move(stop));
}

TelegramApi::Result TelegramApi::call(std::string_view method, net::HttpRequest request, std::stop_token stop) {
  request.method = "POST";
  request.url = fmt::format("{}/bot{}/{}", base_url_, token_.reveal(), method);
  const auto sent = http_.send(request, std::move(stop));
  if (const auto* failure = std::get_if<net::HttpFailure>(&sent))
    return {TelegramFailure{0, without_token(failure->message), {}, {}, was_sent(failure->kind)}};
  const auto& response = std::get<net::HttpResponse>(sent);

  json::error_code error;
  auto parsed = json::parse({response.body.data(), response.body.size()}, error);
  auto* answer = error ? nullptr : parsed.if_object();
  const auto* ok = answer == nullptr ? nullptr : answer->if_contains("ok");
  if (ok == nullptr || !ok->is_bool()) {
    // Something between us and Telegram, such as a gateway or a captive portal.
    const auto code = response.status == 200 ? 502 : response.status;
    return {TelegramFailure{
        code, fmt::format("the answer with status {} is not the Bot API's", response.status), {}, {}, code >= 500}};
  }
  if (ok->get_bool()) {
    auto* result = answer->if_contains("result");
    return {result == nullptr ? json::value{} : std::move(*result)};
  }

  const auto number = [](const json::object* from, std::string_view name) -> std::int64_t {
    const auto* value = from == nullptr ? nullptr : from->if_contains({name.data(), name.size()});
    return value != nullptr && value->is_int64() ? value->get_int64() : 0;
  };
  TelegramFailure failure;
  const auto code = number(answer, "error_code");
  failure.code = code >= 400 && code <= 599 ? static_cast<int>(code) : response.status;
  failure.in_doubt = failure.code > 500;  // a gateway's words: what is behind it may have done its part
  if (const auto* text = answer->if_contains("description"); text != nullptr && text->is_string())
    failure.description = without_token(shortened(printable(std::string{text->get_string()}), kDescription));
  if (failure.description.empty()) failure.description = fmt::format("error {}", failure.code);
  if (const auto* more = answer->if_contains("parameters"); more != nullptr && more->is_object()) {
    failure.retry_after =
        seconds{std::clamp<std::int64_t>(number(&more->get_object(), "retry_after"), 0, kMostRetryAfter)};
    if (const auto chat = number(&more->get_object(), "migrate_to_chat_id"); chat != 0)
      failure.migrate_to = std::to_string(chat);
  }
  return {std::move(failure)};
}

std::string TelegramApi::without_token(std::string text) const {
  const auto token = token_.reveal();
  const auto secret = token.substr(token.find(':') + 1);
  for (auto at = text.find(secret); at != std::string::npos; at = text.find(secret, at))
    text.replace(at, secret.size(), "***");
  return text;
}

}  // namespace visitor::notify
