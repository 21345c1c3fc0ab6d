#include "daemon/loops/poll_loop.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <condition_variable>
#include <cstring>
#include <mutex>
#include <set>
#include <thread>
#include <utility>

#include "app/poll_request.hpp"
#include "app/poller.hpp"
#include "core/guarded.hpp"
#include "core/log.hpp"
#include "core/vault.hpp"
#include "daemon/loops/loop_runner.hpp"
#include "store/terminals.hpp"

namespace visitor::daemon {
namespace {

constexpr int kMostTerminals = 1000;
/// A poll ends by its own deadlines; draining a large backlog takes minutes. One that takes longer hangs.
constexpr std::chrono::minutes kLongestPoll{30};
constexpr std::size_t kMostAskers = 100;

std::uint64_t random_seed() {
  const auto bytes = random_bytes(sizeof(std::uint64_t));
  std::uint64_t seed = 0;
  std::memcpy(&seed, bytes.data(), sizeof seed);
  return seed;
}

/// A terminal's own part of the interval, such that those of any number of terminals lie evenly in it: the fractions of
/// the multiples of the golden ratio.
std::chrono::milliseconds phase_of(TerminalId terminal, std::chrono::milliseconds interval) {
  const double turns = static_cast<double>(terminal.value) * 0.6180339887498949;
  return std::chrono::duration_cast<std::chrono::milliseconds>((turns - std::floor(turns)) * interval);
}

}  // namespace

/// One terminal's thread.
class PollLoop::Worker {
 public:
  Worker(const Context& context, TerminalId terminal)
      : context_(context),
        terminal_(terminal),
        poller_({context.pool, context.vault, context.clock, context.settings, context.metrics}, terminal,
                context.holder, random_seed()),
        thread_([this](const std::stop_token& stop) { run(stop); }) {}

  void request_stop() { thread_.request_stop(); }
  /// Polls at once, or once more where it is at it, and answers to \p asker.
  void poke(const std::string& asker) {
    const std::lock_guard lock{mutex_};
    if (askers_.size() < kMostAskers) askers_.push_back(asker);
    wake_.notify_all();
  }
  bool ended() const {
    return state_.with([](const State& state) { return state.ended; });
  }
  bool hangs() const {
    return state_.with([](const State& state) {
      return state.busy_since && std::chrono::steady_clock::now() - *state.busy_since > kLongestPoll;
    });
  }

 private:
  struct State {
    bool ended = false;
    std::optional<std::chrono::steady_clock::time_point> busy_since;
  };

  void run(const std::stop_token& stop);
  /// One poll. \returns how long after its start the next one is due, or nothing to end
  std::optional<std::chrono::milliseconds> poll(const std::stop_token& stop);
  /// Tells those who asked before the last poll began what it came to.
  void answer(const std::vector<std::string>& askers);
  void note_busy(bool busy);

