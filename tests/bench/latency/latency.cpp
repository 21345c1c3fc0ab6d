// How soon what happens at a terminal is a message in somebody's chat: a simulated terminal, visitord as it is, and a
// strict Bot API server that says when it took the message. Asked for with `visitorctl terminal poll-now`, and with
// nothing but polling every two seconds.
#include <fmt/format.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "app/registry.hpp"
#include "app/terminals.hpp"
#include "core/error.hpp"
#include "core/file.hpp"
#include "support/house.hpp"
#include "support/program.hpp"
#include "support/report.hpp"
#include "support/telegram_fake/server.hpp"
#include "support/temporary_folder.hpp"
#include "support/visitor_sim.hpp"
#include "support/words.hpp"

using namespace visitor;
using namespace std::chrono_literals;

namespace {

constexpr auto kUsage = R"(Usage: bench_latency [--events N] [--json]
Prints how soon an event at a terminal is a message that Telegram has taken.
  --events N  of each kind (20)
  --json      one JSON object instead of the table
)";

struct Options {
  int events = 20;
  bool json = false;
};

std::optional<Options> parse(int argc, char** argv) {
  Options options;
  const bool good = bench::read_words(argc, argv, {{"--json", &options.json}, {"--events", &options.events, 1, 1'000}});
  if (!good) return std::nullopt;
  return options;
}

constexpr std::int64_t kChat = 42;
constexpr const char* kDoor = "front";

/// A building whose guests have no visit: each who comes in is an incident, and the duty's chat is told.
class Building {
 public:
  Building(std::string_view interval, int guests) : house_(config(interval)) {
    fake_.with([](telegram_fake::State& state) { state.add_chat(kChat); });
    device_.start();
    house_.work([&](const app::Work& work) {
      app::NewSite site;
      site.name = "Here";
      site.time_zone = "Asia/Almaty";
      app::NewTerminal terminal;
      terminal.site = app::add_site(work, site).id;
      terminal.name = kDoor;
      terminal.base_url = device_.url();
      terminal.password = Secret{std::string_view{"opensesame"}};
      const auto id = app::add_terminal(work, house_.instance().vault(), terminal).terminal.id;
      app::set_door(work, {.terminal = id, .direction = domain::Direction::entry, .name = {}, .zone = {}});
      for (int i = 0; i < guests; ++i) {
        app::NewGuest guest;
        guest.credentials.push_back({.value = std::to_string(kFirst + i)});
        guest.name = "Guest " + guest.credentials.front().value;
        app::add_guest(work, house_.instance().vault(), guest);
      }
    });
    daemon_.emplace(house_);
    const auto end = std::chrono::steady_clock::now() + 60s;
    while (!is_online()) {
      if (std::chrono::steady_clock::now() > end) throw Error(Errc::failed, "the terminal does not come online");
      std::this_thread::sleep_for(100ms);
    }
  }

  /// Seconds from the pass to the message, of each.
  std::vector<double> measure(int events, bool poke) {
    std::mt19937 random{1};
    std::vector<double> delays;
    for (int i = 0; i < events; ++i) {
      // Past the second that a chat must wait, at any moment of the interval.
      std::this_thread::sleep_for(1100ms + std::chrono::milliseconds{poke ? 0 : random() % 2'000});
      const auto before = fake_.shown(kChat).size();
      const telegram_fake::Time at = std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
      device_.walk({{std::to_string(kFirst + i), {}, {}}});
      if (poke) house_.visitorctl({"--quiet", "terminal", "poll-now", kDoor});
      delays.push_back(std::chrono::duration<double>(next_message(before) - at).count());
    }
    return delays;
  }

 private:
  static constexpr int kFirst = 10'001;

  std::string config(std::string_view interval) {
    const auto token = folder_.path / "bot.token";
    write_file(token, fake_.token() + "\n", 0600);
    return fmt::format(
        "[polling]\ninterval = \"{}\"\n\n[alerts]\nstorm_limit = 1000\n\n"
        "[telegram]\ntoken_file = \"{}\"\nbase_url = \"{}\"\n\n"
        "[[recipient]]\nname = \"duty\"\ntelegram = \"{}\"\n\n[[route]]\nname = \"all\"\nto = [\"duty\"]\n",
        interval, token.string(), fake_.url(), kChat);
  }

  bool is_online() {
    bool online = false;
    house_.work([&](const app::Work& work) {
      for (const auto& listed : app::list_terminals(work))
        online = listed.terminal.state == domain::TerminalState::online;
    });
    return online;
  }

  telegram_fake::Time next_message(std::size_t before) const {
    const auto end = std::chrono::steady_clock::now() + 60s;
    for (;;) {
      const auto shown = fake_.shown(kChat);
      if (shown.size() > before + 1) throw Error(Errc::integrity, "an event is told by more than one message");
      if (shown.size() == before + 1) return shown.back().at;
      if (std::chrono::steady_clock::now() > end) throw Error(Errc::delivery, "an event is not told");
      std::this_thread::sleep_for(5ms);
    }
  }

  test::TemporaryFolder folder_;
  telegram_fake::Server fake_;
  sim::Terminal device_{{.password = "opensesame"}};
  bench::House house_;
  std::optional<bench::Daemon> daemon_;
};

void measure(const Options& options) {
  const auto poked = Building{"1m", options.events}.measure(options.events, true);
  const auto polled = Building{"2s", options.events}.measure(options.events, false);
  bench::print(
      "latency",
      {{"event to message, poll-now, median", bench::median(poked), "s", 1, "asked for", bench::at_most(1)},
       {"event to message, poll-now, worst", bench::quantile(poked, 1), "s", 1, "asked for"},
       {"event to message, polled every 2 s, median", bench::median(polled), "s", 2, "the interval", bench::at_most(3)},
       {"event to message, polled every 2 s, worst", bench::quantile(polled, 1), "s", 2, "the interval"}},
      options.json);
}

}  // namespace

int main(int argc, char** argv) {
  return bench::run_program("bench_latency", kUsage, argc, argv, parse, [](const Options& options) {
    measure(options);
    return 0;
  });
}
