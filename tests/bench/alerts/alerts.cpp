// Ten thousand alerts to a thousand chats: the dispatcher, its store and the pacer of Telegram as they are, with a
// channel whose answers take as long as the way there and back, and a clock that jumps from one step to the next. The
// schedule is held against what Telegram's limits allow at best; how long the work itself took is printed beside it.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <deque>
#include <fstream>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/dispatch.hpp"
#include "core/error.hpp"
#include "core/guarded.hpp"
#include "notify/telegram_pacer.hpp"
#include "store/alerts.hpp"
#include "support/house.hpp"
#include "support/program.hpp"
#include "support/report.hpp"
#include "support/words.hpp"

using namespace visitor;

namespace {

using std::chrono::duration;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr auto kUsage = R"(Usage: bench_alerts [--only N] [--json]
Prints how long ten thousand alerts to a thousand chats take, beside what Telegram's limits allow at best.
  --only N  this case only, of 4
  --json    one JSON object instead of the table
)";

struct Options {
  int only = 0;
  bool json = false;
};

constexpr int kChats = 1'000;
constexpr int kAlerts = 10;  // for each of them
constexpr double kOptimal = 1.05;
constexpr double kFlatMebibytes = 4;

class JumpingClock final : public Clock {
 public:
  explicit JumpingClock(Instant now) : now_(now) {}
  Instant now() const override {
    return now_.with([](Instant now) { return now; });
  }
  void set(Instant to) {
    now_.with([&](Instant& now) { now = to; });
  }

 private:
  Guarded<Instant> now_;
};

/// Counts as Telegram's server does, and throws where a limit is passed.
class Limits {
 public:
  void count(const std::string& chat, Instant at) {
    hold(bot_, at, 30, seconds{1});
    auto& times = chats_[chat];
    hold(times, at, notify::is_telegram_group(chat) ? 20 : 1,
         notify::is_telegram_group(chat) ? seconds{60} : seconds{1});
  }

 private:
  static void hold(std::deque<Instant>& times, Instant at, std::size_t most, seconds window) {
    while (!times.empty() && times.front() <= at - window) times.pop_front();
    if (times.size() >= most) throw Error(Errc::integrity, "a limit of Telegram was passed");
    times.push_back(at);
  }
  std::deque<Instant> bot_;
  std::map<std::string, std::deque<Instant>> chats_;
};

/// Telegram at some distance. Asked at the moment of its answer: the message was begun at reserve(), and counted half
/// way.
class Paced final : public notify::Channel {
 public:
  Paced(const Clock& clock, milliseconds way) : clock_(clock), way_(way) {}
  domain::Channel name() const override { return domain::Channel::telegram; }
  std::vector<std::string> render(const notify::Message& message) const override { return {message.subject}; }
  std::size_t hands() const override { return 4; }
  notify::Outcome send(const notify::Message& message, std::stop_token) override {
    const auto now = clock_.now();
    limits_.count(message.recipient, now - way_ / 2);
    pacer_.answered(message.recipient, now);
    last_ = now;
    ++sent;
    return notify::Delivered{std::to_string(sent)};
  }
  Instant ready_at(const std::string& recipient, Instant now) const override { return pacer_.ready_at(recipient, now); }
  Instant last_at(const std::string& recipient, std::size_t count, Instant now) const override {
    return pacer_.last_at(recipient, count, now);
  }
  void reserve(const std::string& recipient) override { pacer_.begun(recipient); }
  Instant last() const { return last_; }
  int sent = 0;

 private:
  const Clock& clock_;
  milliseconds way_;
  notify::TelegramPacer pacer_;
  Limits limits_;
  Instant last_;
};

struct Plan {
  std::string name;
  /// To whom each alert goes, in the order in which they are made.
  std::vector<std::vector<std::string>> alerts;

  std::size_t messages() const {
    std::size_t count = 0;
    for (const auto& alert : alerts) count += alert.size();
    return count;
  }
  /// No schedule is shorter, up to the last answer: by the bot's limit and by that of the chat with the most messages.
  /// When a message was counted is known by its answer only, so that a window begins anew after that.
  duration<double> shortest(duration<double> way) const {
    std::map<std::string, std::size_t> of_chat;
    for (const auto& alert : alerts)
      for (const auto& chat : alert) ++of_chat[chat];
    const auto windows = [&](std::size_t count, std::size_t most, seconds window) {
      return static_cast<double>((count - 1) / most) * (window + way);
    };
    auto longest = windows(messages(), 30, seconds{1});
    for (const auto& [chat, count] : of_chat)
      longest = std::max(
          longest, notify::is_telegram_group(chat) ? windows(count, 20, seconds{60}) : windows(count, 1, seconds{1}));
    return longest + way;
  }
};

std::vector<Plan> plans() {
  Plan even{"10 alerts, each to 1,000 chats", {}};
  for (int i = 0; i < kAlerts; ++i) {
    even.alerts.emplace_back();
    for (int chat = 1; chat <= kChats; ++chat) even.alerts.back().push_back(std::to_string(chat));
  }
  // Each chat's alerts in a row; a fifth of the chats are groups, and one in a hundred has twenty times its share.
  Plan uneven{"10,000 alerts, chat after chat", {}};
  for (int chat = 1; uneven.alerts.size() < std::size_t{kChats} * kAlerts; ++chat) {
    const auto id = std::to_string(chat % 5 == 0 ? -chat : chat);
    for (int i = 0; i < (chat % 100 == 1 ? 20 * kAlerts : kAlerts); ++i) uneven.alerts.push_back({id});
  }
  return {even, uneven};
}

