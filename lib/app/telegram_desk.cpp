#include "app/telegram_desk.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "app/telegram_buttons.hpp"
#include "app/telegram_words.hpp"
#include "core/error.hpp"
#include "core/log.hpp"
#include "core/text.hpp"
#include "db/error.hpp"
#include "store/incidents.hpp"

namespace visitor::app {
namespace {

using std::chrono::seconds;

constexpr seconds kHeld{45};          // longer than a question to Telegram may take
constexpr seconds kPressLives{60};    // Telegram forgets a press that nobody answers
constexpr seconds kReplyLives{3600};  // what answers a person is worth nothing much later
constexpr seconds kPause{2};
constexpr int kAtOnce = 20;
constexpr std::string_view kWebhookLabel = "telegram.webhook";

[[noreturn]] void give_up(const notify::TelegramFailure& failure) {
  throw Error(Errc::delivery, fmt::format("Telegram: {}", failure.description),
              failure.code == 401 || failure.code == 404
                  ? "See whether telegram.token_file holds the bot's token, and telegram.base_url is right."
                  : "");
}

// Who did what last, who silenced it until when, and what can be done now.
void add_steps_and_buttons(const Work& work, const Vault& vault, IncidentId incident, const std::string& chat,
                           domain::Language language, notify::Message& message) {
  const bool news =
      message.kind == domain::AlertKind::incident_updated || message.kind == domain::AlertKind::incident_ended;
  if (const auto words =
          news ? last_step_in_words(work, telegram_bot_id(work.settings), incident, language) : std::nullopt)
    message.facts.push_back({telegram_words::say(language, telegram_words::kWho), *words});
  if (const auto words = silence_in_words(work, telegram_bot_id(work.settings), incident, language))
    message.facts.push_back({telegram_words::say(language, telegram_words::kSilence), *words});
  message.buttons = telegram_buttons(work, vault, incident, chat, language);
}

}  // namespace

bool has_telegram(const config::Settings& settings) {
  return !settings.telegram.token.content.empty();
}

notify::TelegramApiOptions telegram_api_options(const config::Settings& settings) {
  notify::TelegramApiOptions options;
  options.base_url = settings.telegram.base_url;
  options.token = settings.telegram.token.content;
  return options;
}

TelegramCompose with_telegram_buttons(TelegramCompose compose, const Vault& vault) {
  return [compose = std::move(compose), &vault](const Work& work, const store::DueDelivery& due) {
    auto message = compose(work, due);
    // What stands for a single alert of an incident is that incident's message, too.
    if (due.delivery.channel == domain::Channel::telegram && message.incident)
      add_steps_and_buttons(work, vault, *message.incident, due.delivery.recipient, due.delivery.language, message);
    return message;
  };
}

std::int64_t telegram_bot_id(const config::Settings& settings) {
  const auto token = settings.telegram.token.content.reveal();
  return to_integer(token.substr(0, std::min(token.find(':'), token.size()))).value_or(0);
}

std::string telegram_webhook_path(const config::Settings& settings) {
  const std::string_view url{settings.telegram.webhook_url};
  const auto scheme = url.find("//");
  if (scheme == std::string_view::npos) return "";
  const auto slash = url.find('/', scheme + 2);
  if (slash == std::string_view::npos) return "/";
  const auto end = url.find_first_of("?#", slash);
  return std::string{url.substr(slash, end == std::string_view::npos ? end : end - slash)};
}

std::string telegram_webhook_secret(const Vault& vault, std::int64_t bot) {
  return to_hex(vault.sign(kWebhookLabel, std::to_string(bot)));
}

bool is_telegram_webhook_secret(const Vault& vault, std::int64_t bot, std::string_view given) {
  const auto signature = from_hex(given);
  return signature && vault.verifies(kWebhookLabel, std::to_string(bot), *signature);
}

void take_telegram_update(db::Pool& pool, const config::Settings& settings, const Vault& vault, const Actor& actor,
                          const Clock& clock, const TelegramBot& bot, const notify::TelegramUpdate& update,
                          std::stop_token stop) {
  const auto in_transaction = [&](const notify::TelegramUpdate& what) {
    db::with_retry(
        pool, 3,
        [&](db::Transaction& tx) {
          handle_telegram_update(Work{tx, actor, clock.now(), settings, domain::Scope::everything()}, vault, bot, what);
        },
        {.stop = stop});
  };
  try {
    in_transaction(update);
  } catch (const Error& error) {
    if (error.code() == Errc::database_lost || error.code() == Errc::interrupted || error.code() == Errc::database)
      throw;
    log::error("telegram: update {} is passed over: {}", update.id, error.message());
    in_transaction({update.id});
  }
}

TelegramDesk::TelegramDesk(db::Pool& pool, const config::Settings& settings, const Vault& vault, const Actor& actor,
                           const Clock& clock, TelegramCompose compose)
    : pool_(pool),
      settings_(settings),
      vault_(vault),
      actor_(actor),
      clock_(clock),
      compose_(std::move(compose)),
      api_(telegram_api_options(settings)),
      channel_(telegram_api_options(settings), clock),
      bot_{api_.bot(), ""} {}

bool TelegramDesk::hold(const std::string& holder, std::span<const std::string> gone) {
  return db::with_retry(pool_, 3, [&](db::Transaction& tx) {
    const auto now = clock_.now();
    return store::TelegramInbox{tx, bot_.id}.hold(holder, now, now + kHeld, gone);
  });
}

void TelegramDesk::let_go(const std::string& holder) {
  db::with_retry(pool_, 3, [&](db::Transaction& tx) { store::TelegramInbox{tx, bot_.id}.let_go(holder); });
}

std::optional<std::string> TelegramDesk::holder() {
  db::Transaction tx{pool_, {.read_only = true}};
  return store::TelegramInbox{tx, bot_.id}.holder();
}

void TelegramDesk::ask(seconds wait, std::stop_token stop) {
  if (bot_.name.empty()) {
    const auto name = api_.get_me(stop);
    if (const auto* failure = std::get_if<notify::TelegramFailure>(&name)) give_up(*failure);
    bot_.name = std::get<std::string>(name);
  }
  const auto next = db::with_retry(pool_, 3,
                                   [&](db::Transaction& tx) {
                                     store::TelegramInbox inbox{tx, bot_.id};
                                     const auto now = clock_.now();
                                     if (const auto due = inbox.next_reply())
                                       wait = std::clamp(std::chrono::ceil<seconds>(*due - now), seconds{0}, wait);
                                     return inbox.next_update(now);
                                   },
                                   {.stop = stop});
  const auto updates = api_.get_updates(next, wait, stop);
  if (const auto* failure = std::get_if<notify::TelegramFailure>(&updates)) {
    if (stop.stop_requested()) return;
    if (failure->code != 409 || failure->description.find("webhook") == std::string::npos) give_up(*failure);
    // From the days of another configuration.
    const auto deleted = api_.delete_webhook(stop);
    if (const auto* refused = std::get_if<notify::TelegramFailure>(&deleted)) give_up(*refused);
    log::info("telegram: the webhook was removed, because telegram.webhook_url is not set");
    return;
  }
  for (const auto& update : std::get<std::vector<notify::TelegramUpdate>>(updates)) handle(update, stop);
}

void TelegramDesk::handle(const notify::TelegramUpdate& update, const std::stop_token& stop) {
  take_telegram_update(pool_, settings_, vault_, actor_, clock_, bot_, update, stop);
}

void TelegramDesk::announce_webhook(std::stop_token stop) {
  const auto done =
      api_.set_webhook(settings_.telegram.webhook_url, telegram_webhook_secret(vault_, bot_.id), std::move(stop));
  if (const auto* failure = std::get_if<notify::TelegramFailure>(&done)) give_up(*failure);
}

void TelegramDesk::answer(std::stop_token stop) {
  const db::TransactionOptions options{.stop = stop};
  while (!stop.stop_requested()) {
    const auto due = db::with_retry(
        pool_, 3,
        [&](db::Transaction& tx) {
          return store::TelegramInbox{tx, bot_.id}.due_replies(clock_.now(), kAtOnce);
        },
        options);
    for (const auto& reply : due) {
      const auto later = say(reply, stop);
      if (stop.stop_requested() && later) return;
      db::with_retry(pool_, 3, [&](db::Transaction& tx) {
        store::TelegramInbox inbox{tx, bot_.id};
        if (later)
          inbox.put_off(reply.id, later->until, later->progress);
        else
          inbox.remove_reply(reply.id);
      });
    }
    if (due.size() < kAtOnce) return;
  }
}

std::optional<TelegramDesk::Later> TelegramDesk::say(const Reply& reply, const std::stop_token& stop) {
  const auto age = clock_.now() - reply.created_at;
  if (age > (reply.kind == Reply::Kind::press ? kPressLives : kReplyLives)) {
    log::warn("telegram: an answer ({}) was given up after {} s", domain::name(reply.kind),
              std::chrono::duration_cast<seconds>(age).count());
    return std::nullopt;
  }
  switch (reply.kind) {
    case Reply::Kind::press:
      return say_press(reply, stop);
    case Reply::Kind::incident:
      return say_message(reply, incident_message(reply, stop), stop);
    case Reply::Kind::message:
      break;
  }
  notify::Message message;
  message.kind = domain::AlertKind::test;  // answers to what it replaces
  message.subject = reply.subject;
  message.text = reply.body;
  message.replaces = reply.place;
  return say_message(reply, message, stop);
}

std::optional<TelegramDesk::Later> TelegramDesk::say_press(const Reply& reply, const std::stop_token& stop) {
  const auto done = api_.answer_press(reply.query, reply.body, reply.window, stop);
  const auto* failure = std::get_if<notify::TelegramFailure>(&done);
  // 400: whoever pressed has waited too long, or was answered before we were cut off.
  if (failure == nullptr || failure->code == 400) return std::nullopt;
  log::debug("telegram: a press is not answered yet: {}", failure->description);
  return Later{clock_.now() + std::max(failure->retry_after, kPause), ""};
}

std::optional<TelegramDesk::Later> TelegramDesk::say_message(const Reply& reply, const notify::Message& message,
                                                             const std::stop_token& stop) {
  auto addressed = message;
  addressed.recipient = reply.chat;
  addressed.language = reply.language;
  addressed.progress = reply.progress;
  const auto outcome = channel_.send(addressed, stop);
  if (const auto* refused = std::get_if<notify::Refused>(&outcome))
    log::warn("telegram: an answer ({}) was refused: {}", domain::name(reply.kind), refused->reason);
  const auto* later = std::get_if<notify::RetryAfter>(&outcome);
  if (later == nullptr) return std::nullopt;
  return Later{clock_.now() + std::max<std::chrono::milliseconds>(later->wait, kPause), later->progress};
}

notify::Message TelegramDesk::incident_message(const Reply& reply, const std::stop_token& stop) {
  db::Transaction tx{pool_, {.read_only = true, .stop = stop}};
  const auto work = this->work(tx);
  const auto incident = *reply.incident;
  store::DueDelivery due;
  const auto found = store::Incidents{tx, domain::Scope::everything()}.get(incident);
  due.alert.incident = incident;
  due.alert.visit = found.visit;
  due.alert.severity = found.severity;
  due.alert.summary = found.summary;
  due.alert.created_at = found.detected_at;
  for (const auto& one : store::Alerts{tx, domain::Scope::everything()}.of(incident))
    if (one.delivery.channel == domain::Channel::telegram && one.delivery.recipient == reply.chat) due = one;
  due.delivery.channel = domain::Channel::telegram;
  due.delivery.recipient = reply.chat;
  due.alert.kind =
      domain::is_open(found.status) ? domain::AlertKind::incident_updated : domain::AlertKind::incident_ended;
  auto message = compose_(work, due);
  message.kind = due.alert.kind;
  message.replaces = reply.place;
  add_steps_and_buttons(work, vault_, incident, reply.chat, reply.language, message);
  return message;
}

}  // namespace visitor::app
