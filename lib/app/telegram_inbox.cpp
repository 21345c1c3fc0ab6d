#include "app/telegram_inbox.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "app/details.hpp"
#include "app/edit_locks.hpp"
#include "app/incidents.hpp"
#include "app/journal.hpp"
#include "app/silences.hpp"
#include "app/telegram_buttons.hpp"
#include "app/telegram_commands.hpp"
#include "app/telegram_words.hpp"
#include "core/log.hpp"
#include "core/text.hpp"
#include "core/zone.hpp"
#include "domain/language.hpp"
#include "store/alert_queue.hpp"
#include "store/alerts.hpp"
#include "store/telegram_inbox.hpp"

namespace visitor::app {
namespace {

using namespace telegram_words;
using store::TelegramInbox;
using store::TelegramReply;

constexpr std::string_view kTopic = "telegram";  // of audit rows that belong to no incident; the entity is the person
constexpr std::size_t kName = 100;
constexpr std::string_view kDoneOutcome = "done";
constexpr std::array<std::string_view, 4> kActionNames{"take", "resolve", "false_alarm",
                                                       "silence"};  // of TelegramAction

constexpr std::chrono::hours kSilenceLasts{1};

bool holds(const std::vector<std::string>& list, const std::string& one) {
  return std::find(list.begin(), list.end(), one) != list.end();
}

/// What somebody did last, in words: "Anna took it on at 12:30".
std::string step_in_words(TelegramInbox& inbox, const store::IncidentListed& listed, const store::IncidentStep& step,
                          domain::Language language) {
  struct Named {
    std::string_view what;
    const Phrase* phrase;
  };
  static constexpr std::array<Named, 5> kSteps{{{"opened", &kOpened},
                                                {"assigned", &kTook},
                                                {"resolved", &kResolved},
                                                {"false_alarm", &kFalseAlarm},
                                                {"reopened", &kReopened}}};
  const auto found =
      std::find_if(kSteps.begin(), kSteps.end(), [&](const Named& one) { return one.what == step.what; });
  const auto* phrase = found == kSteps.end() ? &kOpened : found->phrase;
  if (step.what == "assigned" && step.login != listed.assigned_login) phrase = &kGave;
  const auto who = step.login.empty() ? say(language, kByItself) : inbox.name_of(step.login).value_or(step.login);
  return say(language, *phrase, who, Zone::named(listed.time_zone).clock(step.at));
}

/// "09:30", with the date where that is another day.
std::string until_in_words(Instant until, Instant now, const Zone& zone) {
  return zone.day_start(until) == zone.day_start(now) ? zone.clock(until) : zone.stamp(until).substr(0, 16);
}

/// A press of a button.
class Press {
 public:
  Press(const Work& work, const Vault& vault, std::int64_t bot, const notify::TelegramPress& press)
      : work_(work),
        vault_(vault),
        press_(press),
        inbox_(work.tx, bot),
        language_(telegram_language(work, press.chat)) {}

  void handle() {
    const auto& telegram = work_.settings.telegram;
    if (!holds(telegram.chats, press_.chat) || !holds(telegram.people, std::to_string(press_.by.id))) {
      audit(AccountId{}, std::nullopt, "not listed");
      return answer(say(language_, kNotListed), true);
    }
    const auto actor = ensure_actor(work_.tx, fmt::format("telegram:{}", press_.by.id), domain::ActionHow::person,
                                    work_.now, {"telegram", ""});
    inbox_.put_person(press_.by.id, actor.account, shown_telegram_name(press_.by));
    const auto button = read_telegram_button(vault_, press_.data, press_.chat);
    if (!button) {
      audit(actor.account, std::nullopt, "not valid");
      return answer(say(language_, kNoButton), true);
    }
    const auto [said, outcome, window] = act(actor, *button);
    audit(actor.account, button, outcome);
    answer(said, window || outcome != kDoneOutcome);
    refresh(button->incident);
  }

 private:
  struct Result {
    std::string said;
    std::string_view outcome;
    bool window = false;  ///< to be read and closed, even where it was done
  };

