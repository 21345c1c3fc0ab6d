#include "domain/closure.hpp"

#include <algorithm>

namespace visitor::domain {
namespace {

struct Span {
  Instant begin;
  Instant end;
  bool live;
  std::size_t visit;
};

/// The moment from which on another visit stands between a presumed end and a passage.
Instant presumption_ends(std::span<const StoredVisit> visits, const StoredVisit& presumed, Instant left_at) {
  const auto left = std::pair{left_at, presumed.plan.id};
  auto ends = left.first + kPresumptionLasts;
  for (const auto& other : visits) {
    if (other.plan.site != presumed.plan.site || !other.state.checked_in_at) continue;
    const bool later = !other.state.checked_out_at || std::pair{*other.state.checked_out_at, other.plan.id} > left;
    if (later) ends = std::min(ends, std::max(*other.state.checked_in_at, left.first));
  }
  return ends;
}

Span span_of(std::span<const StoredVisit> visits, std::size_t index, const FoldSettings& settings) {
  const auto& [plan, state] = visits[index];
  Span span{open_since(visits[index], settings), expected_day_end(plan), is_live(state.status), index};
  if (state.ended_at) span.end = std::max(span.end, *state.ended_at + settings.reentry_grace);
  if (state.status == VisitStatus::checked_in) span.end = Instant::max();
  if (state.checked_out_how == How::presumed && state.checked_out_at)
    span.end = std::max(span.end, presumption_ends(visits, visits[index], *state.checked_out_at));
  return span;
}

}  // namespace

Instant open_since(const StoredVisit& visit, const FoldSettings& settings) {
  const auto begin = visit.plan.expected_from - settings.early_arrival;
  return visit.state.checked_in_at ? std::min(begin, *visit.state.checked_in_at) : begin;
}

Reach reach_of(Instant first, const Zone& zone, const FoldSettings& settings) {
  return {zone.day_start(first), first - settings.reentry_grace, first - kPresumptionLasts};
}

Closure closure(std::span<const StoredVisit> visits, Instant since, const FoldSettings& settings) {
  std::vector<Span> spans;
  spans.reserve(visits.size());
  for (std::size_t i = 0; i < visits.size(); ++i) spans.push_back(span_of(visits, i, settings));
  std::sort(spans.begin(), spans.end(), [](const Span& a, const Span& b) { return a.begin < b.begin; });

  Closure closure{since, {}};
  auto first = spans.end();
  for (auto group = spans.begin(); group != spans.end() && first == spans.end();) {
    auto next = group;
    auto end = group->end;
    bool live = false;
    for (; next != spans.end() && next->begin <= end; ++next) {
      end = std::max(end, next->end);
      live = live || next->live;
    }
    if (end >= since || live) first = group;
    group = next;
  }
  if (first == spans.end()) return closure;
  closure.begin = std::min(since, first->begin);
  for (auto span = first; span != spans.end(); ++span) closure.visits.push_back(span->visit);
  std::sort(closure.visits.begin(), closure.visits.end());
  return closure;
}

bool may_become(const VisitState& before, const VisitState& after, std::optional<Instant> reopened_at) {
  if (before.status == after.status) return true;
  const bool came = after.status == VisitStatus::checked_in || after.status == VisitStatus::checked_out;
  switch (before.status) {
    case VisitStatus::awaiting:
      return true;
    case VisitStatus::checked_in:
      return after.status == VisitStatus::checked_out;
    case VisitStatus::checked_out:
      return after.status == VisitStatus::checked_in;
    case VisitStatus::cancelled:
    case VisitStatus::no_show:
      return (came && after.checked_in_at <= before.ended_at) || (reopened_at && reopened_at >= before.ended_at);
  }
  return false;
}

}  // namespace visitor::domain
