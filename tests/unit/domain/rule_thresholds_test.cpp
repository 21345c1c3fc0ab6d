#include <boost/test/unit_test.hpp>

#include <array>
#include <functional>
#include <set>

#include "domain/rules.hpp"
#include "given.hpp"

/// Each rule just below, at and just above each of its thresholds, on an ordinary noon, across midnight and across both
/// changes of the clock. A rule without a row in probes() fails the first test.
using namespace visitor;
using namespace visitor::domain;
using namespace visitor::test;
using namespace std::chrono_literals;

namespace {

constexpr auto kStep = 1us;
constexpr GuestId kGuest{7};
constexpr VisitId kVisit{42};

/// What rules look at, at one site.
struct Scene {
  Zone zone = Zone::utc();
  RuleSettings settings;
  Instant now{};
  std::vector<PassageFact> passages{};
  std::vector<MoveFact> moves{};
  std::vector<DenialFact> denials{};
  std::vector<AlarmFact> alarms{};
  std::vector<BlockedFact> blocked{};
  std::vector<GapFact> gaps{};
  std::vector<PresenceFact> inside{};
  std::vector<TerminalFact> terminals{};

  EventKey key(Instant at) {
    const auto count = passages.size() + moves.size() + denials.size() + alarms.size();
    return {kTerminal, 1, static_cast<std::int64_t>(count) + 1, at, 5, 75};
  }
  void pass(Instant at, StepKind kind, Direction direction = Direction::entry) {
    passages.push_back({kGuest, kSite, kTerminal, direction, {key(at), kind, kVisit}});
  }
  void move(Instant at, Direction direction) { moves.push_back({key(at), kSite, kGuest, direction, kVisit, true}); }
  void deny(Instant at) { denials.push_back({key(at), kSite, "card:00123", {}, true}); }
  void alarm(Instant at, AlarmKind kind) { alarms.push_back({key(at), kSite, kind, 1, "door:3/1", "Lobby", {}}); }
  TerminalFact& terminal() {
    auto& fact = terminals.emplace_back();
    fact.id = kTerminal;
    fact.site = kSite;
    fact.name = "Lobby";
    return fact;
  }

