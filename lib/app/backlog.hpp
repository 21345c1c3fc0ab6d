#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

#include "app/work.hpp"
#include "store/gaps.hpp"
#include "store/terminals.hpp"

/// What has not been read of the terminals' logs, or cannot be.
namespace visitor::app {

using store::GapListed;

/// Events that a terminal holds and that are not stored yet, as it said when it was asked last.
struct Backlog {
  store::TerminalListed listed;
  std::int64_t read = 0;  ///< events stored within the last kBacklogWindow
  /// Until all is read, at the rate of that time. Nothing where nothing is being read or the terminal has not said.
  std::optional<std::chrono::seconds> done_in;
};

inline constexpr std::chrono::minutes kBacklogWindow{5};

/// By the terminals' names.
/// \param terminal  nothing: all
std::vector<Backlog> list_backlog(const Work& work, std::optional<TerminalId> terminal = {});

/// Serial numbers that terminals skipped, the newest gap first.
/// \param filled  also those that have arrived after all
std::vector<GapListed> list_gaps(const Work& work, std::optional<TerminalId> terminal, bool filled, int limit);

}  // namespace visitor::app
