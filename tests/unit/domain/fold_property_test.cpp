#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <random>
#include <set>

#include "domain/closure.hpp"
#include "domain/stays.hpp"
#include "given.hpp"

using namespace visitor;
using namespace visitor::domain;
using namespace visitor::test;

namespace {

using std::chrono::minutes;

struct Life {
  std::vector<VisitPlan> visits;
  std::vector<Passage> passages;
  std::vector<VisitAction> actions;
};

/// Visits, passages and actions of some days, dense enough to disturb each other; times are multiples of five minutes,
/// so that ties and exact thresholds occur.
Life a_life(std::mt19937& random, int days) {
  const auto some = [&](int below) { return static_cast<int>(random() % static_cast<unsigned>(below)); };
  const auto start = at("2026-03-26T00:00:00Z");  // a change to summer time follows
  const auto moment = [&] { return start + minutes{5 * some(days * 288)}; };
  const auto zone = Zone::named("Europe/Berlin");

  Life life;
  const int visits = 1 + some(days * 2);
  for (int i = 1; i <= visits; ++i) {
    const auto from = moment();
    life.visits.push_back({VisitId{i}, SiteId{1 + (some(5) == 0)}, zone, from, from + minutes{5 * (1 + some(100))}});
  }
  const int passages = some(days * 8);
  for (int i = 1; i <= passages; ++i) {
    Passage passage;
    passage.key = {TerminalId{1 + some(2)}, 1, some(passages * 2), moment(), 5, 75};
    passage.direction = some(2) ? Direction::entry : Direction::exit;
    passage.site = SiteId{1 + (some(5) == 0)};
    life.passages.push_back(passage);
  }
  const int actions = some(days * 4);
  for (int i = 0; i < actions; ++i) {
    const auto& visit = life.visits[static_cast<std::size_t>(some(visits))];
    life.actions.push_back({visit.id, static_cast<ActionKind>(some(6)), static_cast<ActionHow>(some(3)),
                            some(2) ? moment() : visit.expected_from + minutes{5 * some(200)}});
  }
  // One event, one identity.
  std::sort(life.passages.begin(), life.passages.end(),
            [](const Passage& a, const Passage& b) { return a.key < b.key; });
  life.passages.erase(std::unique(life.passages.begin(), life.passages.end(),
                                  [](const Passage& a, const Passage& b) { return a.key == b.key; }),
                      life.passages.end());
  return life;
}

bool same_steps(const std::vector<Step>& a, const std::vector<Step>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const Step& x, const Step& y) {
    return x.key == y.key && x.kind == y.kind && x.visit == y.visit;
  });
}

