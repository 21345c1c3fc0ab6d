// How long visitorctl takes from its start to its end: for help, version and completion beside a psql that only prints
// its version, and for one row of a warm embedded cluster beside psql with the same statement.

#include <fcntl.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.hpp"
#include "core/file.hpp"
#include "db/client_environment.hpp"
#include "support/house.hpp"
#include "support/program.hpp"
#include "support/report.hpp"
#include "support/words.hpp"

using namespace visitor;
using Wall = std::chrono::steady_clock;

namespace {

constexpr auto kUsage = R"(Usage: bench_startup [--rounds N] [--json]
Prints milliseconds from the start of a program to its end, beside those of psql in the same rounds, and their ratio.
  --rounds N  starts of each, taken in turn; the median counts (default 200)
  --json      one JSON object, for tests/bench/run, instead of the table
)";

// What 'visitorctl site show 1' reads its row with.
constexpr auto kOneRow = "SELECT id, name, time_zone, country_code, days_off FROM site WHERE id = 1";

constexpr double kFastMs = 6;
constexpr double kOfPsql = 2;

struct Options {
  int rounds = 200;
  bool json = false;
};

struct Measured {
  std::string what;
  std::vector<std::string> ours;
  std::string baseline;
  std::vector<std::string> theirs;
  bench::Goal goal;
  std::vector<double> our_ms = {};
  std::vector<double> their_ms = {};
};

/// Runs \p words with standard output going nowhere. \returns milliseconds
double run(const std::vector<std::string>& words) {
  std::vector<char*> argv;
  for (const auto& word : words) argv.push_back(const_cast<char*>(word.c_str()));
  argv.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  pid_t pid = 0;
  int status = 0;
  const auto begin = Wall::now();
  const int failed = posix_spawn(&pid, argv[0], &actions, nullptr, argv.data(), environ);
  if (failed == 0) waitpid(pid, &status, 0);
  const auto took = Wall::now() - begin;
  posix_spawn_file_actions_destroy(&actions);
  if (failed != 0) throw Error(Errc::failed, fmt::format("cannot start {}: {}", words[0], errno_text(failed)));
  if (status != 0) throw Error(Errc::failed, fmt::format("{} ended with status {}", fmt::join(words, " "), status));
  return std::chrono::duration<double, std::milli>(took).count();
}

std::optional<Options> parse(int argc, char** argv) {
  Options options;
  const bool good = bench::read_words(argc, argv, {{"--json", &options.json}, {"--rounds", &options.rounds}});
  if (!good) return std::nullopt;
  return options;
}

void measure(const Options& options) {
  bench::House house;
  house.visitorctl({"site", "add", "Here", "--time-zone", "UTC"});
  for (const auto& [name, value] : db::client_environment(house.instance().conninfo()))
    ::setenv(name.c_str(), std::string{value.reveal()}.c_str(), 1);

  const auto visitorctl = bench::sibling("visitorctl").string();
  const auto config = house.config().string();
  const auto real = bench::postgresql_program("psql").string();
  const std::vector<std::string> version{real, "--version"};
  const std::vector<std::string> row{real, "-X", "-A", "-t", "-c", kOneRow};
  const auto fast = bench::at_most(kFastMs);
  const auto near = bench::ratio_at_most(kOfPsql);
  std::vector<Measured> all{
      {"--version", {visitorctl, "--version"}, "psql --version", version, fast},
      {"--help", {visitorctl, "--help"}, "psql --version", version, fast},
      {"visit list --help", {visitorctl, "visit", "list", "--help"}, "psql --version", version, fast},
      {"completion bash", {visitorctl, "completion", "bash"}, "psql --version", version, fast},
      {"Tab for an option", {visitorctl, "__complete", "--", "OPTION", "http."}, "psql --version", version, fast},
      {"Tab for a site", {visitorctl, "--config", config, "__complete", "--", "SITE"}, "psql, one row", row, near},
      {"site show 1", {visitorctl, "--config", config, "site", "show", "1"}, "psql, the same row", row, near},
  };
  for (int round = 0; round < options.rounds; ++round) {
    for (auto& one : all) {
      one.our_ms.push_back(run(one.ours));
      one.their_ms.push_back(run(one.theirs));
    }
  }
  std::vector<bench::Figure> figures;
  for (const auto& one : all)
    figures.push_back({one.what, bench::median(one.our_ms), "ms", bench::median(one.their_ms), one.baseline, one.goal});
  bench::print("startup", figures, options.json);
}

}  // namespace

int main(int argc, char** argv) {
  return bench::run_program("bench_startup", kUsage, argc, argv, parse, [](const Options& options) {
    measure(options);
    return 0;
  });
}
