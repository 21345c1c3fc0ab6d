#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>
#include <map>
#include <random>
#include <set>

#include "archive/retention.hpp"
#include "core/process.hpp"
#include "support/manual_clock.hpp"

using namespace visitor;
using namespace visitor::archive;

namespace {

constexpr auto kZone = "America/New_York";
constexpr int kPolicies = 20, kHistoriesEach = 10;

const Instant kNewest = visitor::test::at("2026-11-20T12:00:00Z");

class Dice {
 public:
  explicit Dice(unsigned seed) : random_(seed) {}
  int below(int limit) { return static_cast<int>(random_() % static_cast<unsigned>(limit)); }

 private:
  std::mt19937 random_;
};

/// Nights with gaps, several on some days, or wild moments; each moment once.
std::vector<Copy> random_history(Dice& dice, const std::string& name) {
  std::set<Instant> moments;
  const int count = 1 + dice.below(50);
  const int kind = dice.below(3);
  const int reach_minutes = 60 * (1 + dice.below(3 * 366 * 24));
  for (int i = 0; i < count; ++i) {
    auto at = kNewest;
    if (kind == 0) at -= std::chrono::hours{24 * i * (1 + dice.below(3))};
    if (kind == 1) at -= std::chrono::hours{i * (1 + dice.below(12))} + std::chrono::minutes{dice.below(60)};
    if (kind == 2) at -= std::chrono::minutes{dice.below(reach_minutes)};
    moments.insert(at);
  }
  std::vector<Copy> copies;
  for (const auto at : moments) {
    Copy copy;
    copy.target = name;
    copy.started_at = at;
    copies.push_back(copy);
  }
  return copies;
}

struct Run {
  Policy policy;
  std::vector<std::string> words;
  std::vector<std::string> histories;
};

Run random_run(Dice& dice) {
  Run run;
  run.policy.min_verified = 0;
  const auto count = [&](const char* word, int Policy::*member, int most) {
    if (dice.below(3) != 0) return;
    run.policy.*member = 1 + dice.below(most);
    run.words.insert(run.words.end(), {word, std::to_string(run.policy.*member)});
  };
  count("--keep-last", &Policy::last, 10);
  count("--keep-hourly", &Policy::hourly, 30);
  count("--keep-daily", &Policy::daily, 20);
  count("--keep-weekly", &Policy::weekly, 12);
  count("--keep-monthly", &Policy::monthly, 15);
  count("--keep-yearly", &Policy::yearly, 4);
  const auto span = [&](const char* word, CalendarSpan Policy::*member) {
    if (dice.below(5) != 0) return;
    run.policy.*member = CalendarSpan{dice.below(2), dice.below(5), dice.below(30), 1 + dice.below(24)};
    run.words.insert(run.words.end(), {word, to_text(run.policy.*member)});
  };
  span("--keep-within", &Policy::within);
  span("--keep-within-hourly", &Policy::within_hourly);
  span("--keep-within-daily", &Policy::within_daily);
  span("--keep-within-weekly", &Policy::within_weekly);
  span("--keep-within-monthly", &Policy::within_monthly);
  span("--keep-within-yearly", &Policy::within_yearly);
  if (run.words.empty()) {
    run.policy.daily = 7;
    run.words = {"--keep-daily", "7"};
  }
  return run;
}

/// The numbers that restic keeps, for each run and each of its histories.
boost::json::array ask_restic(const std::map<std::string, std::vector<Copy>>& histories, const std::vector<Run>& runs) {
  const auto zone = Zone::named(kZone);
  boost::json::object task{{"zone", kZone}};
  boost::json::object& given = task["histories"].emplace_object();
  for (const auto& [name, copies] : histories) {
    boost::json::array times;
    for (const auto& copy : copies) times.emplace_back(zone.iso(copy.started_at));
    given[name] = std::move(times);
  }
  boost::json::array& asked = task["runs"].emplace_array();
  for (const auto& run : runs)
    asked.push_back(
        {{"policy", boost::json::value_from(run.words)}, {"histories", boost::json::value_from(run.histories)}});
  ProcessOptions options;
  options.argv = {"/usr/bin/python3", VISITOR_SOURCE_DIR "/tests/support/restic_forget.py"};
  options.input = boost::json::serialize(task);
  const auto said = run_process(options);
  BOOST_REQUIRE_MESSAGE(said.status == 0, said.err);
  return boost::json::parse(said.out).as_array();
}

bool only_as_oldest(const Verdict& verdict) {
  return std::ranges::all_of(verdict.reasons, [](const auto& reason) { return reason.starts_with("oldest "); });
}

}  // namespace

BOOST_AUTO_TEST_SUITE(restic)

// The known difference: restic 0.14, Debian's, does not keep the oldest snapshot for a rule that has some left, as 0.17
// and ours do. A copy that is kept for nothing else is one that this restic forgets.
BOOST_AUTO_TEST_CASE(two_hundred_histories_and_policies_give_what_restic_keeps) {
  Dice dice{20261123};
  std::map<std::string, std::vector<Copy>> histories;
  std::vector<Run> runs;
  for (int policy = 0; policy < kPolicies; ++policy) {
    runs.push_back(random_run(dice));
    for (int number = 0; number < kHistoriesEach; ++number) {
      const auto name = fmt::format("h{}-{}", policy, number);
      histories[name] = random_history(dice, name);
      runs.back().histories.push_back(name);
    }
  }
  const auto answers = ask_restic(histories, runs);
  BOOST_REQUIRE_EQUAL(answers.size(), runs.size());

  const auto zone = Zone::named(kZone);
  int compared = 0, removed = 0, as_oldest = 0;
  for (std::size_t i = 0; i < runs.size(); ++i)
    for (const auto& name : runs[i].histories) {
      const auto& copies = histories.at(name);
      const auto verdicts = judge(copies, runs[i].policy, zone, kNewest);
      std::vector<int> ours;
      for (std::size_t number = 0; number < copies.size(); ++number) {
        if (!verdicts[number].keep) ++removed;
        if (verdicts[number].keep && only_as_oldest(verdicts[number])) {
          BOOST_TEST(number == 0U, "only the oldest is kept as the oldest");
          ++as_oldest;
        } else if (verdicts[number].keep) {
          ours.push_back(static_cast<int>(number));
        }
      }
      const auto theirs = boost::json::value_to<std::vector<int>>(answers[i].at(name));
      BOOST_TEST(ours == theirs, fmt::format("{} with {}: ours {}, restic {}", name, fmt::join(runs[i].words, " "),
                                             fmt::join(ours, " "), fmt::join(theirs, " ")));
      ++compared;
    }
  BOOST_TEST(compared == 200);
  // Neither side had it easy.
  BOOST_TEST(removed > 1000);
  BOOST_TEST(as_oldest > 10);
}

BOOST_AUTO_TEST_SUITE_END()