/// What the database holds to be true of a visit.
void require_sound(const VisitState& state) {
  const bool came = state.status == VisitStatus::checked_in || state.status == VisitStatus::checked_out;
  const bool ended = state.status != VisitStatus::awaiting && state.status != VisitStatus::checked_in;
  BOOST_REQUIRE(state.checked_in_at.has_value() == came);
  BOOST_REQUIRE(state.checked_in_how.has_value() == came);
  BOOST_REQUIRE(state.checked_out_at.has_value() == (state.status == VisitStatus::checked_out));
  BOOST_REQUIRE(state.checked_out_how.has_value() == (state.status == VisitStatus::checked_out));
  BOOST_REQUIRE(state.ended_at.has_value() == ended);
  if (state.checked_out_at) BOOST_REQUIRE(*state.checked_out_at >= *state.checked_in_at);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(properties_of_the_fold)

BOOST_AUTO_TEST_CASE(any_order_and_any_duplication_of_the_facts_gives_the_same_result) {
  std::mt19937 random{20260901};
  for (int round = 0; round < 300; ++round) {
    auto life = a_life(random, 3);
    const auto first = fold(life.visits, life.passages, life.actions, {});
    for (const auto& [id, state] : first.visits) require_sound(state);

    const auto passages = life.passages.size();
    for (std::size_t i = 0; i < passages; i += 2) life.passages.push_back(life.passages[i]);
    const auto actions = life.actions.size();
    for (std::size_t i = 0; i < actions; i += 2) life.actions.push_back(life.actions[i]);
    std::shuffle(life.visits.begin(), life.visits.end(), random);
    std::shuffle(life.passages.begin(), life.passages.end(), random);
    std::shuffle(life.actions.begin(), life.actions.end(), random);
    const auto again = fold(life.visits, life.passages, life.actions, {});

    BOOST_TEST_REQUIRE((again.visits == first.visits), "round " << round);
    BOOST_TEST_REQUIRE(same_steps(again.steps, first.steps), "round " << round);
  }
}

BOOST_AUTO_TEST_CASE(folding_the_closure_of_new_facts_gives_what_folding_everything_gives) {
  std::mt19937 random{42};
  int smaller = 0;
  for (int round = 0; round < 2000; ++round) {
    const auto life = a_life(random, 1 + static_cast<int>(random() % 12));
    // Some facts arrive later than the others.
    std::vector<Passage> known;
    std::vector<VisitAction> known_actions;
    std::set<VisitId> reopened;
    auto since = Instant::max();
    for (const auto& passage : life.passages)
      if (random() % 10)
        known.push_back(passage);
      else
        since = std::min(since, passage.key.occurred_at);
    for (const auto& action : life.actions)
      if (random() % 10) {
        known_actions.push_back(action);
      } else {
        since = std::min(since, action.happened_at);
        if (action.kind == ActionKind::reopen) reopened.insert(action.visit);
      }
    if (since == Instant::max()) continue;

    const auto stored = fold(life.visits, known, known_actions, {}).visits;
    std::vector<StoredVisit> visits;
    for (const auto& plan : life.visits) {
      visits.push_back({plan, stored.at(plan.id)});
      if (reopened.contains(plan.id)) since = std::min(since, open_since(visits.back(), {}));
    }
    const auto part = closure(visits, since, {});
    BOOST_REQUIRE(part.begin <= since);
    smaller += part.visits.size() < visits.size();

    std::vector<VisitPlan> plans;
    for (const auto index : part.visits) plans.push_back(visits[index].plan);
    std::vector<Passage> passages;
    for (const auto& passage : life.passages)
      if (passage.key.occurred_at >= part.begin) passages.push_back(passage);
    const auto folded = fold(plans, passages, life.actions, {});

    const auto all = fold(life.visits, life.passages, life.actions, {});
    for (const auto& [id, state] : all.visits) {
      const auto found = folded.visits.find(id);
      const auto& now = found == folded.visits.end() ? stored.at(id) : found->second;
      BOOST_TEST_REQUIRE((now == state), "round " << round << ", visit " << id.value);
    }
    std::vector<Step> steps;
    for (const auto& step : all.steps)
      if (step.key.occurred_at >= part.begin) steps.push_back(step);
    BOOST_TEST_REQUIRE(same_steps(folded.steps, steps), "round " << round);
  }
  BOOST_TEST(smaller > 100);
}

BOOST_AUTO_TEST_CASE(folding_newer_facts_onto_stored_states_gives_what_folding_everything_gives) {
  std::mt19937 random{7};
  for (int round = 0; round < 500; ++round) {
    const auto life = a_life(random, 4);
    const auto since = at("2026-03-28T00:00:00Z");
    std::vector<Passage> old_passages, new_passages;
    std::vector<VisitAction> old_actions, new_actions;
    for (const auto& passage : life.passages)
      (passage.key.occurred_at < since ? old_passages : new_passages).push_back(passage);
    for (const auto& action : life.actions) (action.happened_at < since ? old_actions : new_actions).push_back(action);

    const auto stored = fold(life.visits, old_passages, old_actions, {}).visits;
    std::vector<StoredVisit> visits;
    for (const auto& plan : life.visits) visits.push_back({plan, stored.at(plan.id)});
    const auto folded = fold_on(visits, new_passages, new_actions, {});
    const auto all = fold(life.visits, life.passages, life.actions, {});
    BOOST_TEST_REQUIRE((folded.visits == all.visits), "round " << round);
  }
}

BOOST_AUTO_TEST_CASE(stays_say_at_every_moment_what_the_fold_up_to_then_says) {
  std::mt19937 random{20261101};
  int inside = 0;
  for (int round = 0; round < 200; ++round) {
    const auto life = a_life(random, 3);
    const auto found = stays(life.visits, life.passages, life.actions, {});
    for (int look = 0; look < 20; ++look) {
      const auto now = at("2026-03-26T00:00:00Z") + minutes{5 * static_cast<int>(random() % 1000)};
      std::vector<Passage> passages;
      for (const auto& passage : life.passages)
        if (passage.key.occurred_at <= now) passages.push_back(passage);
      std::vector<VisitAction> actions;
      for (const auto& action : life.actions)
        if (action.happened_at <= now) actions.push_back(action);
      for (const auto& [id, state] : fold(life.visits, passages, actions, {}).visits) {
        const auto stay = std::find_if(found.begin(), found.end(), [&, id = id](const Stay& one) {
          return one.visit == id && one.from <= now && (!one.until || now < *one.until);
        });
        BOOST_TEST_REQUIRE((stay != found.end()) == (state.status == VisitStatus::checked_in), "round " << round);
        if (stay == found.end()) continue;
        BOOST_TEST_REQUIRE(stay->checked_in_at == *state.checked_in_at, "round " << round);
        ++inside;
      }
    }
  }
  BOOST_TEST(inside > 500);
}

BOOST_AUTO_TEST_CASE(visits_out_of_reach_are_not_touched) {
  std::mt19937 random{11};
  int out_of_reach = 0;
  for (int round = 0; round < 300; ++round) {
    const auto life = a_life(random, 25);
    const auto since = at("2026-04-14T00:00:00Z");
    std::vector<Passage> old_passages, new_passages;
    std::vector<VisitAction> old_actions, new_actions;
    for (const auto& passage : life.passages)
      (passage.key.occurred_at < since ? old_passages : new_passages).push_back(passage);
    for (const auto& action : life.actions)
      if (action.happened_at < since) old_actions.push_back(action);

    const auto stored = fold(life.visits, old_passages, old_actions, {}).visits;
    std::vector<StoredVisit> all, reached;
    const auto reach = reach_of(since, Zone::named("Europe/Berlin"), {});
    const bool any_presumed = std::any_of(stored.begin(), stored.end(), [&](const auto& visit) {
      return visit.second.checked_out_how == How::presumed && *visit.second.ended_at >= reach.presumed_since;
    });
    for (const auto& plan : life.visits) {
      const auto& state = stored.at(plan.id);
      all.push_back({plan, state});
      const auto ended_since = [&](Instant moment) { return state.ended_at && *state.ended_at >= moment; };
      if (is_live(state.status) || plan.expected_until > reach.expected_after || ended_since(reach.ended_since) ||
          (any_presumed && ended_since(reach.presumed_since)))
        reached.push_back(all.back());
    }
    out_of_reach += reached.size() < all.size();
    const auto whole = fold_on(all, new_passages, {}, {});
    const auto part = fold_on(reached, new_passages, {}, {});
    for (const auto& [id, state] : part.visits) BOOST_TEST_REQUIRE((state == whole.visits.at(id)), "round " << round);
    BOOST_TEST_REQUIRE(same_steps(part.steps, whole.steps), "round " << round);
  }
  BOOST_TEST(out_of_reach > 100);
}

BOOST_AUTO_TEST_SUITE_END()
