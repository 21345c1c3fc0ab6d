// What the audit's chain costs: linking and verifying a million rows beside reading them, and what an act pays for it.

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "app/audit.hpp"
#include "core/error.hpp"
#include "support/house.hpp"
#include "support/program.hpp"
#include "support/report.hpp"
#include "support/words.hpp"

using namespace visitor;
using Wall = std::chrono::steady_clock;

namespace {

constexpr auto kUsage = R"(Usage: bench_audit [--rows N] [--json]
Prints how long a chain of many rows takes to be linked and verified, beside a program that only reads the rows.
  --rows N  rows of the audit (default 1000000)
  --json    one JSON object, for tests/bench/run, instead of the table
)";

constexpr double kVerifySeconds = 10;

// As acts write them: most are about visits, with what changed.
constexpr auto kRows = R"sql(
    INSERT INTO audit (at, account_id, action, topic, entity_id, details, source, request_id)
    SELECT timestamptz '2026-01-01 00:00:00+00' + n * interval '31 seconds', {}, 'update', 'visit', n / 3,
           jsonb_build_object('to', 'CHECKED_IN', 'from', 'AWAITING', 'entries', n % 7, 'exits', n % 5),
           'visitord@gate', ''
      FROM generate_series({}::bigint, {}::bigint) AS n)sql";
constexpr auto kRead = R"sql(
    SELECT id, at, account_id, action, topic, entity_id, details, source, request_id FROM audit ORDER BY id)sql";

struct Options {
  std::int64_t rows = 1'000'000;
  bool json = false;
};

double seconds_of(const std::function<void()>& work) {
  const auto start = Wall::now();
  work();
  return std::chrono::duration<double>(Wall::now() - start).count();
}

void write_rows(bench::House& house, std::int64_t count) {
  constexpr std::int64_t kAtOnce = 50'000;
  for (std::int64_t from = 1; from <= count; from += kAtOnce)
    house.script(fmt::format(kRows, house.actor().account, from, std::min(count, from + kAtOnce - 1)));
}

std::optional<Options> parse(int argc, char** argv) {
  Options options;
  const bool good =
      bench::read_words(argc, argv, {{"--json", &options.json}, {"--rows", &options.rows, 1, 100'000'000}});
  if (!good) return std::nullopt;
  return options;
}

void measure(const Options& options) {
  bench::House house;
  write_rows(house, options.rows);
  house.script("ANALYZE audit");
  const SystemClock clock;
  const app::AuditDesk desk{house.pool(), house.settings(), house.instance().vault(), house.actor(), clock};

  std::int64_t linked = 0;
  const auto link = seconds_of([&] { linked = app::link_audit(house.pool()); });
  house.script("ANALYZE audit_link");
  app::make_checkpoint(desk);
  app::AuditReport report;
  const auto verify = seconds_of([&] { report = app::verify_audit(desk, true); });
  if (!report.whole() || report.rows < options.rows || linked < options.rows)
    throw Error(Errc::failed,
                fmt::format("{} of {} links were looked at, {} finding(s)", report.rows, options.rows, report.wrong));
  const auto again = seconds_of([&] { report = app::verify_audit(desk, false); });
  std::int64_t bytes = 0;
  const auto read = seconds_of([&] {
    db::Transaction tx{house.pool(), {.read_only = true, .statement_deadline = std::chrono::milliseconds{0}}};
    tx.for_each(kRead,
                [&](const db::Row& row) { bytes += static_cast<std::int64_t>(row.cell("details").bytes.size()); });
  });
  if (bytes == 0) throw Error(Errc::failed, "no row was read");
  const auto rows = fmt::format("{} rows of the audit", options.rows);
  const std::string reading = "reading them, in the same way";
  bench::print("audit",
               {{rows + " verified", verify, "s", read, reading,
                 bench::at_most(kVerifySeconds * static_cast<double>(options.rows) / 1'000'000)},
                {rows + " linked", link, "s", read, reading},
                {"verified again, nothing new", again, "s", verify, "all of it"}},
               options.json);
}

}  // namespace

int main(int argc, char** argv) {
  return bench::run_program("bench_audit", kUsage, argc, argv, parse, [](const Options& options) {
    measure(options);
    return 0;
  });
}