  const Context& context_;
  TerminalId terminal_;
  app::TerminalPoller poller_;
  int failures_ = 0;
  std::string failure_;
  app::PollReport report_;
  std::vector<std::string> askers_;
  Guarded<State> state_;
  std::mutex mutex_;
  std::condition_variable_any wake_;
  std::jthread thread_;
};

void PollLoop::Worker::note_busy(bool busy) {
  state_.with(
      [&](State& state) { state.busy_since = busy ? std::optional{std::chrono::steady_clock::now()} : std::nullopt; });
}

std::optional<std::chrono::milliseconds> PollLoop::Worker::poll(const std::stop_token& stop) {
  std::string failure;
  try {
    const auto report = poller_.poll(stop);
    report_ = report;
    if (!failure_.empty()) log::info("terminal {} is polled again", terminal_.value);
    failure_.clear();
    failures_ = 0;
    if (report.stored > 0)
      log::info("terminal {}: {} events, {} check-ins, {} check-outs, {} incidents", terminal_.value, report.stored,
                report.check_ins, report.check_outs, report.incidents);
    if (report.end != app::PollReport::End::done) return std::nullopt;
    return report.wait;
  } catch (const std::exception& error) {
    failure = error.what();
  }
  // A whole page failed to commit: nothing of it is stored, and the cursor stands where it stood.
  if (failure != failure_) log::error("terminal {}: {}", terminal_.value, failure);
  failure_ = std::move(failure);
  return pause_after(context_.settings.polling.interval, ++failures_);
}

void PollLoop::Worker::answer(const std::vector<std::string>& askers) {
  try {
    for (const auto& asker : askers) {
      db::Transaction tx{context_.pool};
      auto error = failure_;
      if (error.empty() && report_.state != domain::TerminalState::online)
        error = store::Terminals{tx, domain::Scope::everything()}.get(terminal_).last_error;
      app::answer_poll(tx, {asker, terminal_, report_.state, report_.stored, report_.check_ins, report_.check_outs,
                            report_.incidents, error});
      tx.commit();
    }
  } catch (const std::exception& error) {
    log::warn("terminal {}: whoever asked for a poll is not answered: {}", terminal_.value, error.what());
  }
}

void PollLoop::Worker::run(const std::stop_token& stop) {
  auto due = std::chrono::steady_clock::now();
  bool first = true;
  while (!stop.stop_requested()) {
    const auto begun = std::chrono::steady_clock::now();
    context_.metrics.poll_lag.observe(std::chrono::duration<double>(begun - due).count());
    note_busy(true);
    std::vector<std::string> askers;
    {
      const std::lock_guard lock{mutex_};
      askers.swap(askers_);
    }
    const auto wait = poll(stop);
    answer(askers);
    note_busy(false);
    if (!wait) break;
    // Terminals that are taken over together would else be asked all at once, ever after.
    const auto pause = std::exchange(first, false) ? phase_of(terminal_, *wait) : *wait;
    due = std::max(begun + pause, std::chrono::steady_clock::now());
    std::unique_lock lock{mutex_};
    if (wake_.wait_until(lock, stop, due, [this] { return !askers_.empty(); })) due = std::chrono::steady_clock::now();
  }
  state_.with([](State& state) { state.ended = true; });
}

PollLoop::PollLoop(const Context& context) : context_(context) {
  ear_ =
      std::make_unique<Ear>(context.pool.options().connection, std::vector<std::string>{std::string{app::kPollChannel}},
                            [this](const db::Heard& heard) { poke(heard); });
}

void PollLoop::poke(const db::Heard& heard) {
  const std::lock_guard lock{mutex_};
  for (const auto& notification : heard.notifications) {
    const auto request = app::parse_poll_request(notification.payload);
    if (!request) continue;
    for (const auto id : request->terminals)
      if (const auto found = workers_.find(id); found != workers_.end()) found->second->poke(request->asker);
  }
}

PollLoop::~PollLoop() {
  ear_.reset();
  for (auto& [id, worker] : workers_) worker->request_stop();
  workers_.clear();
  try {
    db::Transaction tx{context_.pool};
    store::Terminals{tx, domain::Scope::everything()}.release_leases(context_.holder);
    tx.commit();
  } catch (const std::exception& error) {
    log::warn("the leases of terminals run out by themselves: {}", error.what());
  }
}

std::chrono::milliseconds PollLoop::period() const {
  return std::chrono::duration_cast<std::chrono::milliseconds>(context_.settings.polling.lease) / 4;
}

void PollLoop::tick(Instant now, std::stop_token stop) {
  {
    const std::lock_guard lock{mutex_};
    std::erase_if(workers_, [](const auto& entry) { return entry.second->ended(); });
  }

  // Whoever takes over looks once in a period: both together are the time after which a terminal has moved.
  const auto lease = context_.settings.polling.lease - period();
  const auto held = db::with_retry(context_.pool, 3, [&](db::Transaction& tx) {
    store::Terminals terminals{tx, domain::Scope::everything()};
    terminals.acquire_leases(context_.holder, now, lease, kMostTerminals);
    return terminals.renew_leases(context_.holder, now, lease);
  });

  const std::lock_guard lock{mutex_};
  std::set<TerminalId> ours;
  for (const auto& terminal : held) {
    ours.insert(terminal.id);
    if (!stop.stop_requested() && workers_.count(terminal.id) == 0)
      workers_.emplace(terminal.id, std::make_unique<Worker>(context_, terminal.id));
  }
  for (auto& [id, worker] : workers_) {
    if (ours.count(id) == 0) worker->request_stop();
    if (worker->hangs())
      throw Error(Errc::terminal, fmt::format("a poll of terminal {} does not end", id),
                  "Restart visitord, and report this with its log.");
  }
}

}  // namespace visitor::daemon