double resident_mebibytes() {
  std::ifstream status{"/proc/self/statm"};
  double pages = 0, resident = 0;
  status >> pages >> resident;
  return resident * static_cast<double>(sysconf(_SC_PAGESIZE)) / (1 << 20);
}

struct Run {
  double schedule_s = 0;  ///< by the simulated clock
  double work_s = 0;      ///< by the real one
  double grown_mebibytes = 0;
};

Run run(bench::House& house, const Plan& plan, milliseconds way) {
  const auto begin = std::chrono::floor<seconds>(house.now()) - std::chrono::hours{12};
  house.work([&](const app::Work& work) {
    store::Alerts alerts{work.tx, domain::Scope::everything()};
    domain::Alert alert;
    alert.kind = domain::AlertKind::test;
    alert.created_at = begin;
    for (const auto& chats : plan.alerts) {
      std::vector<store::Address> to;
      for (const auto& chat : chats) to.push_back({domain::Channel::telegram, chat});
      alerts.queue(alert, to);
    }
  });
  house.script("ANALYZE delivery");

  JumpingClock clock{begin};
  Paced channel{clock, way};
  const app::Dispatch dispatch{house.pool(), house.settings(), house.actor(), clock};
  const std::string holder = "bench:1:a";
  app::ChannelSender sender{dispatch, channel,
                            [](const app::Work&, const store::DueDelivery&) { return notify::Message{}; }, holder, 1};
  const auto total = static_cast<int>(plan.messages());
  std::optional<double> early;
  std::optional<Instant> held_until;
  const auto real_begin = std::chrono::steady_clock::now();
  std::vector<std::optional<Instant>> answer_at(sender.hands());
  Instant next = begin;
  const auto prepare = [&](std::size_t hand) {
    const auto step = sender.prepare(hand);
    next = step.next;
    if (step.claimed) answer_at[hand] = clock.now() + way;
  };
  while (channel.sent < total) {
    if (!held_until || clock.now() >= *held_until) {
      if (!app::hold_channel(dispatch, channel.name(), holder)) throw Error(Errc::conflict, "somebody else sends");
      held_until = clock.now() + app::kChannelLease / 2;
    }
    auto wake = *held_until;
    for (std::size_t hand = 0; hand < sender.hands(); ++hand) {
      if (answer_at[hand] && *answer_at[hand] <= clock.now()) {
        sender.send(hand);
        answer_at[hand].reset();
        prepare(hand);
      } else if (!answer_at[hand] && next <= clock.now()) {
        prepare(hand);
      }
    }
    for (const auto& at : answer_at) wake = std::min(wake, at ? *at : next);
    if (wake > clock.now()) clock.set(wake);
    if (!early && channel.sent >= total / 5) early = resident_mebibytes();
  }
  for (std::size_t hand = 0; hand < sender.hands(); ++hand) sender.finish(hand);
  app::release_channel(dispatch, channel.name(), holder);
  const duration<double> work = std::chrono::steady_clock::now() - real_begin;
  return {duration<double>(channel.last() - begin).count(), work.count(), resident_mebibytes() - early.value_or(0)};
}

std::optional<Options> parse(int argc, char** argv) {
  Options options;
  const bool good = bench::read_words(argc, argv, {{"--json", &options.json}, {"--only", &options.only, 1, 4}});
  if (!good) return std::nullopt;
  return options;
}

void measure(const Options& options) {
  // What the disk takes is not the schedule's.
  bench::House house{"", {{"synchronous_commit", "off"}}};
  std::vector<bench::Figure> figures;
  int number = 0;
  for (const auto& plan : plans())
    for (const auto way : {milliseconds{0}, milliseconds{50}}) {
      ++number;
      if (options.only != 0 && options.only != number) continue;
      const auto ran = run(house, plan, way);
      const auto name = way.count() == 0 ? plan.name : fmt::format("{}, over a way of {} ms", plan.name, way.count());
      figures.push_back(
          {name, ran.schedule_s, "s", plan.shortest(way).count(), "the limits allow", bench::ratio_at_most(kOptimal)});
      figures.push_back(
          {"the same, messages", static_cast<double>(plan.messages()) / ran.schedule_s, "1/s", 30, "of the bot", {}});
      figures.push_back({"the same, work", ran.work_s, "s", ran.schedule_s, "its schedule", {}});
      figures.push_back(
          {"the same, memory grown", ran.grown_mebibytes, "MiB", kFlatMebibytes, "flat", bench::ratio_at_most(1)});
    }
  bench::print("alerts", figures, options.json);
}

}  // namespace

int main(int argc, char** argv) {
  return bench::run_program("bench_alerts", kUsage, argc, argv, parse, [](const Options& options) {
    measure(options);
    return 0;
  });
}
