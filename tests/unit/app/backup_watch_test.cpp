#include "app/backup_watch.hpp"

#include <boost/test/unit_test.hpp>

#include "app/backup_turn.hpp"
#include "config/settings.hpp"
#include "domain/backup.hpp"
#include "support/manual_clock.hpp"

using namespace visitor;
using namespace visitor::app;
using namespace std::chrono_literals;
using visitor::test::at;

namespace {

const auto kNow = at("2026-11-23T12:00:00Z");
constexpr auto kNear = "file:///var/backups/visitor", kFar = "s3://bucket/visitor";

/// A night's backup at both targets, everything as it should be.
struct Nights {
  BackupFacts facts;

  explicit Nights(int count = 10) {
    facts.targets = {kNear, kFar};
    facts.recipients = {"vbk-1"};
    facts.keys = {{"vbk-1", "safe", kNow - std::chrono::days{20}}};
    facts.max_age = 26h;
    facts.verify_within = 8 * 24h;
    facts.restore_within = 35 * 24h;
    facts.prove_within = 100 * 24h;
    for (int night = 0; night < count; ++night) add(at("2026-11-23T03:00:00Z") - night * 24h);
    if (count > 0) facts.copies.back().restored_at = kNow - 5 * 24h;
  }

  void add(Instant begun) {
    const auto name = to_iso(begun);
    facts.runs.push_back({name, "done", "gate", "", begun, begun + 60s, 1'000'000});
    for (const auto* target : {kNear, kFar}) {
      store::BackupCopy copy;
      copy.backup = name;
      copy.target = target;
      copy.started_at = begun;
      copy.ended_at = begun + 60s;
      copy.bytes = 1'000'000;
      copy.verified_at = copy.ended_at;
      facts.copies.push_back(copy);
    }
  }

