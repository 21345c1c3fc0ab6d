#include "app/silences.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "app/account_recipients.hpp"
#include "app/checks.hpp"
#include "app/details.hpp"
#include "app/journal.hpp"
#include "core/zone.hpp"
#include "store/alert_queue.hpp"
#include "store/departments.hpp"
#include "store/guests.hpp"
#include "store/incidents.hpp"
#include "store/sites.hpp"
#include "store/terminals.hpp"

namespace visitor::app {
namespace {

constexpr std::size_t kReason = 500;
constexpr std::chrono::hours kLongest{30 * 24};
constexpr int kLookedAt = 100'000;
constexpr std::size_t kShown = 20;
constexpr int kHolding = 10'000;

SilenceListed get_listed(const Work& work, SilenceId id) {
  if (auto listed = store::Silences{work.tx, work.scope}.find(id)) return *std::move(listed);
  throw Error(Errc::not_found, fmt::format("silence {} does not exist", id),
              "Run 'visitorctl alert silence list --all' to see them.");
}

bool means_everything(const domain::Silence& silence) {
  return silence.types.empty() && !silence.at_most && !silence.site && !silence.department && !silence.guest &&
         !silence.terminal && !silence.incident && silence.recipient.empty();
}

void require_known(const Work& work, const domain::Silence& silence) {
  if (silence.site) store::Sites{work.tx, work.scope}.get(*silence.site);
  if (silence.department) store::Departments{work.tx, work.scope}.get(*silence.department);
  if (silence.guest) store::Guests{work.tx, work.scope}.get(*silence.guest);
  if (silence.terminal) store::Terminals{work.tx, work.scope}.get(*silence.terminal);
  if (silence.incident) store::Incidents{work.tx, work.scope}.get(*silence.incident);
  if (silence.recipient.empty() || silence.recipient == "host") return;
  if (is_account_recipient(work, silence.recipient)) return;
  std::vector<std::string> names;
  for (const auto& one : work.settings.recipients) names.push_back(one.name);
  if (std::ranges::find(names, silence.recipient) == names.end())
    throw Error(Errc::not_found, fmt::format("there is no recipient '{}'", silence.recipient),
                near_hint(silence.recipient, names, "Recipients stand in visitor.toml as [[recipient]]."));
}

}  // namespace

SilenceListed add_silence(const Work& work, const domain::Silence& given) {
  auto silence = given;
  silence.reason = checked_text("the reason", given.reason, 1, kReason);
  if (means_everything(silence))
    throw Error(Errc::usage, "a silence of everything would hide what is wrong",
                "Say what is meant: --type, --site, --terminal, --guest, --incident, --at-most or --recipient.");
  if (silence.ends_at <= silence.starts_at || silence.ends_at <= work.now)
    throw Error(Errc::usage, "the silence would be over before it begins", "Give an end that lies ahead.");
  if (silence.ends_at - silence.starts_at > kLongest)
    throw Error(Errc::usage, "a silence lasts 30 days at most",
                "Change the routes in visitor.toml where something is never to be told.");
  require_known(work, silence);
  store::Silences silences{work.tx, work.scope};
  const auto id = silences.add(silence, work.actor.account, work.now);
  // It would hold back what others are to be told.
  if (!silences.find(id)) require_scope(work, SiteId{});
  auto listed = get_listed(work, id);
  auto entries = journal(work);
  entries.audit(domain::AuditAction::create, store::kSilenceTopic, id,
                Details{}
                    .add("what", std::string_view{describe(listed)})
                    .add("reason", std::string_view{silence.reason})
                    .add("ends_at", silence.ends_at)
                    .json());
  entries.change(store::kSilenceTopic, id, listed.version);
  return listed;
}

std::vector<SilenceListed> list_silences(const Work& work, bool all, int limit) {
  return store::Silences{work.tx, work.scope}.list(all ? std::nullopt : std::optional{work.now}, limit);
}

SilenceListed expire_silence(const Work& work, SilenceId id) {
  const auto before = get_listed(work, id);
  if (!store::Silences{work.tx, work.scope}.expire(id, work.actor.account, work.now))
    throw Error(Errc::conflict, fmt::format("silence {} is over since {}", id, to_iso(before.silence.ends_at)),
                "Nothing is held back by it.");
  auto listed = get_listed(work, id);
  auto entries = journal(work);
  entries.audit(domain::AuditAction::update, store::kSilenceTopic, id, Details{}.add("ended", true).json());
  entries.change(store::kSilenceTopic, id, listed.version);
  return listed;
}

domain::Silence silence_like(const Work& work, IncidentId incident) {
  const auto found = store::Incidents{work.tx, work.scope}.get(incident);
  const auto alert = store::AlertQueue{work.tx}.of_incident(incident).value();
  domain::Silence silence;
  silence.types = {found.type};
  silence.at_most = found.severity;
  silence.site = alert.facts.site;
  silence.terminal = found.terminal;
  if (found.type == domain::IncidentType::other || (!silence.site && !silence.terminal)) silence.incident = incident;
  return silence;
}

std::optional<SilenceListed> find_silence_of(const Work& work, IncidentId incident) {
  const auto alert = store::AlertQueue{work.tx}.of_incident(incident);
  if (!alert) return std::nullopt;
  for (auto& listed : store::Silences{work.tx, work.scope}.list(work.now, kHolding))
    if (listed.silence.recipient.empty() && domain::covers(listed.silence, alert->facts, "", work.now))
      return std::move(listed);
  return std::nullopt;
}

SilencePreview preview_silence(const Work& work, domain::Silence silence, Instant since) {
  silence.starts_at = since;
  silence.ends_at = work.now + std::chrono::hours{1};
  SilencePreview preview;
  for (const auto& [facts, details, email, chat, waits_for] : store::AlertQueue{work.tx}.recent(since, kLookedAt)) {
    if (!domain::covers(silence, facts, silence.recipient, work.now)) continue;
    if (!work.scope.holds(facts.site, facts.department)) continue;
    ++preview.total;
    if (preview.alerts.size() < kShown)
      preview.alerts.push_back({facts.id, facts.created_at, facts.incident,
                                facts.type.value_or(domain::IncidentType::other), facts.severity});
  }
  return preview;
}

std::string describe(const SilenceListed& listed) {
  const auto& silence = listed.silence;
  std::string words;
  const auto add = [&](const std::string& part) { words += (words.empty() ? "" : ", ") + part; };
  std::string types;
  for (const auto type : silence.types) types += fmt::format("{}{}", types.empty() ? "" : " or ", domain::name(type));
  if (!types.empty()) add("type " + types);
  if (silence.at_most) add(fmt::format("severity up to {}", domain::name(*silence.at_most)));
  if (silence.site) add("site " + listed.site_name);
  if (silence.department) add("department " + listed.department_name);
  if (silence.terminal) add("terminal " + listed.terminal_name);
  if (silence.guest) add(fmt::format("guest {}", *silence.guest));
  if (silence.incident) add(fmt::format("incident {}", *silence.incident));
  if (!silence.recipient.empty()) add("to " + silence.recipient);
  return words;
}

}  // namespace visitor::app
