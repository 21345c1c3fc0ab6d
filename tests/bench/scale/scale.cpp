// What a year of visits costs: the same pages, lists and jobs on a database with five million events and on one with
// nothing in it, and the plans of every statement that ran.

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <functional>
#include <optional>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "app/timers.hpp"
#include "core/error.hpp"
#include "populate/populate.hpp"
#include "support/house.hpp"
#include "support/program.hpp"
#include "support/report.hpp"
#include "support/words.hpp"
#include "support/world.hpp"

using namespace visitor;
using namespace std::chrono_literals;
using Wall = std::chrono::steady_clock;

namespace {

constexpr auto kUsage = R"(Usage: bench_scale [options]
Prints how long the lists, the jobs and the ingest of pages take with a year of visits in the database and with none,
and names every statement that read access_event from end to end.
  --days N           working days (250)
  --visits-a-day N   a multiple of 40 (2000); ten events each
  --rounds N         measurements of each, the median counts (5)
  --plans            looks at the plans only, and fails where one is wrong
  --json             one JSON object instead of the table
)";

struct Options {
  bench::Population size;
  int rounds = 5;
  bool plans = false;
  bool json = false;
};

std::optional<Options> parse(int argc, char** argv) {
  Options options;
  const bool good = bench::read_words(argc, argv,
                                      {{"--json", &options.json},
                                       {"--plans", &options.plans},
                                       {"--days", &options.size.days},
                                       {"--visits-a-day", &options.size.visits_a_day},
                                       {"--rounds", &options.rounds}});
  if (!good || options.size.visits_a_day % 40 != 0) return std::nullopt;
  return options;
}

/// A command, and how long it may take on the large database.
struct Command {
  std::vector<std::string> words;
  double most_ms = 100;
  std::string name() const { return fmt::format("{}", fmt::join(words, " ")); }
};

/// A Wednesday more than a week ago, in Almaty.
Instant a_working_day(Instant now) {
  const auto day = std::chrono::floor<std::chrono::days>(now) - std::chrono::days{7};
  return day - (std::chrono::weekday{day} - std::chrono::Wednesday) - 5h;
}

