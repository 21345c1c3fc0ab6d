// Ten thousand alerts to a thousand chats: the dispatcher, its store and the pacer of Telegram as they are, with a
// channel that answers at once and a clock that jumps from one step to the next. The schedule is held against what
// Telegram's limits allow at best; how long the work itself took is printed beside it.
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

using namespace visitor;

namespace {

using std::chrono::duration;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr auto kUsage = "usage: bench_alerts [--json]\n";
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

/// Telegram, if it answered at once.
class Paced final : public notify::Channel {
 public:
  explicit Paced(const Clock& clock) : clock_(clock) {}
  domain::Channel name() const override { return domain::Channel::telegram; }
  std::vector<std::string> render(const notify::Message& message) const override { return {message.subject}; }
  notify::Outcome send(const notify::Message& message, std::stop_token) override {
    const auto now = clock_.now();
    limits_.count(message.recipient, now);
    pacer_.answered(message.recipient, now);
    last_ = now;
    ++sent;
    return notify::Delivered{std::to_string(sent)};
  }
  Instant ready_at(const std::string& recipient, Instant now) const override { return pacer_.ready_at(recipient, now); }
  Instant last() const { return last_; }
  int sent = 0;

 private:
  const Clock& clock_;
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
  /// No schedule is shorter: by the bot's limit and by that of the chat with the most messages.
  duration<double> shortest() const {
    std::map<std::string, std::size_t> of_chat;
    for (const auto& alert : alerts)
      for (const auto& chat : alert) ++of_chat[chat];
    double longest = static_cast<double>((messages() - 1) / 30);
    for (const auto& [chat, count] : of_chat)
      longest = std::max(longest, notify::is_telegram_group(chat) ? static_cast<double>((count - 1) / 20 * 60)
                                                                  : static_cast<double>(count - 1));
    return duration<double>{longest};
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

Run run(bench::House& house, const Plan& plan) {
  const auto begin = std::chrono::floor<seconds>(house.now()) - std::chrono::hours{12};
  house.work([&](const app::Work& work) {
    store::Alerts alerts{work.tx};
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
  Paced channel{clock};
  const app::Dispatch dispatch{house.pool(), house.settings(), house.actor(), clock};
  const std::string holder = "bench:1:a";
  app::ChannelSender sender{dispatch, channel,
                            [](const app::Work&, const store::DueDelivery&) { return notify::Message{}; }, holder, 1};
  const auto total = static_cast<int>(plan.messages());
  std::optional<double> early;
  std::optional<Instant> held_until;
  const auto real_begin = std::chrono::steady_clock::now();
  while (channel.sent < total) {
    if (!held_until || clock.now() >= *held_until) {
      if (!app::hold_channel(dispatch, channel.name(), holder)) throw Error(Errc::conflict, "somebody else sends");
      held_until = clock.now() + app::kChannelLease / 2;
    }
    const auto step = sender.step();
    if (step.next > clock.now()) clock.set(std::min(step.next, *held_until));
    if (!early && channel.sent >= total / 5) early = resident_mebibytes();
  }
  sender.finish();
  app::release_channel(dispatch, channel.name(), holder);
  const duration<double> work = std::chrono::steady_clock::now() - real_begin;
  return {duration<double>(channel.last() - begin).count(), work.count(), resident_mebibytes() - early.value_or(0)};
}

std::optional<bool> parse(int argc, char** argv) {
  if (argc == 1) return false;
  if (argc == 2 && std::string_view{argv[1]} == "--json") return true;
  return std::nullopt;
}

void measure(bool json) {
  bench::House house;
  std::vector<bench::Figure> figures;
  for (const auto& plan : plans()) {
    const auto ran = run(house, plan);
    const auto shortest = plan.shortest().count();
    figures.push_back({plan.name, ran.schedule_s, "s", shortest, "the limits allow", bench::ratio_at_most(kOptimal)});
    figures.push_back({"the same, work of one sender", ran.work_s, "s", ran.schedule_s, "its schedule", {}});
    figures.push_back(
        {"the same, memory grown", ran.grown_mebibytes, "MiB", kFlatMebibytes, "flat", bench::ratio_at_most(1)});
  }
  bench::print("alerts", figures, json);
}

}  // namespace

int main(int argc, char** argv) {
  return bench::run_program("bench_alerts", kUsage, argc, argv, parse, [](bool json) {
    measure(json);
    return 0;
  });
}