  /// Names of what is found, with a blank between.
  std::string found(Instant now = kNow) const {
    std::string names;
    for (const auto& one : assess_backups(facts, now)) names += (names.empty() ? "" : " ") + one.name;
    return names;
  }
};

store::BackupRun run_at(std::string_view begun, std::string state, std::chrono::minutes took = 1min) {
  return {std::string{begun}, std::move(state), "gate", "", at(begun), at(begun) + took, 1'000'000};
}

config::Settings with_target() {
  config::Settings settings;
  settings.backup.targets = {kNear};
  return settings;
}

bool is_due(const std::vector<store::BackupRun>& runs, std::string_view now) {
  return backup_is_due(with_target(), Zone::named("Europe/Berlin"), runs, at(now));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(backup_watch)

BOOST_AUTO_TEST_CASE(good_nights_are_no_finding_and_say_how_old_the_newest_is) {
  const Nights nights;
  BOOST_TEST(nights.found() == "");
  const auto check = backup_check(nights.facts, kNow);
  BOOST_TEST((check.status == CheckStatus::ok));
  BOOST_TEST(*check.value == 9 * 3600);
  BOOST_TEST(*check.critical == 26 * 3600);
  BOOST_TEST(check.message == "the newest backup is 9 h old");
  BOOST_TEST(three_two_one(nights.facts) ==
             "3-2-1: 3 copies (the database and 2 of the newest backup), 2 kinds of storage (file, s3), 1 elsewhere");
}

BOOST_AUTO_TEST_CASE(without_a_target_it_is_unknown_and_nothing_is_found) {
  const BackupFacts facts;
  const auto check = backup_check(facts, kNow);
  BOOST_TEST((check.status == CheckStatus::unknown));
  BOOST_TEST(check.message == "no backups are made: no target is configured");
  BOOST_TEST(assess_backups(facts, kNow).empty());
}

BOOST_AUTO_TEST_CASE(a_backup_older_than_max_age_is_critical) {
  const Nights nights;
  BOOST_TEST(nights.found(at("2026-11-24T04:59:59Z")) == "");
  BOOST_TEST(nights.found(at("2026-11-24T05:00:00Z")) == "none");
  BOOST_TEST((backup_check(nights.facts, at("2026-11-24T05:00:00Z")).status == CheckStatus::critical));
}

BOOST_AUTO_TEST_CASE(what_was_just_set_up_is_a_warning_and_what_was_tried_in_vain_is_critical) {
  Nights nights{0};
  BOOST_TEST((backup_check(nights.facts, kNow).status == CheckStatus::warning));
  nights.facts.runs.push_back(run_at("2026-11-23T03:00:00Z", "failed"));
  BOOST_TEST(nights.found() == "none failed");
  BOOST_TEST((backup_check(nights.facts, kNow).status == CheckStatus::critical));
}

BOOST_AUTO_TEST_CASE(the_last_run_that_ended_counts_and_its_failure_lasts_from_the_first_one) {
  Nights nights;
  nights.facts.runs.insert(nights.facts.runs.begin(), run_at("2026-11-23T08:00:00Z", "failed"));
  nights.facts.runs.insert(nights.facts.runs.begin(), run_at("2026-11-23T09:00:00Z", "partial"));
  nights.facts.runs.insert(nights.facts.runs.begin(), run_at("2026-11-23T10:00:00Z", "running"));
  nights.facts.runs.front().ended_at.reset();
  BOOST_TEST(nights.found() == "failed");
  BOOST_TEST(assess_backups(nights.facts, kNow).front().since == at("2026-11-23T08:00:00Z"));
}

BOOST_AUTO_TEST_CASE(what_was_interrupted_is_found_unless_it_is_being_made_again) {
  Nights nights;
  nights.facts.runs.insert(nights.facts.runs.begin(), run_at("2026-11-23T09:00:00Z", "interrupted"));
  BOOST_TEST(nights.found() == "failed");
  BOOST_TEST(assess_backups(nights.facts, kNow).front().message == "the last backup was interrupted");
  nights.facts.runs.insert(nights.facts.runs.begin(), run_at("2026-11-23T09:02:00Z", "running"));
  nights.facts.runs.front().ended_at.reset();
  BOOST_TEST(nights.found() == "");
}

BOOST_AUTO_TEST_CASE(each_finding_says_the_same_by_its_figures) {
  Nights nights{6};
  nights.facts.runs.front().bytes = 1;
  nights.facts.copies[3].problem = "gone";
  for (const auto& one : assess_backups(nights.facts, at("2027-06-01T12:00:00Z"))) {
    const auto figures = domain::Figures::parse(one.figures);
    BOOST_TEST(figures.text("finding").value_or("") == one.name);
    BOOST_TEST(domain::backup_words(figures, domain::Language::english) == one.message);
  }
}

BOOST_AUTO_TEST_CASE(a_target_that_gets_none_any_more_is_missing) {
  Nights nights;
  std::erase_if(nights.facts.copies,
                [](const auto& copy) { return copy.target == kFar && copy.started_at > at("2026-11-20T00:00:00Z"); });
  BOOST_TEST(nights.found() == "missing");
  nights.facts.targets = {std::string{kNear} + "/"};
  BOOST_TEST(nights.found() == "");
}

BOOST_AUTO_TEST_CASE(less_than_half_of_the_usual_size_or_time_is_suspicious) {
  Nights nights;
  nights.facts.runs.front().bytes = 499'999;
  BOOST_TEST(nights.found() == "small");
  nights.facts.runs.front().bytes = 500'000;
  BOOST_TEST(nights.found() == "");
  nights.facts.runs.front().ended_at = nights.facts.runs.front().started_at + 29s;
  BOOST_TEST(nights.found() == "fast");
  nights.facts.runs.front().ended_at = nights.facts.runs.front().started_at + 30s;
  BOOST_TEST(nights.found() == "");
}

BOOST_AUTO_TEST_CASE(five_earlier_backups_are_needed_to_say_what_is_usual) {
  Nights five{5};
  five.facts.runs.front().bytes = 1;
  BOOST_TEST(five.found() == "");
  Nights six{6};
  six.facts.runs.front().bytes = 1;
  BOOST_TEST(six.found() == "small");
}

BOOST_AUTO_TEST_CASE(the_median_is_of_the_last_twenty) {
  Nights nights{40};
  for (std::size_t i = 1; i < nights.facts.runs.size(); ++i) nights.facts.runs[i].bytes = i <= 20 ? 100 : 1'000'000;
  nights.facts.runs.front().bytes = 60;
  BOOST_TEST(nights.found() == "");
  nights.facts.runs.front().bytes = 49;
  BOOST_TEST(nights.found() == "small");
}

BOOST_AUTO_TEST_CASE(a_broken_copy_is_named_and_is_no_backup) {
  Nights nights;
  nights.facts.copies[0].problem = nights.facts.copies[1].problem = "byte 4096 differs";
  BOOST_TEST(nights.found(at("2026-11-23T04:59:00Z")) == "broken");
  BOOST_TEST(newest_good(nights.facts)->started_at == at("2026-11-22T03:00:00Z"));
  BOOST_TEST(nights.found(at("2026-11-24T03:00:00Z")) == "none broken");
}

BOOST_AUTO_TEST_CASE(what_nobody_verified_or_restored_for_long_is_a_warning) {
  Nights nights;
  for (auto& copy : nights.facts.copies) copy.verified_at.reset();
  // The oldest copy is of 14 November.
  BOOST_TEST(nights.found(at("2026-11-22T02:59:59Z")) == "");
  BOOST_TEST(nights.found() == "unverified");
  nights.facts.copies[3].verified_at = kNow - 8 * 24h;
  BOOST_TEST(nights.found() == "unverified");
  nights.facts.copies[3].verified_at = kNow - 7 * 24h;
  BOOST_TEST(nights.found() == "");
  for (auto& copy : nights.facts.copies) copy.restored_at.reset();
  BOOST_TEST(nights.found() == "");
  nights.facts.copies[3].restored_at = kNow - 35 * 24h;
  BOOST_TEST(nights.found() == "unrestored");
}

BOOST_AUTO_TEST_CASE(a_key_that_nobody_has_tried_for_long_is_a_warning) {
  Nights nights;
  nights.facts.keys.front().proven_at = kNow - 100 * 24h;
  BOOST_TEST(nights.found() == "unproven");
  nights.facts.keys.front().proven_at = kNow - 99 * 24h;
  BOOST_TEST(nights.found() == "");
  nights.facts.recipients.emplace_back("vbk-2");
  BOOST_TEST(nights.found() == "");  // its time begins with the first backup
}

BOOST_AUTO_TEST_CASE(of_the_newest_backup_a_verified_copy_is_preferred_and_later_ones_do_not_count) {
  Nights nights;
  nights.facts.copies[0].verified_at.reset();
  BOOST_TEST(newest_good(nights.facts)->target == kFar);
  BOOST_TEST(newest_good(nights.facts, at("2026-11-20T12:00:00Z"))->started_at == at("2026-11-20T03:00:00Z"));
  BOOST_TEST(!newest_good(nights.facts, at("2026-11-01T12:00:00Z")));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(backup_schedule)

BOOST_AUTO_TEST_CASE(one_is_due_from_the_hour_on_until_it_was_made) {
  // 03:00 in Berlin is 02:00 UTC.
  const std::vector yesterdays{run_at("2026-11-22T02:00:10Z", "done")};
  BOOST_TEST(!is_due(yesterdays, "2026-11-23T01:59:59Z"));
  BOOST_TEST(is_due(yesterdays, "2026-11-23T02:00:00Z"));
  BOOST_TEST(is_due(yesterdays, "2026-11-23T20:00:00Z"));
  BOOST_TEST(!is_due({run_at("2026-11-23T02:00:00Z", "done"), yesterdays.front()}, "2026-11-23T20:00:00Z"));
  BOOST_TEST(!is_due({run_at("2026-11-23T02:00:00Z", "partial")}, "2026-11-23T20:00:00Z"));
}

BOOST_AUTO_TEST_CASE(without_any_backup_one_is_due_at_once_but_not_without_a_target) {
  BOOST_TEST(is_due({}, "2026-11-23T12:34:56Z"));
  BOOST_TEST(!backup_is_due(config::Settings{}, Zone::utc(), {}, kNow));
}

BOOST_AUTO_TEST_CASE(what_failed_is_tried_again_after_half_an_hour) {
  const std::vector failed{run_at("2026-11-23T02:00:00Z", "failed", 10min)};
  BOOST_TEST(!is_due(failed, "2026-11-23T02:39:59Z"));
  BOOST_TEST(is_due(failed, "2026-11-23T02:40:00Z"));
}

BOOST_AUTO_TEST_CASE(what_was_interrupted_is_made_again_at_once_three_times) {
  std::vector<store::BackupRun> runs;
  for (const auto* begun : {"2026-11-23T02:00:00Z", "2026-11-23T02:10:00Z", "2026-11-23T02:20:00Z"}) {
    BOOST_TEST(is_due(runs, begun));
    runs.insert(runs.begin(), run_at(begun, "interrupted", 1min));
  }
  BOOST_TEST(!is_due(runs, "2026-11-23T02:21:00Z"));
  BOOST_TEST(!is_due(runs, "2026-11-23T02:50:59Z"));
  BOOST_TEST(is_due(runs, "2026-11-23T02:51:00Z"));
  // A night later they count no more.
  BOOST_TEST(is_due(runs, "2026-11-24T02:00:00Z"));
}

BOOST_AUTO_TEST_CASE(the_hour_keeps_to_the_wall_clock_when_it_changes) {
  auto settings = with_target();
  settings.backup.schedule = 2h + 30min;
  const auto berlin = Zone::named("Europe/Berlin");
  // In autumn 02:30 comes twice: the first time counts. In spring it does not come: 03:00 stands for it.
  BOOST_TEST(backup_due_since(settings, berlin, at("2026-10-25T12:00:00Z")) == at("2026-10-25T00:30:00Z"));
  BOOST_TEST(backup_due_since(settings, berlin, at("2026-03-29T12:00:00Z")) == at("2026-03-29T01:00:00Z"));
  BOOST_TEST(next_backup_after(settings, berlin, at("2026-03-28T12:00:00Z")) == at("2026-03-29T01:00:00Z"));
  BOOST_TEST(next_backup_after(settings, berlin, at("2026-03-29T01:00:00Z")) == at("2026-03-30T00:30:00Z"));
}

BOOST_AUTO_TEST_SUITE_END()
