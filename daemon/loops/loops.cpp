#include "daemon/loops/loops.hpp"

#include <fmt/format.h>

#include <array>
#include <chrono>

#include "app/timers.hpp"
#include "daemon/loops/alert_loop.hpp"
#include "daemon/loops/database_loop.hpp"
#include "daemon/loops/job_loop.hpp"
#include "daemon/loops/muster_loop.hpp"
#include "daemon/loops/poll_loop.hpp"
#include "store/events.hpp"

namespace visitor::daemon {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

std::string counted(int count, std::string_view what) {
  return count == 0 ? "" : fmt::format("{} {}", count, what);
}

/// This month's and the next two, so that no page has to make one in a hurry.
std::string make_partitions(const app::Work& work) {
  const std::array<Instant, 3> moments{work.now, work.now + hours{31 * 24}, work.now + hours{62 * 24}};
  store::Events{work.tx}.ensure_partitions(moments);
  return "";
}

}  // namespace

std::vector<std::unique_ptr<Loop>> make_loops(const Context& context, app::Instance& instance) {
  std::vector<std::unique_ptr<Loop>> loops;
  const auto job = [&](std::string name, std::chrono::milliseconds period, JobLoop::Job what) {
    loops.push_back(std::make_unique<JobLoop>(context, std::move(name), period, std::move(what)));
  };
  loops.push_back(std::make_unique<DatabaseLoop>(context, instance));
  job("partitions", hours{1}, make_partitions);
  loops.push_back(std::make_unique<PollLoop>(context));
  loops.push_back(std::make_unique<AlertLoop>(context));
  loops.push_back(std::make_unique<MusterLoop>(context));
  job("timed_rules", context.settings.rules.interval,
      [](const app::Work& work) { return counted(app::run_timed_rules(work), "incident(s) opened"); });
  job("close_presumed_left", minutes{1},
      [](const app::Work& work) { return counted(app::close_presumed_left(work), "visit(s) closed"); });
  job("mark_no_shows", minutes{1},
      [](const app::Work& work) { return counted(app::mark_no_shows(work), "visit(s) marked"); });
  return loops;
}

}  // namespace visitor::daemon