  Result act(const Actor& actor, const TelegramButton& button) {
    const auto listed = store::Incidents{work_.tx, work_.scope}.find_listed(button.incident);
    if (!listed) return {say(language_, kNoIncident, button.incident), "no incident"};
    const auto before = inbox_.find_pressed(press_.data);
    if (before && before->person != press_.by.id) return {pressed_before(*before, *listed), "pressed before"};
    const auto stale = [&]() -> std::optional<Result> {
      const auto steps = store::Incidents{work_.tx, work_.scope}.history(button.incident);
      if (steps.empty() || steps.back().id == button.step) return std::nullopt;
      const auto now = store::Incidents{work_.tx, work_.scope}.find_listed(button.incident);
      return Result{say(language_, kMeanwhile, step_in_words(inbox_, *now, steps.back(), language_)), "stale"};
    };
    if (auto result = stale()) return *std::move(result);
    if (!domain::is_open(listed->incident.status)) return {say(language_, kEnded, button.incident), "ended"};
    const auto& done = kDone[static_cast<std::size_t>(button.action)];
    const WrittenPast past;
    std::optional<Result> result;
    try {
      // Together, so that a press that came to nothing can be repeated.
      work_.tx.savepoint([&] {
        if (!inbox_.press(press_.data, button.incident, press_.by.id, work_.now)) {
          const auto first = inbox_.find_pressed(press_.data);
          result = {first ? pressed_before(*first, *listed) : say(language_, kNoButton), "pressed before"};
        } else if (button.action == TelegramAction::silence) {
          result = {say(language_, done, silence(actor, *listed), button.incident), kDoneOutcome};
        } else {
          take_step(actor, button);
          result = {say(language_, done, button.incident), kDoneOutcome};
        }
      });
    } catch (const LockedError& locked) {
      return {lock_in_words(work_, inbox_.bot(), locked.lock(), true, language_), "locked"};
    } catch (const Error& error) {
      if (error.code() != Errc::conflict) throw;
      // Somebody was faster, between our look and our step.
      return stale().value_or(Result{say(language_, kEnded, button.incident), "conflict"});
    }
    for (const auto& lock : past.locks())
      result->said += " " + lock_in_words(work_, inbox_.bot(), lock, false, language_);
    result->window = !past.locks().empty();
    return *std::move(result);
  }

  void take_step(const Actor& actor, const TelegramButton& button) {
    const Work work{work_.tx, actor, work_.now, work_.settings, domain::Scope::everything()};
    if (button.action == TelegramAction::take)
      assign_incident(work, button.incident, std::nullopt, "");
    else if (button.action == TelegramAction::resolve)
      resolve_incident(work, button.incident, "");
    else
      mark_false_alarm(work, button.incident, "");
    acknowledge_in_chat(work, button.incident, press_.chat);
  }

  /// \returns until when, in words
  std::string silence(const Actor& actor, const store::IncidentListed& listed) {
    const Work work{work_.tx, actor, work_.now, work_.settings, domain::Scope::everything()};
    auto silence = silence_like(work, listed.incident.id);
    silence.reason = fmt::format("incident {}, by a button in Telegram chat {}", listed.incident.id, press_.chat);
    silence.starts_at = work_.now;
    silence.ends_at = work_.now + kSilenceLasts;
    add_silence(work, silence);
    return until_in_words(silence.ends_at, work_.now, Zone::named(listed.time_zone));
  }

  std::string pressed_before(const store::TelegramPressed& before, const store::IncidentListed& listed) const {
    return say(language_, kPressedBefore, before.name, Zone::named(listed.time_zone).clock(before.at));
  }

  void audit(AccountId account, const std::optional<TelegramButton>& button, std::string_view outcome) {
    store::Journal journal{work_.tx, account, work_.now, {"telegram", ""}};
    Details details;
    details.add("telegram_press", button ? kActionNames[static_cast<std::size_t>(button->action)] : "unknown")
        .add("telegram_person", press_.by.id)
        .add("chat", std::string_view{press_.chat})
        .add("outcome", outcome);
    const auto action = account.value == 0 ? domain::AuditAction::login_failed : domain::AuditAction::update;
    if (button)
      journal.audit(action, store::topic::kIncident, button->incident, details.json());
    else
      journal.audit(action, kTopic, AccountId{press_.by.id}, details.json());
  }

