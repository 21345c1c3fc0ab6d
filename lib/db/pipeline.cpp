#include <utility>

#include "db/pq.hpp"

// Several statements in one trip. Source: PostgreSQL manual, libpq, "Pipeline Mode".
namespace visitor::db {

std::vector<Connection::Outcome> Connection::Impl::trip(std::span<const Leg> legs, const char* last, std::string* tag) {
  begin_statement(Interrupt::cancel);
  const WakeOnStop wake_up{stop, wake.get()};
  // Prepared first, and each by itself, for that needs an answer of its own. Pointers stay good: there are fewer legs
  // than statements are kept.
  std::vector<Statement*> statements_of;
  statements_of.reserve(legs.size());
  for (const auto& leg : legs) statements_of.push_back(&prepared(leg.sql, *leg.params));

  std::vector<ResultPtr> results;
  try {
    require(PQenterPipelineMode(pg));
    for (std::size_t i = 0; i < legs.size(); ++i) send(*statements_of[i], *legs[i].params);
    if (last != nullptr) require(PQsendQueryParams(pg, last, 0, nullptr, nullptr, nullptr, nullptr, 0));
    require(PQpipelineSync(pg));
    for (std::size_t i = 0; i < legs.size() + (last != nullptr ? 1 : 0); ++i) {
      if (i == legs.size()) interrupt = Interrupt::never;  // nobody stops a COMMIT
      ResultPtr kept;
      while (auto result = next_result())
        if (!kept) kept = std::move(result);
      if (!kept) lose("the server sent no result");
      results.push_back(std::move(kept));
    }
    next_result();  // of the synchronisation
    require(PQexitPipelineMode(pg));
  } catch (...) {
    broken = true;  // half of a trip cannot be taken back
    throw;
  }

  for (std::size_t i = 0; i < results.size(); ++i) {
    const auto status = PQresultStatus(results[i].get());
    if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK) continue;
    const char* state = PQresultErrorField(results[i].get(), PG_DIAG_SQLSTATE);
    if (i < legs.size() && state != nullptr) forget_if_stale(*statements_of[i], state);
    fail(*results[i]);
  }
  if (tag != nullptr) *tag = PQcmdStatus(results.back().get());
  std::vector<Outcome> outcomes;
  outcomes.reserve(legs.size());
  for (std::size_t i = 0; i < legs.size(); ++i)
    outcomes.push_back(outcome_of(*statements_of[i], std::move(results[i])));
  return outcomes;
}

Connection::Outcome Connection::Impl::execute_with_queue(std::string_view sql, const Params& params) {
  const auto queued = std::exchange(queue, {});
  std::vector<Leg> legs;
  legs.reserve(queued.size() + 1);
  for (const auto& one : queued) legs.push_back({one->sql, &one->params});
  legs.push_back({sql, &params});
  auto outcomes = trip(legs, nullptr, nullptr);
  for (std::size_t i = 0; i < queued.size(); ++i) queued[i]->outcome = std::move(outcomes[i]);
  return std::move(outcomes.back());
}

std::string Connection::Impl::run_queue(const char* last) {
  const auto queued = std::exchange(queue, {});
  std::vector<Leg> legs;
  legs.reserve(queued.size());
  for (const auto& one : queued) legs.push_back({one->sql, &one->params});
  std::string tag;
  auto outcomes = trip(legs, last, last != nullptr ? &tag : nullptr);
  for (std::size_t i = 0; i < queued.size(); ++i) queued[i]->outcome = std::move(outcomes[i]);
  return tag;
}

void Connection::Impl::run_queue() {
  if (!queue.empty()) run_queue(nullptr);
}

std::shared_ptr<Connection::Queued> Connection::queue(std::string_view sql, Params params) {
  // A longer trip could run out of kept statements.
  constexpr std::size_t kLongestTrip = 64;
  if (impl_->queue.size() >= kLongestTrip) impl_->run_queue();
  return impl_->queue.emplace_back(std::make_shared<Queued>(Queued{std::string{sql}, std::move(params), std::nullopt}));
}

void Connection::run_queue() {
  impl_->run_queue();
}

void Connection::drop_queue() {
  impl_->queue.clear();
}

}  // namespace visitor::db
