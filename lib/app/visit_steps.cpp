#include "app/visit_steps.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "app/facts.hpp"
#include "app/journal.hpp"
#include "domain/closure.hpp"
#include "store/visit_actions.hpp"
#include "store/visits.hpp"

namespace visitor::app {
namespace {

using domain::Language;

constexpr int kMost = 10'000;  // rows of one visit that are looked at

std::string_view text_of(const boost::json::value& value) {
  return value.is_string() ? std::string_view{value.get_string()} : std::string_view{};
}

// "Edited: host from '1' to '3'".
std::string in_words(const boost::json::object& changed) {
  std::string words;
  for (const auto& [name, values] : changed) {
    const auto* pair = values.if_object();
    if (!pair || !pair->contains("from") || !pair->contains("to")) continue;
    words += fmt::format("{} {} from '{}' to '{}'", words.empty() ? ":" : ",", std::string_view{name},
                         text_of(pair->at("from")), text_of(pair->at("to")));
  }
  return "Edited" + words;
}

void add_records(const Work& work, VisitId id, std::vector<VisitStep>& steps) {
  AuditFilter filter;
  filter.topic = store::topic::kVisit;
  filter.entity = id.value;
  filter.actions = {domain::AuditAction::create, domain::AuditAction::update};
  filter.limit = kMost;
  for (const auto& record : list_audit(work, filter)) {
    VisitStep step;
    step.at = record.at;
    step.login = record.login;
    step.how = domain::name(domain::ActionHow::person);
    if (record.action == domain::AuditAction::create) {
      step.kind = "registered";
      step.text = "Registered";
    } else {
      boost::json::error_code broken;
      const auto details = boost::json::parse(record.details, broken);
      const auto* object = broken ? nullptr : details.if_object();
      const auto* changed = object ? object->if_contains("changed") : nullptr;
      if (!changed || !changed->is_object()) continue;  // what a fold made of the facts below
      step.kind = "edited";
      step.text = in_words(changed->get_object());
      step.changed = boost::json::serialize(*changed);
    }
    steps.push_back(std::move(step));
  }
}

void add_actions(const Work& work, VisitId id, const std::vector<domain::VisitAction>& refused,
                 std::vector<VisitStep>& steps) {
  for (const auto& recorded : store::VisitActions{work.tx}.history(id)) {
    const auto& action = recorded.action;
    VisitStep step;
    step.at = action.happened_at;
    step.kind = domain::name(action.kind);
    step.text = domain::label(action.kind, Language::english);
    step.how = domain::name(action.how);
    step.login = recorded.login;
    step.reason = recorded.reason;
    if (recorded.recorded_at != action.happened_at) step.recorded_at = recorded.recorded_at;
    step.refused = std::any_of(refused.begin(), refused.end(), [&](const domain::VisitAction& other) {
      return other.visit == id && other.kind == action.kind && other.happened_at == action.happened_at;
    });
    steps.push_back(std::move(step));
  }
}

void add_events(const Work& work, const domain::Visit& visit, const std::vector<domain::Step>& moves,
                std::vector<VisitStep>& steps) {
  if (moves.empty()) return;
  store::EventFilter filter;
  filter.guest = visit.guest;
  filter.classes = {domain::EventClass::granted};
  filter.since = moves.front().key.occurred_at;
  filter.until = moves.back().key.occurred_at + std::chrono::microseconds{1};
  filter.limit = kMost;
  for (auto& listed : store::Events{work.tx, work.scope}.list(filter)) {
    const auto move =
        std::find_if(moves.begin(), moves.end(), [&](const domain::Step& one) { return one.key == listed.event.key; });
    if (move == moves.end()) continue;
    VisitStep step;
    step.at = move->key.occurred_at;
    step.kind = domain::name(move->kind);
    step.text = domain::label(move->kind, Language::english);
    step.how = "event";
    if (listed.event.received_at != step.at) step.recorded_at = listed.event.received_at;
    step.event = std::move(listed);
    steps.push_back(std::move(step));
  }
}

}  // namespace

std::vector<VisitStep> visit_steps(const Work& work, VisitId id) {
  const auto visit = store::Visits{work.tx, work.scope}.get(id);
  FactsReader reader{work};
  const FactsReader::Task task{visit.guest,
                               domain::open_since({reader.plan_of(visit), visit.state}, reader.settings())};
  const auto facts = reader.read(std::span{&task, 1}, FactsReader::Rows::as_they_are).at(visit.guest);
  const auto folded = domain::fold(facts.plans, facts.passages, facts.actions, reader.settings());
  std::vector<domain::VisitAction> refused;
  for (const auto index : folded.refused) refused.push_back(facts.actions[index]);
  std::vector<domain::Step> moves;
  for (const auto& step : folded.steps)
    if (step.visit == id) moves.push_back(step);

  std::vector<VisitStep> steps;
  add_records(work, id, steps);
  add_actions(work, id, refused, steps);
  add_events(work, visit, moves, steps);
  std::stable_sort(steps.begin(), steps.end(), [](const VisitStep& a, const VisitStep& b) { return a.at < b.at; });
  return steps;
}

}  // namespace visitor::app
