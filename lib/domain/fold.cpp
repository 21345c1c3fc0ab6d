#include "domain/fold.hpp"

#include <algorithm>
#include <tuple>

#include "domain/stays.hpp"

namespace visitor::domain {
namespace {

struct Folding {
  const VisitPlan* plan;
  Instant window_begins;
  Instant window_ends;
  VisitState state;

  bool window_holds(Instant at) const { return window_begins <= at && at < window_ends; }
};

How how_of(ActionHow how) {
  return how == ActionHow::person ? How::person : How::api;
}

/// The visits of one guest while the facts go by in time order.
class Guest {
 public:
  Guest(std::span<const StoredVisit> visits, const FoldSettings& settings) : settings_(settings) {
    visits_.reserve(visits.size());
    for (const auto& [plan, state] : visits)
      visits_.push_back({&plan, plan.expected_from - settings.early_arrival, expected_day_end(plan), state});
    std::sort(visits_.begin(), visits_.end(),
              [](const Folding& a, const Folding& b) { return a.plan->id < b.plan->id; });
  }

  Step pass(const Passage& passage) {
    const auto at = passage.key.occurred_at;
    if (passage.direction == Direction::entry) {
      if (auto* visit = inside(passage.site)) return count_entry(passage, StepKind::entered_again, *visit);
      if (auto* visit = left_last(passage.site); visit && within_grace(*visit, at)) {
        take_up(*visit);
        begin_stay(*visit, at);
        return count_entry(passage, StepKind::reopened, *visit);
      }
      if (auto* visit = awaited(passage.site, at)) {
        check_in(*visit, at, How::door);
        return count_entry(passage, StepKind::checked_in, *visit);
      }
      return {passage.key, StepKind::entry_without_visit, std::nullopt};
    }

    if (auto* visit = inside(passage.site)) {
      for (auto& other : visits_)
        if (other.plan->site == passage.site && other.state.status == VisitStatus::checked_in) {
          end(other, at, How::door);
          if (&other != visit) ++other.state.exit_count;
        }
      return count_exit(passage, StepKind::checked_out, *visit);
    }
    auto* last = left_last(passage.site);
    if (last && (within_grace(*last, at) || presumed_within(*last, at, kPresumptionFresh)))
      return leave_again(passage, *last);
    if (auto* visit = awaited(passage.site, at)) return count_exit(passage, StepKind::exit_without_entry, *visit);
    if (last && presumed_within(*last, at, kPresumptionLasts)) return leave_again(passage, *last);
    if (auto* visit = left_today(passage.site, at)) return leave_again(passage, *visit);
    return {passage.key, StepKind::exit_without_visit, std::nullopt};
  }

  /// \returns whether the state allowed it
  bool act(const VisitAction& action) {
    auto* visit = find(action.visit);
    if (!visit) return false;
    if (!allows(visit->state, action.kind)) return false;
    const auto at = action.happened_at;
    switch (action.kind) {
      case ActionKind::check_in:
        check_in(*visit, at, how_of(action.how));
        break;
      case ActionKind::check_out:
        end(*visit, at, how_of(action.how));
        break;
      case ActionKind::presume_left:
        end(*visit, at, How::presumed);
        break;
      case ActionKind::cancel:
        visit->state.status = VisitStatus::cancelled;
        visit->state.ended_at = at;
        break;
      case ActionKind::no_show:
        visit->state.status = VisitStatus::no_show;
        visit->state.ended_at = at;
        break;
      case ActionKind::reopen:
        if (visit->state.status == VisitStatus::checked_out) {
          take_up(*visit);
          begin_stay(*visit, at);
        } else {
          visit->state.status = VisitStatus::awaiting;
          visit->state.ended_at = std::nullopt;
        }
        break;
    }
    return true;
  }

  std::vector<Stay> take_stays() { return std::move(stays_); }

  std::map<VisitId, VisitState> states() const {
    std::map<VisitId, VisitState> states;
    for (const auto& visit : visits_) states.emplace_hint(states.end(), visit.plan->id, visit.state);
    return states;
  }

 private:
  static bool presumed(const Folding& visit) { return visit.state.checked_out_how == How::presumed; }

  static bool presumed_within(const Folding& visit, Instant at, std::chrono::hours limit) {
    return presumed(visit) && visit.state.checked_out_at && at - *visit.state.checked_out_at <= limit;
  }

  bool within_grace(const Folding& visit, Instant at) const {
    return visit.state.checked_out_at && at - *visit.state.checked_out_at <= settings_.reentry_grace;
  }

