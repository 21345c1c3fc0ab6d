#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "app/backup_watch.hpp"
#include "app/canary.hpp"
#include "app/check.hpp"
#include "app/overview.hpp"
#include "app/scheduled_reports.hpp"
#include "config/settings.hpp"
#include "core/clock.hpp"
#include "db/pool.hpp"
#include "store/jobs.hpp"

namespace visitor::app {

class MetricsText;

enum class HealthStatus : std::uint8_t { healthy, degraded, unhealthy };

std::string_view name(HealthStatus status);  ///< "healthy", "degraded", "unhealthy"

/// | check     | value                                                             | warning | critical        |
/// |-----------|-------------------------------------------------------------------|---------|-----------------|
/// | database  | ms until the overview was read                                    | 1000    | no answer       |
/// | terminals | enabled terminals that do not answer, or refuse                   | 1       | all of them     |
/// | outbox    | s that the oldest delivery which is not at its end has been due    | 60      | 600             |
/// | scheduler | s that the most delayed job of any visitord is behind             | 60      | 300, or a loop  |
/// |           |                                                                   |         | that has stalled|
/// | disk      | % free where state lives (of two places the fuller one)           | 10      | 5               |
/// | canary    | s since the canary of the worst channel was last taken            | 2 [alerts] canary_interval |
/// |           |                                                                   |         | 3 of them       |
/// | backup    | s since the newest good backup was begun                          | app/backup_watch.hpp      |
/// | reports   | scheduled reports that were not handed in                         | 1       |                 |
///
/// Unknown is a warning, too; but not that backups are made by nobody, which is said and left at that.
struct Health {
  HealthStatus status = HealthStatus::healthy;  ///< degraded: a warning; unhealthy: something is critical
  Instant timestamp;
  std::vector<Check>
      checks;  ///< in the order of the table; the canary only where one is sent, reports only where there are any
};

/// What the database says.
struct HouseFacts {
  Overview overview;
  std::vector<store::JobRun> jobs;
  CanaryFacts canary;
  BackupFacts backup;
  std::vector<ScheduledReport> reports;
  std::chrono::milliseconds answered_in{0};
};

/// How a loop of this process is. visitorctl has none.
struct LoopFact {
  std::string name;
  bool stalled = false;  ///< no tick has ended in time
  bool failing = false;  ///< the last one failed
  std::optional<Instant> last_good;
};

struct DiskFacts {
  std::uint64_t free_bytes = 0;  ///< for us, not only for root
  std::uint64_t size_bytes = 0;
};

struct HealthInput {
  Instant now;
  std::optional<HouseFacts> house;  ///< nothing: no database
  std::optional<DiskFacts> disk;    ///< nothing: cannot be told
  std::vector<LoopFact> loops;
};

/// The judgement alone; looks at nothing else.
Health assess(const HealthInput& input);

/// Reads what the house says in one short transaction; every statement within two seconds.
/// \throws Error  as any use of the pool
HouseFacts look_at_house(db::Pool& pool, const config::Settings& settings, const Clock& clock,
                         std::stop_token stop = {});

/// The fuller one of the file systems that hold the state directory and the embedded database. What does not exist yet
/// counts with the folder above it.
std::optional<DiskFacts> look_at_disk(const config::Settings& settings);

/// {"status":"healthy","timestamp":"…","checks":{"database":{"status":"ok","value":3,"unit":"ms",…},…}}
std::string to_json(const Health& health);

/// As the monitoring plugins print it: "VISITOR OK - database answers in 3 ms; … | database=3ms;1000;; …".
/// Source: Monitoring Plugins Development Guidelines, "Plugin Output for Nagios".
std::string to_plugin_line(const Health& health);
/// 0 OK, 1 WARNING, 2 CRITICAL.
int plugin_status(const Health& health);

/// The same facts as gauges: visitor_people_inside, visitor_incidents_open{severity}, visitor_terminals{state} and
/// others. Nothing at all without \p house.
void add_gauges(MetricsText& out, const std::optional<HouseFacts>& house, Instant now);

}  // namespace visitor::app
