#include "app/incidents.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "app/alerts.hpp"
#include "app/checks.hpp"
#include "app/details.hpp"
#include "app/edit_locks.hpp"
#include "app/editing.hpp"
#include "app/journal.hpp"
#include "core/text.hpp"
#include "core/vault.hpp"
#include "store/accounts.hpp"
#include "store/guests.hpp"
#include "store/sites.hpp"
#include "store/terminals.hpp"
#include "store/visits.hpp"

namespace visitor::app {
namespace {

constexpr std::size_t kNote = 1000, kSummary = 500;

IncidentListed get_listed(const Work& work, IncidentId id) {
  if (auto listed = store::Incidents{work.tx, work.scope}.find_listed(id)) return *std::move(listed);
  throw Error(Errc::not_found, fmt::format("incident {} does not exist", id),
              "Run 'visitorctl incident list' to see them.");
}

/// A step that somebody takes on an incident: from what it is before, to its rows in audit and feed.
class Step {
 public:
  Step(const Work& work, IncidentId id, std::string_view what) : work_(work), what_(what), before_(begin(work, id)) {}

  int version() const { return before_.incident.version; }

  IncidentListed record(const domain::Incident& after, const std::string& note) {
    auto listed = get_listed(work_, after.id);
    Edit edit;
    if (before_.incident.status != after.status)
      edit.note("status", std::string{domain::name(before_.incident.status)}, std::string{domain::name(after.status)});
    if (before_.assigned_login != listed.assigned_login)
      edit.note("assigned_to", before_.assigned_login, listed.assigned_login);
    edit.say("step", what_);
    edit.say("note", note);
    record_edit(work_, store::topic::kIncident, after.id.value, after.version, edit);
    return listed;
  }

 private:
  static IncidentListed begin(const Work& work, IncidentId id) {
    mind_lock(work, store::topic::kIncident, id);
    return get_listed(work, id);
  }

