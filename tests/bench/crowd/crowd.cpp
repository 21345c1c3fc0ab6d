// One visitord and a hundred simulated terminals polled every two seconds, some of which hang, dribble, have a wrong
// clock or refuse the password: how soon an event of the others is a committed check-in, how well their schedule is
// kept, and what it costs.

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "app/registry.hpp"
#include "app/terminals.hpp"
#include "app/visits.hpp"
#include "core/clock.hpp"
#include "core/error.hpp"
#include "core/guarded.hpp"
#include "db/listener.hpp"
#include "store/journal.hpp"
#include "store/terminals.hpp"
#include "support/house.hpp"
#include "support/program.hpp"
#include "support/report.hpp"
#include "support/visitor_sim.hpp"
#include "support/words.hpp"

using namespace visitor;
using namespace std::chrono_literals;
using Steady = std::chrono::steady_clock;

namespace {

constexpr auto kUsage = R"(Usage: bench_crowd [options]
Prints how soon events become check-ins, how the schedule is kept, and what visitord costs.
  --terminals N   (100) of which 3 hang, 1 answers a byte a second, 1 has a wrong clock and 1 another password
  --idle S        seconds during which nothing moves (20)
  --walks N       events, at random moments (600)
  --for S         seconds in which they happen (30)
  --seed N        of the moments and doors (1)
  --json          one JSON object instead of the table
  --check         fails where an event is lost or doubled, or a good terminal is not polled as it should be
)";

struct Options {
  int terminals = 100;
  int idle = 20;
  int walks = 600;
  int time = 30;
  int seed = 1;
  bool json = false;
  bool check = false;
};

constexpr auto kInterval = 2s;
/// With --check, on a machine that is busy with other tests: this many intervals may pass without a poll.
constexpr int kPatience = 5;

