#include "app/visits.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "app/checks.hpp"
#include "app/details.hpp"
#include "app/findings.hpp"
#include "app/journal.hpp"
#include "app/refold.hpp"
#include "app/registry.hpp"
#include "app/rules.hpp"
#include "core/zone.hpp"
#include "store/guests.hpp"
#include "store/sites.hpp"

namespace visitor::app {
namespace {

using domain::ActionKind;
using domain::VisitStatus;

constexpr std::size_t kText = 500;
constexpr int kAuditShown = 1000;

std::string show_hint(VisitId id) {
  return fmt::format("Run 'visitorctl visit show {}' to see its history.", id);
}

VisitListed get_listed(const Work& work, VisitId id) {
  if (auto listed = store::Visits{work.tx}.find_listed(id)) return *std::move(listed);
  throw Error(Errc::not_found, fmt::format("visit {} does not exist", id), "Run 'visitorctl visit list' to see them.");
}

std::string_view how_in_words(std::optional<domain::How> how) {
  if (!how) return "";
  switch (*how) {
    case domain::How::door:
      return " through a door";
    case domain::How::person:
      return " by a person";
    case domain::How::api:
      return " by another system";
    case domain::How::presumed:
      return " as presumed left";
  }
  return "";
}

std::string stamp(const Zone& zone, const std::optional<Instant>& at) {
  return at ? zone.stamp(*at) : "an unknown time";
}

struct Place {
  std::optional<HostId> host;
  std::optional<DepartmentId> department;
  domain::Site site;
};

// The site follows from the department, and that from the host, where they are not said.
Place place_of(const Work& work, const NewVisit& given) {
  Place place;
  place.host = given.host;
  place.department = given.department;
  if (given.host) {
    const auto host = store::Hosts{work.tx}.get(*given.host);
    if (given.department && *given.department != host.department)
      throw Error(Errc::conflict, fmt::format("host {} is not of department {}", host.id, *given.department),
                  "Leave the department out: it is the host's.");
    place.department = host.department;
  }
  std::optional<SiteId> site = given.site;
  if (place.department) {
    const auto department = store::Departments{work.tx}.get(*place.department);
    if (given.site && *given.site != department.site)
      throw Error(Errc::conflict, fmt::format("department {} is not at site {}", department.id, *given.site),
                  "Leave the site out: it is the department's.");
    site = department.site;
  }
  place.site = site ? store::Sites{work.tx}.get(*site) : resolve_site_or_only(work, std::nullopt);
  return place;
}

// Facts from here on may matter to the visit.
Instant begin_of(const Work& work, const domain::Visit& visit) {
  auto begin = std::min(work.now, visit.expected_from - work.settings.visits.early_arrival);
  if (visit.state.checked_in_at) begin = std::min(begin, *visit.state.checked_in_at);
  return begin;
}

VisitStatus needed_for(ActionKind kind) {
  return kind == ActionKind::check_out ? VisitStatus::checked_in : VisitStatus::awaiting;
}

VisitStatus reached_by(ActionKind kind) {
  switch (kind) {
    case ActionKind::check_in:
      return VisitStatus::checked_in;
    case ActionKind::cancel:
      return VisitStatus::cancelled;
    default:
      return VisitStatus::checked_out;
  }
}

std::string_view in_words(ActionKind kind) {
  switch (kind) {
    case ActionKind::check_in:
      return "checked in";
    case ActionKind::cancel:
      return "cancelled";
    default:
      return "checked out";
  }
}

[[noreturn]] void refuse(const VisitListed& listed, ActionKind kind) {
  const auto& visit = listed.visit;
  const bool ended = !domain::is_live(visit.state.status);
  throw Error(Errc::conflict,
              ended ? fmt::format("visit {} has already ended: {}", visit.id, describe(listed))
                    : fmt::format("visit {} cannot be {}: {}", visit.id, in_words(kind), describe(listed)),
              show_hint(visit.id));
}

// Records what somebody did, folds, and undoes it all where the facts do not allow it.
VisitListed act(const Work& work, VisitId id, ActionKind kind, const std::string& reason) {
  store::Visits visits{work.tx};
  const auto guest = visits.get(id).guest;
  visits.lock_for_guests(std::span{&guest, 1});
  const auto before = get_listed(work, id);
  if (before.visit.state.status != needed_for(kind)) refuse(before, kind);

  // A terminal's clock may be ahead of ours: whoever is inside leaves after having come.
  auto happened_at = work.now;
  if (const auto came = before.visit.state.checked_in_at; came && kind == ActionKind::check_out)
    happened_at = std::max(happened_at, *came);

  return work.tx.savepoint([&] {
    store::VisitActions{work.tx}.record({id, kind, work.actor.how, happened_at}, reason, work.actor.account, work.now);
    refold(work, std::span{&guest, 1}, begin_of(work, before.visit));
    auto after = get_listed(work, id);
    if (after.visit.state.status != reached_by(kind)) refuse(after, kind);
    return after;
  });
}

void report_blocked(const Work& work, const domain::BlockedFact& fact) {
  const auto sites = site_rules(work);
  domain::RuleInput input{work.now, sites};
  input.blocked = std::span{&fact, 1};
  auto entries = journal(work);
  apply_findings(work, entries, domain::look(input, domain::Trigger::events), {});
}

}  // namespace

VisitListed create_visit(const Work& work, const NewVisit& given) {
  const auto guest = store::Guests{work.tx}.get(given.guest);
  const auto place = place_of(work, given);
  if (guest.blocked_reason) throw BlockedGuestError(guest.id, place.site.id, *guest.blocked_reason);
  const auto zone = Zone::named(place.site.time_zone);

  domain::Visit visit;
  visit.guest = guest.id;
  visit.host = place.host;
  visit.department = place.department;
  visit.site = place.site.id;
  visit.purpose = given.purpose;
  visit.purpose_text = checked_note("the purpose", given.purpose_text, kText);
  visit.expected_from = given.expected_from.value_or(work.now);
  visit.expected_until = given.expected_until.value_or(zone.day_end(visit.expected_from));
  if (visit.expected_until <= visit.expected_from)
    throw Error(Errc::usage,
                fmt::format("the visit would end at {}, which is not after its beginning at {}",
                            zone.stamp(visit.expected_until), zone.stamp(visit.expected_from)),
                "Give an end that is later than the beginning.");
  visit.registered_by = work.actor.account;
  visit.registered_at = work.now;
  visit.id = store::Visits{work.tx}.add(visit);

  auto entries = journal(work);
  entries.audit(domain::AuditAction::create, store::topic::kVisit, visit.id,
                Details{}
                    .add("guest", visit.guest)
                    .add("site", visit.site)
                    .add("expected_from", visit.expected_from)
                    .add("expected_until", visit.expected_until)
                    .json());
  entries.change(store::topic::kVisit, visit.id, visit.version);
  refold(work, std::span{&visit.guest, 1}, begin_of(work, visit));
  return get_listed(work, visit.id);
}

BlockedGuestError::BlockedGuestError(GuestId guest, SiteId site, const std::string& reason)
    : Error(Errc::conflict, fmt::format("guest {} is blocked: {}", guest, reason),
            "Nobody who is blocked can be registered."),
      guest_(guest),
      site_(site) {}

void record_refusal(const Work& work, const BlockedGuestError& refusal) {
  domain::BlockedFact fact;
  fact.guest = refusal.guest();
  fact.site = refusal.site();
  fact.at = work.now;
  fact.how = domain::BlockedFact::How::registered;
  report_blocked(work, fact);
}

VisitListed check_in(const Work& work, VisitId id) {
  auto listed = act(work, id, ActionKind::check_in, {});
  const auto& visit = listed.visit;
  if (store::Guests{work.tx}.get(visit.guest).blocked_reason) {
    domain::BlockedFact fact;
    fact.guest = visit.guest;
    fact.site = visit.site;
    fact.at = work.now;
    fact.how = domain::BlockedFact::How::checked_in;
    fact.visit = visit.id;
    report_blocked(work, fact);
  }
  return listed;
}

VisitListed check_out(const Work& work, VisitId id) {
  return act(work, id, ActionKind::check_out, {});
}

VisitListed cancel_visit(const Work& work, VisitId id, const std::string& reason) {
  return act(work, id, ActionKind::cancel, checked_note("the reason", reason, kText));
}

VisitListed get_visit(const Work& work, VisitId id) {
  return get_listed(work, id);
}

std::vector<VisitListed> list_visits(const Work& work, const VisitFilter& filter) {
  return store::Visits{work.tx}.list(filter);
}

VisitHistory visit_history(const Work& work, VisitId id) {
  store::Visits{work.tx}.get(id);
  VisitHistory history;
  history.actions = store::VisitActions{work.tx}.history(id);
  AuditFilter filter;
  filter.topic = store::topic::kVisit;
  filter.entity = id.value;
  filter.limit = kAuditShown;
  history.audit = list_audit(work, filter);
  std::reverse(history.audit.begin(), history.audit.end());
  return history;
}

std::string describe(const VisitListed& listed) {
  const auto& visit = listed.visit;
  const auto zone = Zone::named(listed.time_zone);
  switch (visit.state.status) {
    case VisitStatus::awaiting:
      return fmt::format("the guest has not come yet, and is expected from {} to {}", zone.stamp(visit.expected_from),
                         zone.stamp(visit.expected_until));
    case VisitStatus::checked_in:
      return fmt::format("the guest is in the building, checked in at {}{}", stamp(zone, visit.state.checked_in_at),
                         how_in_words(visit.state.checked_in_how));
    case VisitStatus::checked_out:
      return fmt::format("checked out at {}{}", stamp(zone, visit.state.checked_out_at),
                         how_in_words(visit.state.checked_out_how));
    case VisitStatus::cancelled:
      return fmt::format("cancelled at {}{}{}", stamp(zone, visit.state.ended_at),
                         visit.cancelled_reason.empty() ? "" : ": ", visit.cancelled_reason);
    case VisitStatus::no_show:
      return fmt::format("closed at {} because the guest did not come", stamp(zone, visit.state.ended_at));
  }
  return {};
}

}  // namespace visitor::app
