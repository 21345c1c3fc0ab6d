#include "app/telegram_commands.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "app/details.hpp"
#include "app/edit_locks.hpp"
#include "app/incidents.hpp"
#include "app/journal.hpp"
#include "app/overview.hpp"
#include "app/presence.hpp"
#include "app/telegram_words.hpp"
#include "core/log.hpp"
#include "core/text.hpp"
#include "core/zone.hpp"
#include "domain/rules.hpp"
#include "store/telegram_inbox.hpp"

namespace visitor::app {
namespace {

using namespace telegram_words;
using domain::Language;
using store::TelegramReply;

constexpr std::size_t kMostLines = 100;

struct Command {
  std::string_view name;      ///< "/ack"
  std::string_view argument;  ///< trimmed
};

/// Nothing where \p text is no command, or one for another bot.
std::optional<Command> read_command(std::string_view text, const TelegramBot& bot) {
  text = trim(text);
  if (!text.starts_with('/')) return std::nullopt;
  const auto end = std::min(text.find_first_of(" \t\r\n"), text.size());
  const auto argument = trim(text.substr(end));
  auto name = text.substr(0, end);
  if (const auto at = name.find('@'); at != std::string_view::npos) {
    if (!equal_ignoring_case(name.substr(at + 1), bot.name)) return std::nullopt;
    name = name.substr(0, at);
  }
  return Command{name, argument};
}

struct Spoken {
  std::string subject;
  std::string body = {};
};

void add_line(std::string& body, const std::string& line) {
  if (!body.empty()) body += '\n';
  body += line;
}

Spoken inside(const Work& work, Language language) {
  const auto presence = presence_now(work);
  Spoken spoken{say(language, kInside, presence.inside.size())};
  for (std::size_t i = 0; i < presence.inside.size(); ++i) {
    if (i == kMostLines) {
      add_line(spoken.body, say(language, kMore, presence.inside.size() - i));
      break;
    }
    const auto& one = presence.inside[i];
    const auto zone = Zone::named(one.listed.time_zone);
    const auto since = one.listed.visit.state.checked_in_at.value_or(one.proof.at);
    const bool today = since >= zone.day_start(work.now);
    add_line(spoken.body, say(language, kInsideLine, one.listed.guest_name, one.listed.host_name,
                              one.listed.department_name, today ? zone.clock(since) : zone.stamp(since).substr(0, 16)));
  }
  if (!presence.presumed_left.empty()) add_line(spoken.body, say(language, kPresumed, presence.presumed_left.size()));
  return spoken;
}

std::string line_of(const store::IncidentListed& listed, Language language) {
  const auto& incident = listed.incident;
  const auto sentence = incident.type == domain::IncidentType::other
                            ? incident.summary
                            : domain::summary(incident.type, incident.details, language);
  return fmt::format("{} {}, {}: {} ({}){}", incident.id, domain::label(incident.severity, language),
                     domain::label(incident.type, language), sentence,
                     Zone::named(listed.time_zone).stamp(incident.occurred_at).substr(0, 16),
                     listed.assigned_login.empty() ? "" : fmt::format(", {}", listed.assigned_login));
}

Spoken incidents(const Work& work, Language language) {
  IncidentFilter filter;
  filter.statuses = {domain::IncidentStatus::fresh, domain::IncidentStatus::investigating};
  filter.limit = static_cast<int>(kMostLines);
  const auto open = list_incidents(work, filter);
  const auto total = overview(work).open_incidents_total;
  Spoken spoken{say(language, kIncidents, total)};
  for (const auto& one : open) add_line(spoken.body, line_of(one, language));
  if (const auto shown = static_cast<std::int64_t>(open.size()); total > shown)
    add_line(spoken.body, say(language, kMore, total - shown));
  return spoken;
}

Spoken status(const Work& work, Language language) {
  const auto now = overview(work);
  return {say(language, kStatus),
          say(language, kStatusLines, now.inside, now.awaiting_today, now.checked_in_today, now.checked_out_today,
              now.open_incidents_total, now.terminals[static_cast<std::size_t>(domain::TerminalState::online)],
              now.terminals_enabled, now.outbox.waiting, now.outbox.failed)};
}

/// Takes an incident on in the name of who wrote, if he is listed.
Spoken acknowledge(const Work& work, store::TelegramInbox& inbox, const notify::TelegramNote& note,
                   std::string_view argument, Language language) {
  const auto number = to_integer(argument.starts_with('#') ? argument.substr(1) : argument);
  if (!number || *number <= 0) return {say(language, kAckHow)};
  const auto& people = work.settings.telegram.people;
  const auto outcome = [&](AccountId account, std::string_view what) {
    store::Journal journal{work.tx, account, work.now, {"telegram", ""}};
    journal.audit(account.value == 0 ? domain::AuditAction::login_failed : domain::AuditAction::update,
                  store::topic::kIncident, IncidentId{*number},
                  Details{}
                      .add("telegram_command", "ack")
                      .add("telegram_person", note.by ? note.by->id : 0)
                      .add("chat", std::string_view{note.chat})
                      .add("outcome", what)
                      .json());
  };
  if (!note.by || std::find(people.begin(), people.end(), std::to_string(note.by->id)) == people.end()) {
    outcome(AccountId{}, "not listed");
    return {say(language, kNotListed)};
  }
  const auto actor = ensure_actor(work.tx, fmt::format("telegram:{}", note.by->id), domain::ActionHow::person, work.now,
                                  {"telegram", ""});
  inbox.put_person(note.by->id, actor.account, shown_telegram_name(*note.by));
  const IncidentId incident{*number};
  if (!store::Incidents{work.tx, work.scope}.find(incident)) {
    outcome(actor.account, "no incident");
    return {say(language, kNoIncident, incident)};
  }
  const WrittenPast past;
  try {
    work.tx.savepoint([&] {
      const Work by_person{work.tx, actor, work.now, work.settings, work.scope};
      assign_incident(by_person, incident, std::nullopt, "");
      acknowledge_in_chat(by_person, incident, note.chat);
    });
  } catch (const LockedError& locked) {
    outcome(actor.account, "locked");
    return {lock_in_words(work, inbox.bot(), locked.lock(), true, language)};
  } catch (const Error& error) {
    if (error.code() != Errc::conflict) throw;
    outcome(actor.account, "conflict");
    const auto words = last_step_in_words(work, inbox.bot(), incident, language);
    return {words ? say(language, kMeanwhile, *words) : say(language, kEnded, incident)};
  }
  outcome(actor.account, "done");
  Spoken spoken{say(language, kDone[0], incident)};
  for (const auto& lock : past.locks()) add_line(spoken.body, lock_in_words(work, inbox.bot(), lock, false, language));
  return spoken;
}

}  // namespace

void answer_telegram_command(const Work& work, const TelegramBot& bot, const notify::TelegramNote& note) {
  const auto command = read_command(note.text, bot);
  if (!command) return;
  const auto& chats = work.settings.telegram.chats;
  if (std::find(chats.begin(), chats.end(), note.chat) == chats.end()) {
    log::info("telegram: a command in chat {} of person {}: that chat is not in telegram.chats", note.chat,
              note.by ? note.by->id : 0);
    return;
  }
  const auto language = telegram_language(work, note.chat);
  store::TelegramInbox inbox{work.tx, bot.id};
  Spoken spoken;
  if (command->name == "/inside") {
    spoken = inside(work, language);
  } else if (command->name == "/incidents") {
    spoken = incidents(work, language);
  } else if (command->name == "/status") {
    spoken = status(work, language);
  } else if (command->name == "/ack") {
    spoken = acknowledge(work, inbox, note, command->argument, language);
  } else if (command->name == "/start" || command->name == "/help" || !note.chat.starts_with('-')) {
    spoken = {say(language, kCommands), say(language, kHelp)};
  } else {
    return;  // in a group it may be another bot's
  }
  TelegramReply reply;
  reply.kind = TelegramReply::Kind::message;
  reply.chat = note.chat;
  if (note.message > 0) reply.place = fmt::format("{}:{}", note.chat, note.message);
  reply.subject = spoken.subject;
  reply.body = spoken.body;
  reply.language = language;
  reply.created_at = work.now;
  inbox.add_reply(reply);
}

}  // namespace visitor::app