std::optional<Options> parse(int argc, char** argv) {
  Options options;
  const bool good = bench::read_words(argc, argv,
                                      {{"--json", &options.json},
                                       {"--check", &options.check},
                                       {"--terminals", &options.terminals, 10, 10'000},
                                       {"--idle", &options.idle, 1, 10'000},
                                       {"--walks", &options.walks, 1, 10'000},
                                       {"--for", &options.time, 1, 10'000},
                                       {"--seed", &options.seed, 1, 10'000}});
  if (!good) return std::nullopt;
  return options;
}

/// What is wrong with a terminal.
enum class Trouble { none, hangs, dribbles, wrong_clock, wrong_password };

struct Door {
  std::unique_ptr<sim::Terminal> device;
  TerminalId id;
  std::string name;
  Trouble trouble = Trouble::none;
};

/// Every model of the list in turn.
std::vector<Door> make_doors(int count) {
  const auto known = sim::profiles();
  std::vector<Door> doors;
  for (int i = 0; i < count; ++i) {
    sim::TerminalOptions options;
    options.profile = known[static_cast<std::size_t>(i) % known.size()];
    options.unit_number = fmt::format("J{:08}", i + 1);
    options.password = "opensesame";
    options.threads = 3;
    auto& door = doors.emplace_back();
    door.device = std::make_unique<sim::Terminal>(options);
    door.device->start();
    door.name = fmt::format("{} {:03}", options.profile.name, i + 1);
  }
  return doors;
}

void spoil(std::vector<Door>& doors) {
  const auto hang = [](Door& door) { door.device->arm({.kind = sim::FaultKind::hang, .times = 0}); };
  const auto set = [&](std::size_t at, Trouble trouble, auto how) {
    doors[at].trouble = trouble;
    how(doors[at]);
  };
  set(1, Trouble::hangs, hang);
  set(2, Trouble::hangs, hang);
  set(3, Trouble::hangs, hang);
  set(4, Trouble::dribbles,
      [](Door& door) { door.device->arm({.kind = sim::FaultKind::slow, .times = 0, .pace = 1000ms}); });
  set(5, Trouble::wrong_clock, [](Door& door) { door.device->set_device_time(Instant{}); });
  set(6, Trouble::wrong_password, [](Door& door) { door.device->set_password("another"); });
}

/// Notes when each visit's check-in is seen to be committed.
class Arrivals {
 public:
  explicit Arrivals(bench::House& house)
      : house_(house), listener_(house.pool().options().connection, {"visitor_change"}) {
    listener_.wait(5s);
    house_.work([&](const app::Work& work) { cursor_ = store::JournalReader{work.tx}.cursor(); });
    thread_ = std::jthread{[this](const std::stop_token& stop) {
      while (!stop.stop_requested()) {
        listener_.wait(1s, stop);
        read();
      }
    }};
  }

  std::map<VisitId, Steady::time_point> seen() const {
    return seen_.with([](const auto& seen) { return seen; });
  }

 private:
  void read() {
    const auto now = Steady::now();
    house_.work([&](const app::Work& work) {
      for (;;) {
        const auto changes = store::JournalReader{work.tx}.changes(cursor_, 1000);
        for (const auto& change : changes) {
          cursor_ = change.id;
          if (change.topic == store::topic::kVisit)
            seen_.with([&](auto& seen) { seen.try_emplace(VisitId{change.entity}, now); });
        }
        if (changes.size() < 1000) return;
      }
    });
  }

  bench::House& house_;
  db::Listener listener_;
  ChangeId cursor_;
  Guarded<std::map<VisitId, Steady::time_point>> seen_;
  std::jthread thread_;
};

/// Looks at the devices' counters all the time: the longest pause between two polls of each.
class Schedule {
 public:
  explicit Schedule(const std::vector<Door>& doors) : pauses_(doors.size()) {
    thread_ = std::jthread{[this, &doors](const std::stop_token& stop) {
      std::vector<std::uint64_t> polls(doors.size());
      std::vector<Steady::time_point> at(doors.size(), Steady::now());
      for (std::size_t i = 0; i < doors.size(); ++i) polls[i] = doors[i].device->counters().searches;
      while (!stop.stop_requested()) {
        std::this_thread::sleep_for(50ms);
        const auto now = Steady::now();
        for (std::size_t i = 0; i < doors.size(); ++i) {
          const auto count = doors[i].device->counters().searches;
          const std::chrono::duration<double> pause = now - at[i];
          pauses_.with([&](auto& pauses) { pauses[i] = std::max(pauses[i], pause.count()); });
          if (count != polls[i]) at[i] = now;
          polls[i] = count;
        }
      }
    }};
  }

  /// In seconds, of each door.
  std::vector<double> longest_pauses() const {
    return pauses_.with([](const auto& pauses) { return pauses; });
  }

 private:
  Guarded<std::vector<double>> pauses_;
  std::jthread thread_;
};

struct Walk {
  VisitId visit;
  std::string employee_no;
  std::size_t door = 0;
  Steady::duration after{};
  Steady::time_point at;
};

class Crowd {
 public:
  explicit Crowd(const Options& options)
      : options_(options),
        random_(static_cast<std::uint32_t>(options.seed)),
        house_("[polling]\ninterval = \"2s\"\n"),
        doors_(make_doors(options.terminals)) {}

  int run() {
    bench::Daemon daemon{house_};
    wait_until("visitord is ready", 60s, [&] { return daemon.cpu_time().count() > 0; });
    std::this_thread::sleep_for(3s);
    const auto alone = watch(daemon, std::chrono::seconds{std::max(3, options_.idle / 4)});

    install();
    wait_until("every terminal is online", 60s,
               [&] { return in_state(domain::TerminalState::online) == doors_.size(); });
    std::this_thread::sleep_for(6s);
    const auto idle = watch(daemon, std::chrono::seconds{options_.idle});

    spoil(doors_);
    std::this_thread::sleep_for(4s);
    std::vector<double> delays;
    std::vector<double> pauses;
    {
      const Arrivals arrivals{house_};
      const Schedule schedule{doors_};
      play();
      wait_until(
          "every check-in is committed", 30s, [&] { return arrivals.seen().size() >= walks_.size(); }, false);
      pauses = schedule.longest_pauses();
      const auto seen = arrivals.seen();
      for (const auto& walk : walks_)
        if (const auto found = seen.find(walk.visit); found != seen.end())
          delays.push_back(std::chrono::duration<double>(found->second - walk.at).count());
    }
    const auto busy_resident = daemon.resident_mebibytes();
    std::vector<double> good;
    for (std::size_t i = 0; i < doors_.size(); ++i)
      if (doors_[i].trouble == Trouble::none) good.push_back(pauses[i]);

    const double interval = std::chrono::duration<double>(kInterval).count();
    bench::print(
        "crowd",
        {{"event to committed check-in, median", bench::median(delays), "s", interval / 2, "half the interval",
          bench::at_most(1.2)},
         {"event to committed check-in, 99 of 100", bench::quantile(delays, 0.99), "s", interval, "the interval"},
         {"event to committed check-in, worst", bench::quantile(delays, 1), "s", interval, "the interval",
          bench::at_most(2.5)},
         {"longest pause between two polls, median", bench::median(good), "s", interval, "the interval"},
         {"longest pause between two polls, worst", bench::quantile(good, 1), "s", interval, "the interval"},
         {"visitord's CPU while nothing moves", idle.cpu, "% of a core", alone.cpu, "without terminals",
          bench::at_most(15)},
         {"visitord's memory while nothing moves", idle.resident, "MiB", alone.resident, "without terminals",
          bench::at_most(40)},
         {"visitord's memory after the events", busy_resident, "MiB", alone.resident, "without terminals",
          bench::at_most(40)}},
        options_.json);
    return options_.check ? check(delays.size(), good) : 0;
  }

 private:
  struct Cost {
    double cpu;
    double resident;
  };

  static Cost watch(const bench::Daemon& daemon, std::chrono::seconds time) {
    const auto cpu = daemon.cpu_time();
    const auto start = Steady::now();
    std::this_thread::sleep_for(time);
    const std::chrono::duration<double> passed = Steady::now() - start;
    return {100 * (daemon.cpu_time() - cpu).count() / passed.count(), daemon.resident_mebibytes()};
  }

  template <class Holds>
  void wait_until(std::string_view what, std::chrono::seconds time, Holds&& holds, bool must = true) {
    const auto end = Steady::now() + time;
    while (!holds()) {
      if (Steady::now() > end) {
        if (!must) return;
        throw Error(Errc::failed, fmt::format("waited in vain until {}", what));
      }
      std::this_thread::sleep_for(100ms);
    }
  }

  void install() {
    house_.work([&](const app::Work& work) {
      app::NewSite site;
      site.name = "Here";
      site.time_zone = "Asia/Almaty";
      const auto here = app::add_site(work, site).id;
      for (auto& door : doors_) {
        app::NewTerminal terminal;
        terminal.site = here;
        terminal.name = door.name;
        terminal.base_url = door.device->url();
        terminal.password = Secret{std::string_view{"opensesame"}};
        door.id = app::add_terminal(work, house_.instance().vault(), terminal).terminal.id;
        app::set_door(work, {.terminal = door.id, .direction = domain::Direction::entry, .name = {}, .zone = {}});
      }
      for (int i = 0; i < options_.walks; ++i) {
        auto& walk = walks_.emplace_back();
        walk.employee_no = std::to_string(10'001 + i);
        app::NewGuest guest;
        guest.name = "Guest " + walk.employee_no;
        guest.credentials.push_back({.value = walk.employee_no});
        app::NewVisit visit;
        visit.guest = app::add_guest(work, house_.instance().vault(), guest).guest.id;
        visit.expected_until = work.now + 8h;
        walk.visit = app::create_visit(work, visit).visit.id;
      }
    });
  }

  std::size_t in_state(domain::TerminalState state) {
    std::size_t count = 0;
    house_.work([&](const app::Work& work) {
      for (const auto& listed : app::list_terminals(work)) count += listed.terminal.state == state;
    });
    return count;
  }

  void play() {
    std::vector<std::size_t> good;
    for (std::size_t i = 0; i < doors_.size(); ++i)
      if (doors_[i].trouble == Trouble::none) good.push_back(i);
    const auto whole = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::seconds{options_.time});
    for (auto& walk : walks_) {
      walk.door = good[random_() % good.size()];
      walk.after = std::chrono::milliseconds{random_() % static_cast<std::uint32_t>(whole.count())};
    }
    std::sort(walks_.begin(), walks_.end(), [](const Walk& a, const Walk& b) { return a.after < b.after; });
    const auto start = Steady::now();
    for (auto& walk : walks_) {
      std::this_thread::sleep_until(start + walk.after);
      walk.at = Steady::now();
      doors_[walk.door].device->walk({{walk.employee_no, {}, {}}});
    }
  }

  /// \returns the exit status
  int check(std::size_t checked_in, const std::vector<double>& pauses) {
    std::vector<std::string> wrong;
    if (checked_in != walks_.size())
      wrong.push_back(fmt::format("{} of {} guests were checked in", checked_in, walks_.size()));
    const double longest = kPatience * std::chrono::duration<double>(kInterval).count();
    for (const auto pause : pauses)
      if (pause > longest) wrong.push_back(fmt::format("a good terminal was not polled for {:.1f} s", pause));
    const std::map<Trouble, domain::TerminalState> expected{{Trouble::none, domain::TerminalState::online},
                                                            {Trouble::hangs, domain::TerminalState::offline},
                                                            {Trouble::dribbles, domain::TerminalState::offline},
                                                            {Trouble::wrong_clock, domain::TerminalState::online},
                                                            {Trouble::wrong_password, domain::TerminalState::refused}};
    house_.work([&](const app::Work& work) {
      for (const auto& door : doors_) {
        const auto now = app::get_terminal(work, door.id).terminal;
        if (now.state != expected.at(door.trouble))
          wrong.push_back(fmt::format("terminal {} is {}: {}", door.name, domain::name(now.state), now.last_error));
      }
      for (const auto& row : work.tx.rows("SELECT id, version, entry_count FROM visit WHERE entry_count <> 1"))
        wrong.push_back(fmt::format("visit {}: {} entries", row.get<VisitId>("id"), row.get<int>("entry_count")));
    });
    for (const auto& line : wrong) fmt::print(stderr, "bench_crowd: {}\n", line);
    return wrong.empty() ? 0 : 1;
  }

  Options options_;
  std::mt19937 random_;
  bench::House house_;
  std::vector<Door> doors_;
  std::vector<Walk> walks_;
};

}  // namespace

int main(int argc, char** argv) {
  return bench::run_program("bench_crowd", kUsage, argc, argv, parse,
                            [](const Options& options) { return Crowd{options}.run(); });
}