  void check_in(Folding& visit, Instant at, How how) {
    visit.state.status = VisitStatus::checked_in;
    visit.state.checked_in_at = at;
    visit.state.checked_in_how = how;
    begin_stay(visit, at);
  }

  void begin_stay(const Folding& visit, Instant at) {
    stays_.push_back({visit.plan->id, visit.state.checked_in_at.value_or(at), at, std::nullopt});
  }

  void end(Folding& visit, Instant at, How how) {
    if (visit.state.status == VisitStatus::checked_in)
      for (auto& stay : stays_)
        if (stay.visit == visit.plan->id && !stay.until) stay.until = at;
    visit.state.status = VisitStatus::checked_out;
    visit.state.checked_out_at = visit.state.ended_at = at;
    visit.state.checked_out_how = how;
  }

  static void take_up(Folding& visit) {
    visit.state.status = VisitStatus::checked_in;
    visit.state.checked_out_at = visit.state.ended_at = std::nullopt;
    visit.state.checked_out_how = std::nullopt;
  }

  static Step count_entry(const Passage& passage, StepKind kind, Folding& visit) {
    ++visit.state.entry_count;
    return {passage.key, kind, visit.plan->id};
  }

  static Step count_exit(const Passage& passage, StepKind kind, Folding& visit) {
    ++visit.state.exit_count;
    return {passage.key, kind, visit.plan->id};
  }

  Step leave_again(const Passage& passage, Folding& visit) {
    if (presumed(visit)) end(visit, passage.key.occurred_at, How::door);
    return count_exit(passage, StepKind::left_again, visit);
  }

  Folding* find(VisitId id) {
    const auto at = std::lower_bound(visits_.begin(), visits_.end(), id,
                                     [](const Folding& visit, VisitId wanted) { return visit.plan->id < wanted; });
    return at != visits_.end() && at->plan->id == id ? &*at : nullptr;
  }

  // Ties go to the larger id in the first two, and to the smaller one where a visit is chosen to begin.
  Folding* inside(SiteId site) {
    Folding* found = nullptr;
    for (auto& visit : visits_)
      if (visit.plan->site == site && visit.state.status == VisitStatus::checked_in &&
          (!found || visit.state.checked_in_at >= found->state.checked_in_at))
        found = &visit;
    return found;
  }

  Folding* left_last(SiteId site) {
    Folding* found = nullptr;
    for (auto& visit : visits_)
      if (visit.plan->site == site && visit.state.status == VisitStatus::checked_out &&
          (!found || visit.state.checked_out_at >= found->state.checked_out_at))
        found = &visit;
    return found;
  }

  Folding* left_today(SiteId site, Instant at) {
    Folding* found = nullptr;
    for (auto& visit : visits_)
      if (visit.plan->site == site && visit.state.status == VisitStatus::checked_out && !presumed(visit) &&
          at < visit.window_ends && (!found || visit.state.checked_out_at >= found->state.checked_out_at))
        found = &visit;
    return found;
  }

  Folding* awaited(SiteId site, Instant at) {
    Folding* found = nullptr;
    for (auto& visit : visits_)
      if (visit.plan->site == site && visit.state.status == VisitStatus::awaiting && visit.window_holds(at) &&
          (!found || visit.plan->expected_from < found->plan->expected_from))
        found = &visit;
    return found;
  }