  void answer(const std::string& text, bool window) {
    TelegramReply reply;
    reply.kind = TelegramReply::Kind::press;
    reply.query = press_.query;
    reply.window = window;
    reply.body = text;
    reply.language = language_;
    reply.created_at = work_.now;
    inbox_.add_reply(reply);
  }

  void refresh(IncidentId incident) {
    if (press_.message <= 0 || !store::Incidents{work_.tx, work_.scope}.find(incident)) return;
    TelegramReply reply;
    reply.kind = TelegramReply::Kind::incident;
    reply.chat = press_.chat;
    reply.place = inbox_.find_place(incident, press_.chat, press_.message)
                      .value_or(fmt::format("{}:{}", press_.chat, press_.message));
    reply.incident = incident;
    reply.language = language_;
    reply.created_at = work_.now;
    inbox_.add_reply(reply);
  }

  const Work& work_;
  const Vault& vault_;
  const notify::TelegramPress& press_;
  TelegramInbox inbox_;
  domain::Language language_;
};

}  // namespace

std::string shown_telegram_name(const notify::TelegramPerson& person) {
  auto name = shortened(printable(clean_utf8(person.name)), kName);
  return name.empty() ? fmt::format("telegram:{}", person.id) : name;
}

domain::Language telegram_language(const Work& work, const std::string& chat) {
  const auto moves = store::AlertQueue{work.tx}.moves();
  const auto is_here = [&](const config::Settings::Recipient& recipient) {
    if (recipient.telegram.empty()) return false;
    const std::pair move{domain::Place{domain::Channel::telegram, recipient.telegram}, chat};
    return recipient.telegram == chat || std::find(moves.begin(), moves.end(), move) != moves.end();
  };
  const auto& recipients = work.settings.recipients;
  const auto found = std::find_if(recipients.begin(), recipients.end(), is_here);
  const auto& name = found == recipients.end() ? work.settings.telegram.language : found->language;
  return domain::find_named<domain::Language>(name).value_or(domain::Language::english);
}

void acknowledge_in_chat(const Work& work, IncidentId incident, const std::string& chat) {
  store::Alerts{work.tx, work.scope}.acknowledge(incident, domain::Channel::telegram, chat, work.now, work.actor.login);
}

std::string lock_in_words(const Work& work, std::int64_t bot, const EditLock& lock, bool refused,
                          domain::Language language) {
  const auto listed = store::Incidents{work.tx, work.scope}.find_listed(IncidentId{lock.entity});
  const auto zone = listed ? Zone::named(listed->time_zone) : Zone::utc();
  return say(language, refused ? kLocked : kWrittenPast,
             TelegramInbox{work.tx, bot}.name_of(lock.login).value_or(lock.login), lock.entity,
             until_in_words(lock.ends_at, work.now, zone));
}

std::optional<std::string> silence_in_words(const Work& work, std::int64_t bot, IncidentId incident,
                                            domain::Language language) {
  const auto silence = find_silence_of(work, incident);
  const auto listed = store::Incidents{work.tx, work.scope}.find_listed(incident);
  if (!silence || !listed) return std::nullopt;
  return say(language, kSilenceLine, TelegramInbox{work.tx, bot}.name_of(silence->login).value_or(silence->login),
             until_in_words(silence->silence.ends_at, work.now, Zone::named(listed->time_zone)));
}

std::optional<std::string> last_step_in_words(const Work& work, std::int64_t bot, IncidentId incident,
                                              domain::Language language) {
  store::Incidents incidents{work.tx, work.scope};
  const auto listed = incidents.find_listed(incident);
  auto steps = incidents.history(incident);
  std::erase_if(steps, [](const store::IncidentStep& step) { return step.what == "commented"; });
  if (!listed || steps.empty() || steps.back().login.empty()) return std::nullopt;
  TelegramInbox inbox{work.tx, bot};
  return step_in_words(inbox, *listed, steps.back(), language);
}

bool handle_telegram_update(const Work& work, const Vault& vault, const TelegramBot& bot,
                            const notify::TelegramUpdate& update) {
  TelegramInbox inbox{work.tx, bot.id};
  if (!inbox.take(update.id, work.now)) return false;
  if (update.press) Press{work, vault, bot.id, *update.press}.handle();
  if (update.note) answer_telegram_command(work, bot, *update.note);
  return true;
}

}  // namespace visitor::app
