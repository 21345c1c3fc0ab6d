#include "app/backlog.hpp"

#include <cmath>

#include "app/terminals.hpp"
#include "store/events.hpp"

namespace visitor::app {
namespace {

using std::chrono::seconds;

std::optional<seconds> time_left(const std::optional<std::int64_t>& backlog, std::int64_t read) {
  if (!backlog) return std::nullopt;
  if (*backlog == 0) return seconds{0};
  if (read == 0) return std::nullopt;
  const auto window = static_cast<double>(seconds{kBacklogWindow}.count());
  return seconds{std::llround(std::ceil(static_cast<double>(*backlog) * window / static_cast<double>(read)))};
}

}  // namespace

std::vector<Backlog> list_backlog(const Work& work, std::optional<TerminalId> terminal) {
  auto listed = terminal ? std::vector{get_terminal(work, *terminal)} : list_terminals(work);
  std::vector<TerminalId> ids;
  for (const auto& one : listed) ids.push_back(one.terminal.id);
  const auto read = store::Events{work.tx, work.scope}.stored_since(ids, work.now - kBacklogWindow);
  std::vector<Backlog> backlogs;
  for (auto& one : listed) {
    const auto found = read.find(one.terminal.id);
    const auto count = found == read.end() ? 0 : found->second;
    const auto left = time_left(one.terminal.backlog, count);
    backlogs.push_back({std::move(one), count, left});
  }
  return backlogs;
}

std::vector<GapListed> list_gaps(const Work& work, std::optional<TerminalId> terminal, bool filled, int limit) {
  return store::Gaps{work.tx, work.scope}.list(terminal, filled, limit);
}

}  // namespace visitor::app
