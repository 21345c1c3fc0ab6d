#include "app/visits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "app/checks.hpp"
#include "app/details.hpp"
#include "app/edit_locks.hpp"
#include "app/editing.hpp"
#include "app/findings.hpp"
#include "app/journal.hpp"
#include "app/masking.hpp"
#include "app/refold.hpp"
#include "app/registry.hpp"
#include "app/rules.hpp"
#include "core/zone.hpp"
#include "store/events.hpp"
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
  if (auto listed = store::Visits{work.tx, work.scope}.find_listed(id)) return *std::move(listed);
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
    const auto host = store::Hosts{work.tx, work.scope}.get(*given.host);
    if (given.department && *given.department != host.department)
      throw Error(Errc::conflict, fmt::format("host {} is not of department {}", host.id, *given.department),
                  "Leave the department out: it is the host's.");
    place.department = host.department;
  }
  std::optional<SiteId> site = given.site;
  if (place.department) {
    const auto department = store::Departments{work.tx, work.scope}.get(*place.department);
    if (given.site && *given.site != department.site)
      throw Error(Errc::conflict, fmt::format("department {} is not at site {}", department.id, *given.site),
                  "Leave the site out: it is the department's.");
    site = department.site;
  }
  place.site = site ? store::Sites{work.tx, work.scope}.get(*site) : resolve_site_or_only(work, std::nullopt);
  require_scope(work, place.site.id, place.department, place.host);
  return place;
}

void require_order(const Work& work, const domain::Visit& visit) {
  if (visit.expected_until > visit.expected_from) return;
  const auto zone = Zone::named(store::Sites{work.tx, work.scope}.get(visit.site).time_zone);
  throw Error(Errc::usage,
              fmt::format("the visit would end at {}, which is not after its beginning at {}",
                          zone.stamp(visit.expected_until), zone.stamp(visit.expected_from)),
              "Give an end that is later than the beginning.");
}

void require_unblocked(const domain::Guest& guest) {
  if (guest.blocked_reason)
    throw Error(Errc::conflict, fmt::format("guest {} is blocked: {}", guest.id, *guest.blocked_reason),
                "Nobody who is blocked can be registered.");
}

