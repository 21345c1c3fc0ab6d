#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <stop_token>
#include <string>

#include "app/metrics.hpp"
#include "config/settings.hpp"
#include "core/clock.hpp"
#include "core/ids.hpp"
#include "core/vault.hpp"
#include "db/pool.hpp"
#include "domain/terminal.hpp"

namespace visitor::app {

/// What a poller works with; all of it outlives the poller.
struct PollerServices {
  db::Pool& pool;
  const Vault& vault;
  const Clock& clock;
  const config::Settings& settings;
  Metrics& metrics;
};

struct PollReport {
  enum class End : std::uint8_t {
    done,        ///< the terminal was asked; state says how it is
    lease_lost,  ///< another daemon polls it now, or it was disabled or removed: stop
    stopped      ///< the stop token ended it
  };
  End end = End::done;
  domain::TerminalState state = domain::TerminalState::online;
  std::chrono::milliseconds wait{};  ///< from the start of this poll to the start of the next
  int stored = 0;
  int check_ins = 0;
  int check_outs = 0;
  int incidents = 0;
};

/// Reads one terminal's log, poll by poll. Everything that must survive stands in the database; what is kept here only
/// saves requests, and a new poller learns it again.
///
/// A poll reads the terminal's row, asks for the clock, sweeps the window from the cursor (less an overlap) to the
/// terminal's present, and hands each page to ingest_page, which moves the cursor with the events. Skipped serial
/// numbers are asked for once more and then named. Where the clock was set, the end of its old time is read once more.
class TerminalPoller {
 public:
  /// \param holder  who holds the lease
  /// \param seed    of the jitter
  TerminalPoller(PollerServices services, TerminalId terminal, std::string holder, std::uint64_t seed);
  ~TerminalPoller();

  /// One poll. What the terminal does wrong is written to its row and reported.
  /// \throws Error  what the database or the master key does wrong; nothing is lost, call again later
  PollReport poll(std::stop_token stop = {});

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace visitor::app