  std::vector<Finding> look(IncidentType type) const {
    const std::vector<SiteRules> sites{{kSite, zone, {}, settings}};
    RuleInput input{now, sites};
    input.passages = passages;
    input.moves = moves;
    input.denials = denials;
    input.alarms = alarms;
    input.blocked = blocked;
    input.gaps = gaps;
    input.inside = inside;
    input.terminals = terminals;
    std::vector<Finding> found;
    for (const auto trigger : {Trigger::events, Trigger::timer})
      for (auto& finding : domain::look(input, trigger))
        if (finding.type == type) found.push_back(std::move(finding));
    return found;
  }
};

/// One threshold of one rule.
struct Probe {
  IncidentType type;
  const char* threshold;
  /// Sets the scene around a moment, the threshold missed by so many steps: -1 below, 0 at, 1 above.
  std::function<void(Scene&, Instant around, int by)> set;
  std::array<bool, 3> speaks;  ///< below, at, above
};

/// Where there is nothing to measure: the thing is there, or something like it is.
Probe on_event(IncidentType type, std::function<void(Scene&, Instant around, bool it)> set) {
  return {type,
          "the event itself",
          [set](Scene& scene, Instant around, int by) { set(scene, around, by >= 0); },
          {false, true, true}};
}
Probe on_alarm(IncidentType type, AlarmKind kind, AlarmKind other) {
  return on_event(type, [=](Scene& scene, Instant at, bool it) { scene.alarm(at, it ? kind : other); });
}

Instant on_that_day(const Scene& scene, Instant around, std::chrono::minutes clock) {
  return scene.zone.instant(std::chrono::floor<std::chrono::days>(scene.zone.local(around)) + clock);
}

const std::vector<Probe>& probes() {
  static const std::vector<Probe> kProbes{
      on_event(IncidentType::exit_without_entry,
               [](Scene& scene, Instant at, bool it) {
                 scene.pass(at, it ? StepKind::exit_without_entry : StepKind::checked_out, Direction::exit);
               }),
      {IncidentType::long_stay,
       "long_stay",
       [](Scene& scene, Instant around, int by) {
         const auto came = around - scene.settings.long_stay / 2;
         scene.inside = {{kVisit, kGuest, kSite, came, came + 24h}};
         scene.now = came + scene.settings.long_stay + by * kStep;
       },
       {false, false, true}},
      {IncidentType::overstay,
       "overstay",
       [](Scene& scene, Instant around, int by) {
         const auto until = around - scene.settings.overstay / 2;
         scene.inside = {{kVisit, kGuest, kSite, until - 1h, until}};
         scene.now = until + scene.settings.overstay + by * kStep;
       },
       {false, false, true}},
      {IncidentType::suspicious_time,
       "day_begins",
       [](Scene& scene, Instant around, int by) {
         scene.pass(on_that_day(scene, around, scene.settings.day_begins) + by * kStep, StepKind::checked_in);
       },
       {true, false, false}},
      {IncidentType::suspicious_time,
       "day_ends",
       [](Scene& scene, Instant around, int by) {
         scene.pass(on_that_day(scene, around, scene.settings.day_ends) + by * kStep, StepKind::checked_in);
       },
       {false, true, true}},
      {IncidentType::multiple_failed_access,
       "failed_access_count",
       [](Scene& scene, Instant around, int by) {
         for (int i = 0; i < scene.settings.failed_access_count + by; ++i) scene.deny(around - 1s + i * 1s);
       },
       {false, true, true}},
      {IncidentType::multiple_failed_access,
       "failed_access_window",
       [](Scene& scene, Instant around, int by) {
         const auto first = around - scene.settings.failed_access_window / 2;
         for (int i = 1; i < scene.settings.failed_access_count; ++i) scene.deny(first);
         scene.deny(first + scene.settings.failed_access_window + by * kStep);
       },
       {true, true, false}},
      {IncidentType::repeated_exit_entry,
       "exit_entry_count",
       [](Scene& scene, Instant around, int by) {
         for (int i = 0; i <= scene.settings.exit_entry_count + by; ++i)
           scene.move(around - 10s + i * 5s, i % 2 == 0 ? Direction::entry : Direction::exit);
       },
       {false, true, true}},
      {IncidentType::repeated_exit_entry,
       "exit_entry_window",
       [](Scene& scene, Instant around, int by) {
         const auto first = around - scene.settings.exit_entry_window / 2;
         scene.move(first - 1h, Direction::entry);
         scene.move(first, Direction::exit);
         for (int i = 1; i < scene.settings.exit_entry_count - 1; ++i)
           scene.move(first + i * 1s, i % 2 == 0 ? Direction::exit : Direction::entry);
         scene.move(first + scene.settings.exit_entry_window + by * kStep, Direction::entry);
       },
       {true, true, false}},
      on_event(IncidentType::entry_without_visit,
               [](Scene& scene, Instant at, bool it) {
                 scene.pass(at, it ? StepKind::entry_without_visit : StepKind::checked_in);
               }),
      on_event(
          IncidentType::blocked_guest,
          [](Scene& scene, Instant at, bool it) {
            const auto site = it ? kSite : kOtherSite;
            scene.blocked = {{kGuest, site, at, BlockedFact::How::passed, {}, EventKey{kTerminal, 1, 1, at, 5, 75}}};
          }),
      on_alarm(IncidentType::duress, AlarmKind::duress, AlarmKind::tamper),
      on_alarm(IncidentType::door_forced, AlarmKind::door_forced, AlarmKind::door_held),
      on_alarm(IncidentType::door_held, AlarmKind::door_held, AlarmKind::door_forced),
      on_alarm(IncidentType::tamper, AlarmKind::tamper, AlarmKind::none),
      {IncidentType::terminal_offline,
       "terminal_offline",
       [](Scene& scene, Instant around, int by) {
         auto& terminal = scene.terminal();
         terminal.last_answer_at = around - scene.settings.terminal_offline / 2;
         scene.now = *terminal.last_answer_at + scene.settings.terminal_offline + by * kStep;
       },
       {false, true, true}},
      on_event(IncidentType::event_gap,
               [](Scene& scene, Instant at, bool it) {
                 scene.gaps = {{kTerminal, it ? kSite : kOtherSite, "Lobby", 1, 101, 105, at}};
               }),
      {IncidentType::clock_drift,
       "clock_drift",
       [](Scene& scene, Instant around, int by) {
         scene.now = around;
         scene.terminal().clock_offset = scene.settings.clock_drift + by * 1ms;
       },
       {false, false, true}},
      {IncidentType::clock_drift,
       "clock_drift",
       [](Scene& scene, Instant around, int by) {
         scene.now = around;
         scene.terminal().clock_offset = -(scene.settings.clock_drift + by * 1ms);
       },
       {false, false, true}},
      {IncidentType::capacity,
       "capacity",
       [](Scene& scene, Instant around, int by) {
         scene.settings.capacity = 3;
         scene.now = around + 1min;
         for (int i = 0; i < scene.settings.capacity + by; ++i)
           scene.inside.push_back({VisitId{i + 1}, GuestId{i + 1}, kSite, around - 1min + i * 1s, around + 8h});
       },
       {false, false, true}},
  };
  return kProbes;
}

struct Around {
  const char* zone;
  const char* moment;
  const char* what;
};
constexpr std::array kAround{
    Around{"Asia/Almaty", "2026-09-01T07:00:00Z", "noon"},
    Around{"Asia/Almaty", "2026-09-01T19:00:00Z", "midnight, where no clock is ever changed"},
    Around{"Asia/Almaty", "2026-12-31T19:00:00Z", "the year's end"},
    Around{"Europe/Berlin", "2026-09-01T22:00:00Z", "midnight"},
    Around{"Europe/Berlin", "2026-03-29T01:00:00Z", "02:00 becomes 03:00"},
    Around{"Europe/Berlin", "2026-10-25T01:00:00Z", "03:00 becomes 02:00"},
    Around{"America/New_York", "2026-09-02T04:00:00Z", "midnight"},
    Around{"America/New_York", "2026-03-08T07:00:00Z", "02:00 becomes 03:00"},
    Around{"America/New_York", "2026-11-01T06:00:00Z", "02:00 becomes 01:00"},
};

std::set<std::string_view> thresholds_of(const Rule& rule) {
  return {rule.thresholds.begin(), rule.thresholds.end()};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(thresholds_of_rules)

BOOST_AUTO_TEST_CASE(every_rule_and_every_threshold_of_it_is_probed) {
  for (const auto& rule : rules()) {
    BOOST_TEST_CONTEXT(name(rule.type)) {
      std::set<std::string_view> probed;
      bool any = false;
      for (const auto& probe : probes()) {
        if (probe.type != rule.type) continue;
        any = true;
        probed.insert(probe.threshold);
      }
      BOOST_TEST(any);
      for (const auto threshold : thresholds_of(rule)) BOOST_TEST(probed.contains(threshold), threshold);
    }
  }
  // `other` is opened by a person, and `backup` by the watch over backups.
  BOOST_TEST(rules().size() == names<IncidentType>().size() - 2);
}

BOOST_AUTO_TEST_CASE(each_rule_keeps_its_threshold_at_noon_across_midnight_and_across_changes_of_the_clock) {
  for (const auto& probe : probes()) {
    for (const auto& [zone, moment, what] : kAround) {
      for (int by = -1; by <= 1; ++by) {
        Scene scene;
        scene.zone = Zone::named(zone);
        scene.now = at(moment) + 1min;
        probe.set(scene, at(moment), by);
        const bool expected = probe.speaks[static_cast<std::size_t>(by + 1)];
        BOOST_TEST_CONTEXT(name(probe.type) << ", " << probe.threshold << " by " << by << ", " << zone << ", " << what)
        BOOST_TEST(scene.look(probe.type).size() == (expected ? 1U : 0U));
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(a_rule_finds_the_same_however_often_it_looks) {
  for (const auto& probe : probes()) {
    Scene scene;
    scene.now = at("2026-09-01T12:01:00Z");
    probe.set(scene, at("2026-09-01T12:00:00Z"), probe.speaks[2] ? 1 : -1);
    const auto once = scene.look(probe.type), again = scene.look(probe.type);
    BOOST_TEST_CONTEXT(name(probe.type)) {
      BOOST_TEST_REQUIRE(once.size() == 1U);
      BOOST_TEST_REQUIRE(again.size() == 1U);
      BOOST_TEST(once[0].subject == again[0].subject);
      BOOST_TEST(once[0].occurred_at == again[0].occurred_at);
      BOOST_TEST(once[0].details == again[0].details);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_rule_that_is_switched_off_says_nothing_and_another_severity_is_taken) {
  for (const auto& probe : probes()) {
    Scene scene;
    scene.now = at("2026-09-01T12:01:00Z");
    probe.set(scene, at("2026-09-01T12:00:00Z"), probe.speaks[2] ? 1 : -1);
    BOOST_TEST_CONTEXT(name(probe.type)) {
      BOOST_TEST((scene.look(probe.type).at(0).severity == find_rule(probe.type)->severity));
      for (const auto& severity : names<Severity>()) {
        scene.settings.severity[probe.type] = severity.value;
        BOOST_TEST((scene.look(probe.type).at(0).severity == severity.value));
      }
      scene.settings.off = {probe.type};
      BOOST_TEST(scene.look(probe.type).empty());
    }
  }
}

BOOST_AUTO_TEST_CASE(what_happens_at_another_site_is_that_sites_matter) {
  for (const auto& probe : probes()) {
    Scene scene;
    scene.now = at("2026-09-01T12:01:00Z");
    probe.set(scene, at("2026-09-01T12:00:00Z"), probe.speaks[2] ? 1 : -1);
    const std::vector<SiteRules> elsewhere{{kOtherSite, scene.zone, {}, scene.settings}};
    RuleInput input{scene.now, elsewhere};
    input.passages = scene.passages;
    input.moves = scene.moves;
    input.denials = scene.denials;
    input.alarms = scene.alarms;
    input.blocked = scene.blocked;
    input.gaps = scene.gaps;
    input.inside = scene.inside;
    input.terminals = scene.terminals;
    BOOST_TEST_CONTEXT(name(probe.type))
    BOOST_TEST((look(input, Trigger::events).empty() && look(input, Trigger::timer).empty()));
  }
}

BOOST_AUTO_TEST_CASE(every_finding_says_its_sentence_in_both_languages_and_names_nobody) {
  for (const auto& probe : probes()) {
    Scene scene;
    scene.now = at("2026-09-01T12:01:00Z");
    probe.set(scene, at("2026-09-01T12:00:00Z"), probe.speaks[2] ? 1 : -1);
    const auto finding = scene.look(probe.type).at(0);
    const auto english = summary(finding.type, finding.details, Language::english);
    const auto russian = summary(finding.type, finding.details, Language::russian);
    BOOST_TEST_CONTEXT(name(probe.type) << ": " << english << " / " << russian) {
      BOOST_TEST(finding.summary == english);
      BOOST_TEST(english != russian);
      for (const auto& sentence : {english, russian}) {
        BOOST_TEST(sentence.ends_with('.'));
        BOOST_TEST(sentence.find("  ") == std::string::npos);
        BOOST_TEST(sentence.find('{') == std::string::npos);
        BOOST_TEST(sentence.size() > 10U);
      }
      // Nothing but the names of things is in Latin letters.
      auto left = russian;
      for (const std::string_view given : {"Lobby", "UTC"})
        if (const auto found = left.find(given); found != std::string::npos) left.erase(found, given.size());
      BOOST_TEST((left.find_first_of("abcdefghijklmnopqrstuvwxyz") == std::string::npos));
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