/// Every list and what else is asked all day, with the filters that people use.
std::vector<Command> commands(Instant now) {
  const auto day = a_working_day(now);
  return {{{"event", "replay", "--since", to_iso(day), "--until", to_iso(day + 24h), "--dry-run"}, 5'000},
          {{"visit", "list"}},
          {{"visit", "list", "--status", "AWAITING"}},
          {{"visit", "list", "--since", "90d", "--until", "60d"}},
          {{"visit", "list", "Петров"}},
          {{"visit", "list", "nobody of that name"}},
          {{"visit", "list", "--guest", "77"}},
          {{"guest", "list"}},
          {{"guest", "list", "nobody of that name"}},
          {{"badge", "list"}},
          {{"host", "list"}},
          {{"department", "list"}},
          {{"site", "list"}},
          {{"terminal", "list"}},
          {{"door", "list"}},
          {{"event", "list"}},
          {{"event", "list", "--class", "denied"}},
          {{"event", "list", "--class", "alarm"}},
          {{"event", "list", "--terminal", "Turnstile 1"}},
          {{"event", "list", "--person", "77"}},
          {{"event", "list", "--since", "90d", "--until", "60d"}},
          {{"event", "show", "4711"}},
          {{"visit", "show", "4711"}},
          {{"incident", "list"}},
          {{"incident", "list", "--status", "new"}},
          {{"incident", "list", "--type", "other"}},
          {{"incident", "history", "77"}},
          {{"visit", "history", "4711"}},
          {{"alert", "list"}},
          {{"alert", "list", "--state", "failed"}},
          {{"alert", "lost"}},
          {{"alert", "silence", "list"}},
          {{"job", "list"}},
          {{"audit", "list"}},
          {{"audit", "list", "--topic", "visit", "--entity", "77"}},
          {{"backup", "list"}},
          {{"export", "list"}},
          {{"report", "list"}},
          {{"rules", "list"}},
          {{"user", "list"}},
          {{"role", "list"}},
          {{"group", "list"}},
          {{"apikey", "list"}},
          {{"breakglass", "list"}},
          {{"terminal", "gaps"}},
          {{"terminal", "backlog"}},
          {{"why", "visit", "4711"}},
          {{"status"}},
          {{"inside"}, 50},
          {{"inside", "--at", "42d"}, 1000},
          {{"muster"}, 200},
          {{"event", "replay", "--since", "42d", "--until", "41d", "--dry-run"}, 5000}};
}

/// Lists that are in the command tree and not in commands().
std::vector<std::string> forgotten(const bench::House& house) {
  std::set<std::string> known;
  for (const auto& command : commands(house.now()))
    if (command.words.size() > 1) known.insert(command.words[0] + " " + command.words[1]);
  const auto names = [](const std::string& help) {
    std::vector<std::string> names;
    std::istringstream lines{help};
    bool within = false;
    for (std::string line; std::getline(lines, line);) {
      if (line.ends_with(":")) within = line == "Commands:";
      if (within && line.size() > 3 && line.starts_with("  ") && line[2] != ' ')
        names.push_back(line.substr(2, line.find(' ', 2) - 2));
    }
    return names;
  };
  std::vector<std::string> missing;
  for (const auto& group : names(house.visitorctl({"--help"})))
    for (const auto& name : names(house.visitorctl({group, "--help"})))
      if (name == "list" && group != "config" && !known.contains(group + " list")) missing.push_back(group + " list");
  return missing;
}

double milliseconds_of(const std::function<void()>& what) {
  const auto start = Wall::now();
  what();
  return std::chrono::duration<double, std::milli>(Wall::now() - start).count();
}

/// The timers of the daemon, on the whole house.
void run_timers(bench::House& house) {
  house.work([](const app::Work& work) { app::run_timed_rules(work); });
  house.work([](const app::Work& work) { app::close_presumed_left(work); });
  house.work([](const app::Work& work) { app::mark_no_shows(work); });
}

/// Partitions with something in them. The others cost nothing, and no index could make that less.
std::vector<std::string> filled_partitions(bench::House& house) {
  std::vector<std::string> names;
  house.work([&](const app::Work& work) {
    for (const auto& row :
         work.tx.rows("SELECT c.relname::text AS name FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid "
                      "WHERE i.inhparent = 'access_event'::regclass AND pg_relation_size(c.oid) > 0"))
      names.push_back(row.get<std::string>("name"));
  });
  return names;
}

struct Pages {
  const char* name;
  int size;
  int count;
};
constexpr Pages kPages[] = {{"ingest of pages of 30", 30, 240}, {"ingest of pages of 500", 500, 6}};

class Scale {
 public:
  explicit Scale(const Options& options) : options_(options) {
    bench::populate(large_.pool().options().connection, options_.size, large_.now(),
                    [](const std::string& what) { fmt::print(stderr, "bench_scale: {}\n", what); });
    if (const auto missing = forgotten(large_); !missing.empty())
      throw Error(Errc::failed, fmt::format("no figure for '{}'", fmt::join(missing, "', '")),
                  "Add it to commands() in tests/bench/scale.");
  }

  int run() {
    world_of_large_.emplace(large_.pool(), large_.now());
    if (!options_.plans) {
      bench::House small;
      measure(small);
    }
    const auto wrong = check_plans();
    for (const auto& plan : wrong)
      fmt::print(stderr, "bench_scale: access_event is read from end to end by:\n{}\n", plan);
    figures_.push_back({"statements that read access_event from end to end", static_cast<double>(wrong.size()),
                        "of all", static_cast<double>(plans_), "statements that ran", bench::at_most(0)});
    bench::print("scale", figures_, options_.json);
    return options_.plans && !wrong.empty() ? 1 : 0;
  }

 private:
  void measure(bench::House& small) {
    bench::World world_of_small{small.pool(), small.now()};
    for (const auto& pages : kPages) {
      std::vector<double> large, nothing;
      for (int round = 0; round <= options_.rounds; ++round) {
        const auto one = [&](bench::House& house, bench::World& world, std::vector<double>& rates) {
          const auto next = world.next_pages(pages.count, pages.size, 10);
          house.script("CHECKPOINT");
          const auto took = milliseconds_of([&] { world.ingest(next); });
          if (round > 0) rates.push_back(1000.0 * pages.count * pages.size / took);
        };
        if (round % 2 == 0) one(small, world_of_small, nothing);
        one(large_, *world_of_large_, large);
        if (round % 2 == 1) one(small, world_of_small, nothing);
      }
      figures_.push_back({pages.name, bench::median(large), "events/s", bench::median(nothing), "an empty database",
                          bench::ratio_at_least(0.8)});
    }
    for (const auto& command : commands(large_.now())) {
      const auto time = [&](const bench::House& house) {
        std::vector<double> times;
        house.visitorctl(command.words);
        for (int round = 0; round < options_.rounds; ++round)
          times.push_back(milliseconds_of([&] { house.visitorctl(command.words); }));
        return bench::median(times);
      };
      // A number or a name that is only there in the large one: 'status' is the nearest of the small one.
      const bool needs_rows =
          command.words.back() == "4711" || command.words.back() == "77" || command.words.back() == "Turnstile 1";
      const auto nothing = needs_rows ? milliseconds_of([&] { small.visitorctl({"status"}); }) : time(small);
      figures_.push_back({fmt::format("visitorctl {}", command.name()), time(large_), "ms", nothing,
                          needs_rows ? "status on an empty database" : "an empty database",
                          bench::at_most(command.most_ms)});
    }
    figures_.push_back({"timed rules, presumed left, no-shows", milliseconds_of([&] { run_timers(large_); }), "ms",
                        milliseconds_of([&] { run_timers(small); }), "an empty database"});
  }

  /// Runs everything once more while the server writes down each plan. \returns the statements whose plan is wrong
  std::vector<std::string> check_plans() {
    // As they are before: the first page of a month finds that month's partition empty, and is right to read all of it.
    const auto filled = filled_partitions(large_);
    // For sessions that begin from now on.
    for (const auto* setting : {"session_preload_libraries = 'auto_explain'", "auto_explain.log_min_duration = 0",
                                "auto_explain.log_nested_statements = on"})
      large_.script(fmt::format("ALTER DATABASE visitor SET {}", setting));
    std::ifstream log{large_.server_log()};
    log.seekg(0, std::ios::end);

    large_.reconnect();
    world_of_large_->use(large_.pool());
    for (const auto& pages : kPages) world_of_large_->ingest(world_of_large_->next_pages(4, pages.size, 10));
    run_timers(large_);
    for (const auto& command : commands(large_.now())) large_.visitorctl(command.words);

    std::vector<std::string> wrong;
    std::string entry;
    const auto end_entry = [&] {
      if (entry.find("  plan:") == entry.npos) return;
      ++plans_;
      if (std::any_of(filled.begin(), filled.end(), [&](const std::string& name) {
            return entry.find(fmt::format("Seq Scan on {} ", name)) != entry.npos;
          }))
        wrong.push_back(entry);
    };
    for (std::string line; std::getline(log, line); entry += line + "\n") {
      // What goes on is indented.
      if (line.empty() || line.front() == '\t' || line.front() == ' ') continue;
      end_entry();
      entry.clear();
    }
    end_entry();
    if (plans_ == 0) throw Error(Errc::failed, "the server wrote down no plan", "Is auto_explain installed?");
    return wrong;
  }

  Options options_;
  bench::House large_;
  std::optional<bench::World> world_of_large_;
  std::vector<bench::Figure> figures_;
  int plans_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
  return bench::run_program("bench_scale", kUsage, argc, argv, parse,
                            [](const Options& options) { return Scale{options}.run(); });
}
