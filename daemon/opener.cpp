#include "daemon/opener.hpp"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>

#include "app/wal_keeper.hpp"
#include "core/clock.hpp"
#include "core/error.hpp"
#include "core/host.hpp"
#include "core/log.hpp"
#include "daemon/error_text.hpp"
#include "db/transaction.hpp"

namespace visitor::daemon {
namespace {

Opened open(app::Instance& instance) {
  const bool absent = instance.embedded() && instance.cluster().status().state == db::ClusterState::absent;
  if (absent || (instance.embedded() && !instance.initialised()))
    for (const auto& made : instance.initialise()) log::info("first start: made {}", made);
  auto& pool = instance.pool();
  const auto& vault = instance.vault();
  db::Transaction tx{pool};
  auto actor = app::ensure_actor(tx, "system", domain::ActionHow::automatic, SystemClock{}.now(),
                                 {"visitord@" + host_name(), ""});
  tx.commit();
  app::end_wal_archive(instance);
  return {&pool, &vault, std::move(actor)};
}

/// What may be gone after a while: everything that is about reaching the database.
bool passes(Errc code) {
  return code == Errc::database || code == Errc::database_lost || code == Errc::interrupted;
}

}  // namespace

Opener::Opener(app::Instance& instance) : instance_(instance) {
  thread_ = std::jthread{[this](const std::stop_token& stop) { run(stop); }};
}

void Opener::run(const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any wake;
  std::chrono::milliseconds pause{500};
  std::string said;
  while (!stop.stop_requested()) {
    try {
      auto opened = open(instance_);
      if (!said.empty()) log::info("the database answers again");
      state_.with([&](State& state) { state.opened = std::move(opened); });
      break;
    } catch (const Error& error) {
      const auto text = with_hint(error);
      if (!passes(error.code())) {
        log::error("{}", text);
        state_.with([&](State& state) { state.exit_status = info(error.code()).exit_status; });
        break;
      }
      if (said != text) log::warn("the database cannot be opened yet: {}", text);
      said = text;
      state_.with([](State& state) { ++state.failures; });
    } catch (const std::exception& error) {
      log::error("{}", error.what());
      state_.with([](State& state) { state.exit_status = info(Errc::failed).exit_status; });
      break;
    }
    std::unique_lock lock{mutex};
    wake.wait_for(lock, stop, pause, [] { return false; });
    pause = std::min(pause * 2, std::chrono::milliseconds{5'000});
  }
  state_.with([](State& state) { state.ended = true; });
}

}  // namespace visitor::daemon