  const Work& work_;
  std::string_view what_;
  IncidentListed before_;
};

store::Account account_of(const Work& work, const std::optional<std::string>& login) {
  store::Accounts accounts{work.tx};
  auto account = login ? accounts.find_by_login(*login) : accounts.find(work.actor.account);
  if (account) return *std::move(account);
  throw Error(Errc::not_found, fmt::format("there is no account '{}'", login.value_or(work.actor.login)),
              "An account appears when its owner first uses visitorctl.");
}

/// \p given, which must not be another one than what follows from the rest.
template <class T>
void settle(std::optional<T>& given, std::optional<T> follows, std::string_view what) {
  if (given && follows && *given != *follows)
    throw Error(Errc::conflict, fmt::format("the {} is {}, not {}", what, *follows, *given),
                fmt::format("Leave the {} out: it follows from the rest.", what));
  if (!given) given = follows;
}

IncidentListed move_incident(const Work& work, IncidentId id, const IncidentAction& action) {
  switch (action.move) {
    case IncidentMove::resolve:
      return resolve_incident(work, id, action.note);
    case IncidentMove::false_alarm:
      return mark_false_alarm(work, id, action.note);
    case IncidentMove::assign:
      return assign_incident(work, id, action.login, action.note);
    case IncidentMove::reopen:
      break;
  }
  return reopen_incident(work, id, action.note);
}

}  // namespace

std::vector<IncidentListed> list_incidents(const Work& work, const IncidentFilter& filter) {
  return store::Incidents{work.tx, work.scope}.list(filter);
}

std::int64_t count_incidents(const Work& work, const IncidentFilter& filter) {
  return store::Incidents{work.tx, work.scope}.count(filter);
}

IncidentDetails get_incident(const Work& work, IncidentId id) {
  return {get_listed(work, id), store::Incidents{work.tx, work.scope}.history(id)};
}

IncidentListed open_incident(const Work& work, const NewIncident& given) {
  auto wanted = given;
  store::Sighting sighting;
  auto& finding = sighting.finding;
  finding.type = domain::IncidentType::other;
  finding.severity = given.severity;
  finding.summary = checked_text("the summary", given.summary, 1, kSummary);
  finding.occurred_at = given.occurred_at.value_or(work.now);
  if (finding.occurred_at > work.now)
    throw Error(Errc::usage, "what has not happened yet is no incident", "Give a time that is not in the future.");
  if (wanted.visit) {
    const auto visit = store::Visits{work.tx, work.scope}.get(*wanted.visit);
    settle(wanted.guest, std::optional{visit.guest}, "guest of the visit");
    settle(wanted.site, std::optional{visit.site}, "site of the visit");
  }
  if (wanted.terminal)
    settle(wanted.site, std::optional{store::Terminals{work.tx, work.scope}.get(*wanted.terminal).site},
           "site of the terminal");
  if (wanted.guest) store::Guests{work.tx, work.scope}.get(*wanted.guest);
  if (wanted.site)
    store::Sites{work.tx, work.scope}.get(*wanted.site);
  else if (const auto sites = store::Sites{work.tx, work.scope}.list(); sites.size() == 1)
    wanted.site = sites.front().id;
  if (!wanted.visit) require_scope(work, wanted.site.value_or(SiteId{}));
  finding.visit = wanted.visit;
  finding.guest = wanted.guest;
  finding.terminal = wanted.terminal;
  finding.site = wanted.site;
  // The subject is the report itself, so that it never counts as one more sighting of another report.
  auto entries = journal(work);
  finding.subject = fmt::format("report:{}", to_hex(random_bytes(8)));

  const auto opened =
      store::Incidents{work.tx, work.scope}.open_or_touch(std::span{&sighting, 1}, work.now, work.actor.account);
  const auto& incident = opened.front().incident;
  entries.audit(domain::AuditAction::create, store::topic::kIncident, incident.id,
                Details{}
                    .add("type", domain::name(incident.type))
                    .add("severity", domain::name(incident.severity))
                    .add("summary", std::string_view{incident.summary})
                    .json());
  entries.change(store::topic::kIncident, incident.id, incident.version);
  queue_alert(work, incident);
  return get_listed(work, incident.id);
}

IncidentListed resolve_incident(const Work& work, IncidentId id, const std::string& note) {
  const auto text = checked_note("the note", note, kNote);
  Step step{work, id, "resolved"};
  const auto after =
      store::Incidents{work.tx, work.scope}.resolve(id, step.version(), work.actor.account, text, work.now);
  queue_end(work, after);
  return step.record(after, text);
}

IncidentListed mark_false_alarm(const Work& work, IncidentId id, const std::string& note) {
  const auto text = checked_note("the note", note, kNote);
  Step step{work, id, "false_alarm"};
  const auto after =
      store::Incidents{work.tx, work.scope}.false_alarm(id, step.version(), work.actor.account, text, work.now);
  queue_end(work, after);
  return step.record(after, text);
}

IncidentListed assign_incident(const Work& work, IncidentId id, const std::optional<std::string>& login,
                               const std::string& note) {
  const auto text = checked_note("the note", note, kNote);
  Step step{work, id, "assigned"};
  const auto to = account_of(work, login);
  const auto after =
      store::Incidents{work.tx, work.scope}.assign(id, step.version(), to.id, work.actor.account, text, work.now);
  queue_update(work, after);
  return step.record(after, text);
}

IncidentListed reopen_incident(const Work& work, IncidentId id, const std::string& note) {
  const auto text = checked_note("the note", note, kNote);
  Step step{work, id, "reopened"};
  const auto after =
      store::Incidents{work.tx, work.scope}.reopen(id, step.version(), work.actor.account, text, work.now);
  queue_reopened(work, after);
  return step.record(after, text);
}

IncidentListed comment_incident(const Work& work, IncidentId id, const std::string& note) {
  const auto text = checked_text("the comment", note, 1, kNote);
  Step step{work, id, "commented"};
  const auto after =
      store::Incidents{work.tx, work.scope}.comment(id, step.version(), work.actor.account, text, work.now);
  return step.record(after, text);
}

std::vector<IncidentListed> change_incidents(const Work& work, std::span<const IncidentId> ids,
                                             const IncidentAction& action) {
  std::vector<IncidentId> all{ids.begin(), ids.end()};
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end()), all.end());
  std::vector<IncidentListed> changed;
  std::vector<Error> refused;
  for (const auto id : all) {
    try {
      changed.push_back(move_incident(work, id, action));
    } catch (const LockedError&) {
      throw;
    } catch (const Error& error) {
      if (error.code() != Errc::not_found && error.code() != Errc::conflict) throw;
      // Whoever is to take them is missing for all of them.
      if (action.move == IncidentMove::assign && error.code() == Errc::not_found &&
          store::Incidents{work.tx, work.scope}.find(id))
        throw;
      refused.push_back(error);
    }
  }
  if (refused.empty()) return changed;
  if (all.size() == 1) throw refused.front();
  auto message = fmt::format("{} of {} incidents refuse this, and none was changed:", refused.size(), all.size());
  for (const auto& error : refused) message += "\n" + error.message();
  const bool nowhere =
      std::all_of(refused.begin(), refused.end(), [](const Error& error) { return error.code() == Errc::not_found; });
  throw Error(nowhere ? Errc::not_found : Errc::conflict, message,
              "Leave these out, and run the command again for the rest.");
}

std::vector<domain::IncidentStatus> statuses_before(IncidentMove move) {
  using domain::IncidentStatus;
  if (move == IncidentMove::reopen) return {IncidentStatus::resolved, IncidentStatus::false_alarm};
  return {IncidentStatus::fresh, IncidentStatus::investigating};
}

}  // namespace visitor::app
