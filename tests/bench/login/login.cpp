// Whether the time that a refusal takes tells which logins there are: refused log-ins of every kind, one after another
// in each round, so that whatever else the machine does falls on all of them.

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/log_in.hpp"
#include "auth/passwords.hpp"
#include "core/error.hpp"
#include "support/house.hpp"
#include "support/program.hpp"
#include "support/report.hpp"
#include "support/words.hpp"

using namespace visitor;
using Wall = std::chrono::steady_clock;

namespace {

constexpr auto kUsage = R"(Usage: bench_login [--rounds N] [--json]
Prints how far the time of a refused log-in depends on whether there is such a login, beside the noise of the same run.
  --rounds N  log-ins of each kind (default 200)
  --json      one JSON object, for tests/bench/run, instead of the table
)";

/// The difference of two medians is worth nothing below this many times its own error.
constexpr double kErrors = 3;
/// Tries at one login, and of everybody, are throttled in windows of a quarter of an hour.
constexpr int kRoundsInWindow = 40;
constexpr std::chrono::minutes kNextWindow{16};

struct Options {
  int rounds = 200;
  bool json = false;
};

std::optional<Options> parse(int argc, char** argv) {
  Options options;
  const bool good = bench::read_words(argc, argv, {{"--json", &options.json}, {"--rounds", &options.rounds, 10}});
  if (!good) return std::nullopt;
  return options;
}

struct Kind {
  std::string login;
  std::string what;
  std::vector<double> milliseconds = {};
};

/// By how much the median of as many more measurements could be another one: its standard error, from the median
/// deviation, which a few slow ones do not move.
double error_of_median(const std::vector<double>& values) {
  const auto middle = bench::median(values);
  std::vector<double> off;
  for (const auto value : values) off.push_back(std::abs(value - middle));
  return 1.2533 * 1.4826 * bench::median(off) / std::sqrt(static_cast<double>(values.size()));
}

void measure(const Options& options) {
  bench::House house;
  auth::Passwords passwords{{}};
  const auto hash = passwords.hash(Secret{std::string_view{"a lantern in the fog"}});
  house.work([&](const app::Work& work) {
    constexpr auto kAdd = R"sql(
        INSERT INTO account (login, kind, created_at, password_hash, password_changed_at, disabled_at)
             VALUES ($1, 'person', $2, $3, CASE WHEN $3::text IS NOT NULL THEN $2 END, $4))sql";
    const std::optional<Instant> never, now{work.now};
    const std::optional<std::string> stored{hash}, none;
    work.tx.exec(kAdd, "known", work.now, stored, never);
    work.tx.exec(kAdd, "disabled", work.now, stored, now);
    work.tx.exec(kAdd, "without", work.now, none, never);
  });
  const app::LogInDesk desk{house.pool(), house.instance().vault(), house.settings(),
                            [&](const std::optional<std::string>& stored, const Secret& password) {
                              return passwords.check(stored, password);
                            }};

  std::vector<Kind> kinds{{"nobody", "an unknown login"},
                          {"noone", "another unknown login"},
                          {"known", "a wrong password"},
                          {"disabled", "a disabled account"},
                          {"without", "an account without a password"}};
  auto now = house.now();
  for (int round = -1; round < options.rounds; ++round) {
    if (round > 0 && round % kRoundsInWindow == 0) now += kNextWindow;
    for (std::size_t i = 0; i < kinds.size(); ++i) {
      auto& kind = kinds[(i + static_cast<std::size_t>(round + 1)) % kinds.size()];
      const auto address = fmt::format("10.{}.{}.{}", (round + 1) / 250, (round + 1) % 250, i + 1);
      const auto start = Wall::now();
      const auto result = app::log_in(
          desk, {kind.login, Secret{std::string_view{"not the password"}}, {}, {}, address, "bench", ""}, now);
      const auto took = std::chrono::duration<double, std::milli>(Wall::now() - start).count();
      if (result.verdict != app::LogInVerdict::wrong)
        throw Error(Errc::failed, fmt::format("'{}' was not refused as it should be", kind.login));
      if (round >= 0) kind.milliseconds.push_back(took);  // the first round opens what stays open
    }
  }

  const auto& unknown = kinds.front().milliseconds;
  std::vector<bench::Figure> figures;
  for (std::size_t i = 1; i < kinds.size(); ++i) {
    const auto& these = kinds[i].milliseconds;
    figures.push_back({fmt::format("{} beside {}, apart by", kinds[i].what, kinds.front().what),
                       std::abs(bench::median(these) - bench::median(unknown)), "ms",
                       std::hypot(error_of_median(these), error_of_median(unknown)),
                       fmt::format("error of that; a refusal takes {:.1f} ms", bench::median(these)),
                       bench::ratio_at_most(kErrors)});
  }
  bench::print("login", figures, options.json);
}

}  // namespace

int main(int argc, char** argv) {
  return bench::run_program("bench_login", kUsage, argc, argv, parse, [](const Options& options) {
    measure(options);
    return 0;
  });
}
