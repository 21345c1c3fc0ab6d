#include "app/incidents.hpp"

#include <fmt/format.h>

#include "app/checks.hpp"
#include "app/details.hpp"
#include "app/journal.hpp"
#include "store/accounts.hpp"

namespace visitor::app {
namespace {

constexpr std::size_t kNote = 1000;

IncidentListed get_listed(const Work& work, IncidentId id) {
  if (auto listed = store::Incidents{work.tx}.find_listed(id)) return *std::move(listed);
  throw Error(Errc::not_found, fmt::format("incident {} does not exist", id),
              "Run 'visitorctl incident list' to see them.");
}

IncidentListed record(const Work& work, const domain::Incident& incident, const Details& details) {
  auto entries = journal(work);
  entries.audit(domain::AuditAction::update, store::topic::kIncident, incident.id, details.json());
  entries.change(store::topic::kIncident, incident.id, incident.version);
  return get_listed(work, incident.id);
}

store::Account account_of(const Work& work, const std::optional<std::string>& login) {
  store::Accounts accounts{work.tx};
  auto account = login ? accounts.find_by_login(*login) : accounts.find(work.actor.account);
  if (account) return *std::move(account);
  throw Error(Errc::not_found, fmt::format("there is no account '{}'", login.value_or(work.actor.login)),
              "An account appears when its owner first uses visitorctl.");
}

}  // namespace

std::vector<IncidentListed> list_incidents(const Work& work, const IncidentFilter& filter) {
  return store::Incidents{work.tx}.list(filter);
}

IncidentDetails get_incident(const Work& work, IncidentId id) {
  return {get_listed(work, id), store::Incidents{work.tx}.history(id)};
}

IncidentListed resolve_incident(const Work& work, IncidentId id, const std::string& note) {
  const auto text = checked_note("the note", note, kNote);
  store::Incidents incidents{work.tx};
  const auto before = incidents.get(id);
  const auto after = incidents.resolve(id, before.version, work.actor.account, text, work.now);
  return record(work, after, Details{}.add("status", domain::name(after.status)).add("note", text));
}

IncidentListed mark_false_alarm(const Work& work, IncidentId id, const std::string& note) {
  const auto text = checked_note("the note", note, kNote);
  store::Incidents incidents{work.tx};
  const auto before = incidents.get(id);
  const auto after = incidents.false_alarm(id, before.version, work.actor.account, text, work.now);
  return record(work, after, Details{}.add("status", domain::name(after.status)).add("note", text));
}

IncidentListed assign_incident(const Work& work, IncidentId id, const std::optional<std::string>& login,
                               const std::string& note) {
  const auto text = checked_note("the note", note, kNote);
  store::Incidents incidents{work.tx};
  const auto before = incidents.get(id);
  const auto to = account_of(work, login);
  const auto after = incidents.assign(id, before.version, to.id, work.actor.account, text, work.now);
  return record(work, after,
                Details{}
                    .add("status", domain::name(after.status))
                    .add("assigned_to", std::string_view{to.login})
                    .add("note", text));
}

IncidentListed reopen_incident(const Work& work, IncidentId id, const std::string& note) {
  const auto text = checked_note("the note", note, kNote);
  store::Incidents incidents{work.tx};
  const auto before = incidents.get(id);
  const auto after = incidents.reopen(id, before.version, work.actor.account, text, work.now);
  return record(work, after, Details{}.add("status", domain::name(after.status)).add("note", text));
}

}  // namespace visitor::app
