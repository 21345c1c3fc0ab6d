#include <fmt/format.h>

#include <algorithm>

#include "app/details.hpp"
#include "app/edit_locks.hpp"
#include "app/editing.hpp"
#include "app/journal.hpp"
#include "app/refold.hpp"
#include "app/registry.hpp"
#include "store/visits.hpp"

namespace visitor::app {
namespace {

// A page on its way in may name either guest by a credential that is about to move. Whoever stores one holds the row of
// its terminal, so this waits for those and keeps new ones out until the merge is done.
constexpr auto kHoldIngest = "LOCK TABLE terminal IN EXCLUSIVE MODE";

domain::Guest locked(const Work& work, GuestId id) {
  auto guest = store::Guests{work.tx, work.scope}.lock(id);
  if (!guest)
    throw Error(Errc::not_found, fmt::format("guest {} does not exist", id),
                "Run 'visitorctl guest list' to see them.");
  if (guest->merged_into)
    throw Error(Errc::conflict, fmt::format("guest {} was merged into guest {} already", id, *guest->merged_into),
                fmt::format("Use guest {}.", *guest->merged_into));
  return *std::move(guest);
}

std::optional<VisitId> inside_on(const std::vector<domain::Visit>& visits, GuestId guest) {
  const auto found = std::find_if(visits.begin(), visits.end(), [guest](const domain::Visit& visit) {
    return visit.guest == guest && visit.state.status == domain::VisitStatus::checked_in;
  });
  return found == visits.end() ? std::nullopt : std::optional{found->id};
}

void refuse_twice_inside(const std::vector<domain::Visit>& visits, GuestId from, GuestId into) {
  const auto a = inside_on(visits, from);
  const auto b = inside_on(visits, into);
  if (!a || !b) return;
  throw Error(Errc::conflict,
              fmt::format("guest {} is in the building on visit {}, and guest {} on visit {}", from, *a, into, *b),
              fmt::format("One person cannot be inside twice: check one of them out first, such as with "
                          "'visitorctl visit checkout {}'.",
                          *a));
}

void refuse_impossible(const Refolded& refolded, GuestId from, GuestId into) {
  if (refolded.refused.empty()) return;
  std::string visits;
  for (const auto& [visit, facts] : refolded.refused)
    visits += fmt::format("{}visit {} would turn from {} to {}", visits.empty() ? "" : ", ", visit.id,
                          domain::name(visit.state.status), domain::name(facts.status));
  throw Error(Errc::conflict, fmt::format("guests {} and {} cannot be one person: {}", from, into, visits),
              "They passed doors at the same time; see 'visitorctl visit history' of these visits.");
}

/// What \p into lacks and \p from has.
void complete(domain::Guest& into, const domain::Guest& from) {
  const auto take = [](std::string& own, const std::string& other) {
    if (own.empty()) own = other;
  };
  take(into.company, from.company);
  take(into.email, from.email);
  take(into.phone, from.phone);
  if (!into.blocked_reason) into.blocked_reason = from.blocked_reason;
}

}  // namespace

GuestMerge merge_guests(const Work& work, GuestId from_id, GuestId into_id, bool drop_document) {
  if (from_id == into_id)
    throw Error(Errc::usage, fmt::format("guest {} cannot be merged into itself", from_id), "Name two guests.");
  for (const auto id : {from_id, into_id}) mind_lock(work, store::topic::kGuest, id);
  work.tx.exec(kHoldIngest);
  store::Guests guests{work.tx, work.scope};
  // In the order of their numbers, so that two merges never wait in a circle.
  const auto first = locked(work, std::min(from_id, into_id));
  const auto second = locked(work, std::max(from_id, into_id));
  const auto& from = first.id == from_id ? first : second;
  auto into = first.id == from_id ? second : first;

  const GuestId both[] = {from_id, into_id};
  const auto visits = store::Visits{work.tx, work.scope}.lock_for_guests(both);
  refuse_twice_inside(visits, from_id, into_id);
  const bool two_documents = !from.document_tail.empty() && !into.document_tail.empty();
  if (two_documents && !drop_document)
    throw Error(
        Errc::conflict,
        fmt::format("guest {} has the document {}, and guest {} has {}", from_id,
                    domain::mask_document(from.document_tail), into_id, domain::mask_document(into.document_tail)),
        fmt::format("These may be two people; if they are not, say --drop-document to forget that of guest {}.",
                    from_id));

  auto moved = guests.merge(from_id, into_id);
  complete(into, from);
  bool stored = false;
  if (moved.document && !two_documents) {
    into.document_tail = from.document_tail;
    stored = guests.update(into, moved.document);
  } else {
    stored = guests.update(into);
  }
  if (!stored) lost_race(work, store::topic::kGuest, into_id.value, into.version);

  auto entries = journal(work);
  entries.audit(domain::AuditAction::update, store::topic::kGuest, from_id,
                Details{}
                    .add("version", std::int64_t{from.version} + 1)
                    .add("merged_into", into_id)
                    .add("document_dropped", two_documents)
                    .json());
  entries.audit(domain::AuditAction::update, store::topic::kGuest, into_id,
                Details{}
                    .add("version", std::int64_t{into.version} + 1)
                    .add("merged_from", from_id)
                    .add("name", from.name)
                    .add("visits", static_cast<std::int64_t>(moved.visits.size()))
                    .add("credentials", moved.credentials)
                    .json());
  entries.change(store::topic::kGuest, from_id, from.version + 1);
  entries.change(store::topic::kGuest, into_id, into.version + 1);
  GuestMerge merge{{}, from_id, {}, static_cast<int>(moved.incidents.size()), static_cast<int>(moved.credentials)};
  for (const auto& [visit, version] : moved.visits) {
    Edit edit;
    edit.note("guest", fmt::format("{}", from_id), fmt::format("{}", into_id));
    record_edit(work, store::topic::kVisit, visit.value, version, edit);
    merge.visits.push_back(visit);
  }
  for (const auto& [incident, version] : moved.incidents) {
    Edit edit;
    edit.note("guest", fmt::format("{}", from_id), fmt::format("{}", into_id));
    record_edit(work, store::topic::kIncident, incident.value, version, edit);
  }

  refuse_impossible(refold(work, std::span{&into_id, 1}, Instant{}, Refusals::returned), from_id, into_id);
  merge.guest = get_guest(work, into_id);
  return merge;
}

}  // namespace visitor::app