  const FoldSettings& settings_;
  std::vector<Folding> visits_;  // by id
  std::vector<Stay> stays_;
};

auto order(const Passage& passage) {
  const auto& key = passage.key;
  return std::tuple{key.occurred_at, key.terminal, key.serial, key.epoch, key.major, key.minor, passage.direction};
}

auto order(const VisitAction& action) {
  return std::tuple{action.happened_at, action.visit, action.kind, action.how};
}

template <class Fact>
std::vector<std::size_t> in_order(std::span<const Fact> facts) {
  std::vector<std::size_t> indices(facts.size());
  for (std::size_t i = 0; i < indices.size(); ++i) indices[i] = i;
  std::sort(indices.begin(), indices.end(),
            [facts](std::size_t a, std::size_t b) { return order(facts[a]) < order(facts[b]); });
  return indices;
}

std::vector<StoredVisit> as_untouched(std::span<const VisitPlan> visits) {
  std::vector<StoredVisit> untouched;
  untouched.reserve(visits.size());
  for (const auto& plan : visits) untouched.push_back({plan, {}});
  return untouched;
}

/// Takes the facts in time order. \returns all but the states
Folded walk(Guest& guest, std::span<const Passage> passages, std::span<const VisitAction> actions) {
  const auto passing = in_order(passages);
  const auto acting = in_order(actions);

  Folded folded;
  folded.steps.reserve(passages.size());
  const EventKey* previous = nullptr;
  auto action = acting.begin();
  const auto act_before = [&](std::optional<Instant> until) {
    for (; action != acting.end() && (!until || actions[*action].happened_at < *until); ++action)
      if (!guest.act(actions[*action])) folded.refused.push_back(*action);
  };
  for (const auto index : passing) {
    const auto& passage = passages[index];
    if (passage.direction == Direction::none || (previous && *previous == passage.key)) continue;
    previous = &passage.key;
    act_before(passage.key.occurred_at);
    folded.steps.push_back(guest.pass(passage));
  }
  act_before(std::nullopt);
  std::sort(folded.refused.begin(), folded.refused.end());
  return folded;
}

}  // namespace

template <>
std::span<const Name<ActionKind>> names() {
  static constexpr Name<ActionKind> kNames[] = {
      {ActionKind::check_in, "check_in", "Check-in", "Регистрация входа"},
      {ActionKind::check_out, "check_out", "Check-out", "Регистрация выхода"},
      {ActionKind::cancel, "cancel", "Cancellation", "Отмена"},
      {ActionKind::no_show, "no_show", "Did not come", "Не пришел"},
      {ActionKind::presume_left, "presume_left", "Presumed left", "Предположительно вышел"},
      {ActionKind::reopen, "reopen", "Reopened", "Визит возобновлен"},
  };
  return kNames;
}

template <>
std::span<const Name<ActionHow>> names() {
  static constexpr Name<ActionHow> kNames[] = {
      {ActionHow::person, "person", "By a person", "Сотрудником"},
      {ActionHow::api, "api", "By another system", "Через API"},
      {ActionHow::automatic, "auto", "Automatically", "Автоматически"},
  };
  return kNames;
}

template <>
std::span<const Name<StepKind>> names() {
  static constexpr Name<StepKind> kNames[] = {
      {StepKind::checked_in, "checked_in", "Came", "Пришел"},
      {StepKind::entered_again, "entered_again", "Entered again", "Повторный вход"},
      {StepKind::reopened, "reopened", "Came back", "Вернулся"},
      {StepKind::checked_out, "checked_out", "Left", "Вышел"},
      {StepKind::exit_without_entry, "exit_without_entry", "Left without having come", "Выход без входа"},
      {StepKind::left_again, "left_again", "Left again", "Повторный выход"},
      {StepKind::entry_without_visit, "entry_without_visit", "Entered without a visit", "Вход без визита"},
      {StepKind::exit_without_visit, "exit_without_visit", "Left without a visit", "Выход без визита"},
  };
  return kNames;
}

bool allows(const VisitState& state, ActionKind kind) {
  switch (kind) {
    case ActionKind::check_in:
    case ActionKind::cancel:
    case ActionKind::no_show:
      return state.status == VisitStatus::awaiting;
    case ActionKind::check_out:
    case ActionKind::presume_left:
      return state.status == VisitStatus::checked_in;
    case ActionKind::reopen:
      return state.status == VisitStatus::checked_out ? state.checked_out_how != How::door : !is_live(state.status);
  }
  return false;
}

Instant expected_day_end(const VisitPlan& visit) {
  return visit.zone.day_end(visit.expected_until - std::chrono::microseconds{1});
}

Folded fold(std::span<const VisitPlan> visits, std::span<const Passage> passages, std::span<const VisitAction> actions,
            const FoldSettings& settings) {
  return fold_on(as_untouched(visits), passages, actions, settings);
}

std::vector<Stay> stays(std::span<const VisitPlan> visits, std::span<const Passage> passages,
                        std::span<const VisitAction> actions, const FoldSettings& settings) {
  const auto untouched = as_untouched(visits);
  Guest guest{untouched, settings};
  walk(guest, passages, actions);
  return guest.take_stays();
}

Folded fold_on(std::span<const StoredVisit> visits, std::span<const Passage> passages,
               std::span<const VisitAction> actions, const FoldSettings& settings) {
  Guest guest{visits, settings};
  auto folded = walk(guest, passages, actions);
  folded.visits = guest.states();
  return folded;
}

}  // namespace visitor::domain