// Facts from here on may matter to the visit.
Instant begin_of(const Work& work, const domain::Visit& visit) {
  auto begin = std::min(work.now, visit.expected_from - work.settings.visits.early_arrival);
  if (visit.state.checked_in_at) begin = std::min(begin, *visit.state.checked_in_at);
  return begin;
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

// Nobody is in the building twice.
void require_nowhere_else(const std::vector<domain::Visit>& visits, VisitId id) {
  for (const auto& other : visits)
    if (other.id != id && other.state.status == VisitStatus::checked_in)
      throw Error(Errc::conflict, fmt::format("guest {} is in the building on visit {}", other.guest, other.id),
                  show_hint(other.id));
}

// Takes what was said into \p visit.
Edit apply_plan(const Work& work, domain::Visit& visit, const VisitEdit& wanted) {
  NewVisit place;
  place.host = wanted.host ? wanted.host : wanted.department ? std::nullopt : visit.host;
  place.department = wanted.department;
  place.site = visit.site;
  Edit edit;
  if (wanted.host || wanted.department) {
    const auto found = place_of(work, place);
    edit.set("host", visit.host, std::optional<std::optional<HostId>>{std::in_place, found.host});
    edit.set("department", visit.department,
             std::optional<std::optional<DepartmentId>>{std::in_place, found.department});
  }
  edit.set_named("purpose", visit.purpose, wanted.purpose);
  if (wanted.purpose_text)
    edit.set("purpose_text", visit.purpose_text,
             std::optional{checked_note("the purpose", *wanted.purpose_text, kText)});
  edit.set_named("type", visit.kind, wanted.kind);
  if (wanted.contact_phone)
    edit.set("contact_phone", visit.contact_phone,
             std::optional{checked_phone(work, visit.site, *wanted.contact_phone)}, masked_number);
  if (wanted.consent && *wanted.consent != visit.consent_at.has_value()) {
    std::optional<std::optional<Instant>> given{std::in_place};
    if (*wanted.consent) *given = work.now;
    edit.set("consent_at", visit.consent_at, given);
  }
  edit.set("expected_from", visit.expected_from, wanted.expected_from);
  edit.set("expected_until", visit.expected_until, wanted.expected_until);
  require_order(work, visit);
  return edit;
}

void save_plan(const Work& work, const domain::Visit& visit, const Edit& edit) {
  if (edit.empty()) return;
  if (!store::Visits{work.tx, work.scope}.update_plan(visit))
    lost_race(work, store::topic::kVisit, visit.id.value, visit.version);
  record_edit(work, store::topic::kVisit, visit.id.value, visit.version + 1, edit);
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

[[noreturn]] void refuse_ended(const VisitListed& listed) {
  throw Error(Errc::conflict, fmt::format("visit {} has already ended: {}", listed.visit.id, describe(listed)),
              show_hint(listed.visit.id));
}

[[noreturn]] void refuse(const VisitListed& listed, ActionKind kind) {
  const auto& visit = listed.visit;
  if (!domain::is_live(visit.state.status)) refuse_ended(listed);
  throw Error(Errc::conflict, fmt::format("visit {} cannot be {}: {}", visit.id, in_words(kind), describe(listed)),
              show_hint(visit.id));
}

// Somebody ended the visit, and then a door saw the guest leave: the end was right.
void require_not_seen_leaving(const Work& work, const VisitListed& listed) {
  const auto& visit = listed.visit;
  const auto left_at = visit.state.checked_out_at.value_or(work.now);
  std::optional<domain::Passage> last;
  for (const auto& [guest, passage] : store::Events{work.tx, work.scope}.passages(std::span{&visit.guest, 1}, left_at))
    if (passage.site == visit.site) last = passage;
  if (last && last->direction == domain::Direction::exit)
    throw Error(Errc::conflict,
                fmt::format("guest {} was seen leaving at {}", visit.guest,
                            Zone::named(listed.time_zone).stamp(last->key.occurred_at)),
                "Register a new visit if the guest is there again.");
}

// Records what somebody did, folds, and undoes it all where the facts do not allow it.
VisitListed act(const Work& work, VisitId id, ActionKind kind, const std::string& reason) {
  mind_lock(work, store::topic::kVisit, id);
  store::Visits visits{work.tx, work.scope};
  const auto guest = visits.get(id).guest;
  visits.lock_for_guests(std::span{&guest, 1});
  const auto before = get_listed(work, id);
  if (!domain::allows(before.visit.state, kind)) refuse(before, kind);

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
  const auto guest = store::Guests{work.tx, work.scope}.get(given.guest);
  if (guest.merged_into)
    throw Error(Errc::conflict, fmt::format("guest {} was merged into guest {}", guest.id, *guest.merged_into),
                fmt::format("Use guest {}.", *guest.merged_into));
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
  visit.kind = given.kind;
  visit.contact_phone = checked_phone(work, visit.site, given.contact_phone);
  if (given.consent) visit.consent_at = work.now;
  visit.expected_from = given.expected_from.value_or(work.now);
  visit.expected_until = given.expected_until.value_or(zone.day_end(visit.expected_from));
  require_order(work, visit);
  visit.registered_by = work.actor.account;
  visit.registered_at = work.now;
  visit.id = store::Visits{work.tx, work.scope}.add(visit);

  auto entries = journal(work);
  entries.audit(domain::AuditAction::create, store::topic::kVisit, visit.id,
                Details{}
                    .add("guest", visit.guest)
                    .add("site", visit.site)
                    .add("type", domain::name(visit.kind))
                    .add("consent", visit.consent_at.has_value())
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
  if (store::Guests{work.tx, work.scope}.get(visit.guest).blocked_reason) {
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

VisitListed edit_visit(const Work& work, VisitId id, const VisitEdit& wanted, std::optional<int> seen) {
  mind_lock(work, store::topic::kVisit, id);
  store::Visits visits{work.tx, work.scope};
  const auto guest = visits.get(id).guest;
  visits.lock_for_guests(std::span{&guest, 1});
  const auto before = get_listed(work, id);
  require_version(work, store::topic::kVisit, id.value, before.visit.version, seen);
  if (!domain::is_live(before.visit.state.status)) refuse_ended(before);
  auto visit = before.visit;
  const auto edit = apply_plan(work, visit, wanted);
  if (edit.empty()) return before;
  return work.tx.savepoint([&] {
    save_plan(work, visit, edit);
    const auto refolded = refold(work, std::span{&guest, 1},
                                 std::min(begin_of(work, before.visit), begin_of(work, visit)), Refusals::returned);
    if (!refolded.refused.empty())
      throw Error(Errc::conflict,
                  fmt::format("with these times visit {} could not have happened as it did: {}",
                              refolded.refused.front().visit.id, describe(before)),
                  show_hint(id));
    return get_listed(work, id);
  });
}

VisitListed reopen_visit(const Work& work, VisitId id, const std::string& given, const VisitEdit& times) {
  const auto reason = checked_note("the reason", given, kText);
  mind_lock(work, store::topic::kVisit, id);
  store::Visits visits{work.tx, work.scope};
  const auto guest = visits.get(id).guest;
  const auto of_guest = visits.lock_for_guests(std::span{&guest, 1});
  const auto before = get_listed(work, id);
  const auto& state = before.visit.state;
  if (domain::is_live(state.status))
    throw Error(Errc::conflict, fmt::format("visit {} has not ended: {}", id, describe(before)), show_hint(id));
  if (!domain::allows(state, ActionKind::reopen))
    throw Error(Errc::conflict, fmt::format("visit {} cannot be reopened: {}", id, describe(before)),
                "What a door saw is not taken back; register a new visit if the guest is there.");
  const bool came = state.checked_in_at.has_value();
  if (came) {
    require_nowhere_else(of_guest, id);
    require_not_seen_leaving(work, before);
  } else {
    require_unblocked(store::Guests{work.tx, work.scope}.get(guest));
  }

  auto visit = before.visit;
  const auto edit = apply_plan(work, visit, times);
  const auto zone = Zone::named(before.time_zone);
  if (!came && domain::expected_day_end({id, visit.site, zone, visit.expected_from, visit.expected_until}) <= work.now)
    throw Error(Errc::conflict,
                fmt::format("visit {} was expected until {}, which is over", id, zone.stamp(visit.expected_until)),
                "Give new times with --from and --until.");
  // A terminal's clock may be ahead of ours: what is taken back has happened before.
  const auto happened_at = std::max(work.now, state.ended_at.value_or(work.now));
  return work.tx.savepoint([&] {
    save_plan(work, visit, edit);
    store::VisitActions{work.tx}.record({id, ActionKind::reopen, work.actor.how, happened_at}, reason,
                                        work.actor.account, work.now);
    const auto refolded = refold(work, std::span{&guest, 1},
                                 std::min(begin_of(work, before.visit), begin_of(work, visit)), Refusals::returned);
    auto after = get_listed(work, id);
    if (!refolded.refused.empty() || !domain::is_live(after.visit.state.status))
      throw Error(Errc::conflict, fmt::format("visit {} cannot be reopened: {}", id, describe(after)), show_hint(id));
    return after;
  });
}

VisitListed get_visit(const Work& work, VisitId id) {
  return get_listed(work, id);
}

std::map<VisitId, VisitListed> find_visits(const Work& work, std::span<const VisitId> ids) {
  std::map<VisitId, VisitListed> found;
  for (auto& listed : store::Visits{work.tx, work.scope}.find_listed(ids)) {
    const auto id = listed.visit.id;
    found.emplace(id, std::move(listed));
  }
  return found;
}

std::vector<VisitListed> list_visits(const Work& work, const VisitFilter& filter) {
  return store::Visits{work.tx, work.scope}.list(filter);
}

std::int64_t count_visits(const Work& work, const VisitFilter& filter) {
  return store::Visits{work.tx, work.scope}.count(filter);
}

VisitHistory visit_history(const Work& work, VisitId id) {
  store::Visits{work.tx, work.scope}.get(id);
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
