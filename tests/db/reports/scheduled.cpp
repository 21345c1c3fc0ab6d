#include "app/scheduled_reports.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <fstream>
#include <sstream>

#include "core/file.hpp"
#include "db/use_cases/work.hpp"
#include "support/temporary_folder.hpp"

using namespace visitor;
using namespace visitor::test;
using namespace std::chrono_literals;

namespace {

/// Everything is stored: each run works in transactions of its own. Names are new in each test.
struct ScheduledFixture : Database, TemporaryFolder {
  ManualClock clock{today_at("08:00")};
  config::Settings settings;
  Vault vault = test_vault();
  std::string tag = fmt::format("r{}", unique_number());
  std::string login = "login-" + tag;
  app::Actor actor;
  std::vector<notify::FileMail> mails;
  /// What the mail server says next; then it takes what comes.
  std::vector<notify::Outcome> answers;

  ScheduledFixture() {
    std::filesystem::create_directory(path / "out");
    settings.state_directory = path;
    settings.email.server = "mail.example.org";
    settings.email.from = "visitor@example.org";
    auto& report = settings.reports.emplace_back();
    report.name = tag;
    report.report = "visits";
    report.format = "csv";
    report.as = login;
    report.when = 9h;
    report.time_zone = "UTC";
    report.recipients = {"director@example.org"};
    db::Transaction tx{pool};
    actor = app::ensure_actor(tx, "system", domain::ActionHow::automatic, today_at("06:00"));
    app::ensure_actor(tx, login, domain::ActionHow::person, today_at("06:00"));
    tx.exec(
        "INSERT INTO role_grant (account_id, role_id, granted_at)"
        " SELECT a.id, r.id, now() FROM account a, role r WHERE a.login = $1 AND r.name = 'administrator'",
        login);
    tx.commit();
  }

  config::Settings::Report& report() { return settings.reports.front(); }
  std::string folder() const { return "file://" + (path / "out").string(); }

  app::ReportRunner runner() {
    return {.pool = pool,
            .settings = settings,
            .vault = vault,
            .actor = actor,
            .clock = clock,
            .send = [this](const notify::FileMail& mail, std::stop_token) { return answer(mail); }};
  }
  notify::Outcome answer(const notify::FileMail& mail) {
    mails.push_back(mail);
    if (answers.empty()) return notify::Delivered{"250 ok"};
    const auto next = answers.front();
    answers.erase(answers.begin());
    return next;
  }
  int tick() { return app::make_due_reports(runner()); }
  int tick(std::string_view time) {
    clock.set(today_at(time));
    return tick();
  }

  template <class Use>
  auto look(Use use) {
    db::Transaction tx{pool, {.isolation = db::Isolation::repeatable_read, .read_only = true}};
    return use(app::Work{tx, actor, clock.now(), settings, domain::Scope::everything()});
  }
  std::vector<app::ReportRunShown> runs() {
    return look([&](const app::Work& work) { return app::list_report_runs(work, tag, 100); });
  }
  app::ScheduledReport listed() {
    return look([&](const app::Work& work) { return app::get_scheduled_report(work, tag); });
  }
  std::vector<std::string> files() {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(path / "out"))
      names.push_back(entry.path().filename().string());
    std::ranges::sort(names);
    return names;
  }
  void change(const std::string& sql) {
    db::Transaction tx{pool};
    tx.exec(sql, login);
    tx.commit();
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(scheduled_reports, ScheduledFixture)

BOOST_AUTO_TEST_CASE(a_report_is_mailed_once_when_it_is_due_with_its_manifest) {
  BOOST_TEST(tick() == 0);
  BOOST_TEST(listed().state == "never ran");
  BOOST_TEST(tick("08:59:59") == 0);
  BOOST_TEST(tick("09:00") == 1);
  BOOST_TEST(tick("09:00") == 0);
  BOOST_TEST(tick("10:00") == 0);
  BOOST_REQUIRE(mails.size() == 1U);
  const auto& mail = mails[0];
  BOOST_TEST(mail.to == "director@example.org");
  BOOST_REQUIRE(mail.files.size() == 2U);
  BOOST_TEST(mail.files[0].name == tag + "-2026-09-01.csv");
  BOOST_TEST(mail.files[0].content_type == "text/csv");
  for (const auto& file : mail.files) {
    std::ofstream out{path / file.name, std::ios::binary};
    out << file.bytes;
  }
  const auto keys = [&] {
    db::Transaction tx{pool, {.read_only = true}};
    return app::read_report_manifest(
        mail.files[1].bytes, "manifest",
        {app::verify_report(path / mail.files[0].name,
                            [&] {
                              std::vector<std::string> all;
                              for (const auto& row : tx.rows("SELECT public_key FROM audit_key"))
                                all.push_back(row.get<std::string>("public_key"));
                              return all;
                            }())
             .key});
  }();
  BOOST_TEST(keys.scheduled == tag);
  BOOST_TEST(keys.by == login);
  const auto shown = listed();
  BOOST_TEST(shown.state == "ok");
  BOOST_TEST(shown.last->sha256 == keys.sha256);
  BOOST_TEST(shown.next == today_at("09:00") + 24h);
  BOOST_TEST(app::is_in_order(shown));
}

BOOST_AUTO_TEST_CASE(what_was_missed_while_nobody_was_there_is_made_once_for_the_last_moment) {
  report().period = "yesterday";
  tick();
  clock.set(today_at("11:00") + 3 * 24h);
  BOOST_TEST(listed().state == "overdue");
  BOOST_TEST(!app::is_in_order(listed()));
  BOOST_TEST(tick() == 1);
  BOOST_TEST(tick() == 0);
  BOOST_REQUIRE(mails.size() == 1U);
  BOOST_TEST(mails[0].files[0].name == tag + "-2026-09-04.csv");
  BOOST_TEST(mails[0].text.find("2026-09-03 00:00:00 – 2026-09-04 00:00:00") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_period_is_counted_from_when_it_was_due) {
  report().period = "today";
  report().when = 23h + 59min;
  tick();
  clock.set(today_at("10:00") + 24h);
  BOOST_TEST(tick() == 1);
  BOOST_TEST(mails.at(0).text.find("2026-09-01 00:00:00 – 2026-09-02 00:00:00") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(another_time_of_day_counts_from_now_on) {
  tick();
  clock.set(today_at("08:30"));
  report().when = 7h;
  BOOST_TEST(tick() == 0);
  BOOST_TEST(tick("08:31") == 0);
  clock.set(today_at("07:00") + 24h);
  BOOST_TEST(tick() == 1);
}

BOOST_AUTO_TEST_CASE(of_two_daemons_one_makes_it_also_while_the_other_is_at_it) {
  tick();
  clock.set(today_at("09:00"));
  int inside = -1;
  auto first = runner();
  first.send = [&](const notify::FileMail& mail, std::stop_token) {
    clock.set(today_at("09:30"));  // due again by the clock, and yet somebody is at it
    inside = app::make_due_reports(runner());
    return answer(mail);
  };
  BOOST_TEST(app::make_due_reports(first) == 1);
  BOOST_TEST(inside == 0);
  BOOST_TEST(mails.size() == 1U);
  BOOST_TEST(runs().size() == 1U);
  BOOST_TEST(tick("09:40") == 0);
}

BOOST_AUTO_TEST_CASE(what_ends_in_the_middle_is_made_again_and_a_mail_that_may_have_arrived_says_so) {
  report().targets = {folder()};
  report().recipients = {"a@example.org", "b@example.org"};
  tick();
  clock.set(today_at("09:00"));
  auto dies = runner();
  dies.send = [&](const notify::FileMail& mail, std::stop_token) -> notify::Outcome {
    if (mail.to == "b@example.org") {
      mails.push_back(mail);
      throw Error(Errc::interrupted, "killed after the server had it");
    }
    return answer(mail);
  };
  BOOST_CHECK_THROW(app::make_due_reports(dies), Error);
  BOOST_TEST(tick("09:00:30") == 0);  // not at once: it might kill again
  BOOST_TEST(listed().state == "waiting");
  BOOST_TEST(tick("09:01") == 1);
  BOOST_REQUIRE(mails.size() == 3U);
  BOOST_TEST(mails[0].to == "a@example.org");
  BOOST_TEST(mails[2].to == "b@example.org");
  BOOST_TEST(mails[1].key == mails[2].key);
  BOOST_TEST(mails[0].key != mails[1].key);
  BOOST_TEST(mails[1].text.find("may have come before") == std::string::npos);
  BOOST_TEST(mails[2].text.find("may have come before") != std::string::npos);
  BOOST_TEST(listed().state == "ok");
  BOOST_TEST(files().size() == 2U);
  BOOST_TEST(tick("12:00") == 0);
}

BOOST_AUTO_TEST_CASE(a_mail_that_is_not_taken_is_tried_again_with_growing_pauses_until_it_is) {
  for (int i = 0; i < 3; ++i) answers.emplace_back(notify::RetryAfter{0ms, "451 try later"});
  tick();
  BOOST_TEST(tick("09:00") == 1);
  const auto waiting = listed();
  BOOST_TEST(waiting.state == "waiting");
  BOOST_TEST(waiting.problem == "director@example.org: 451 try later");
  BOOST_TEST(!app::is_in_order(waiting));
  BOOST_TEST((app::reports_check({waiting}).status == app::CheckStatus::warning));
  BOOST_TEST(tick("09:00:59") == 0);
  BOOST_TEST(tick("09:01") == 1);
  BOOST_TEST(tick("09:02:59") == 0);
  BOOST_TEST(tick("09:03") == 1);
  BOOST_TEST(tick("09:06:59") == 0);
  BOOST_TEST(tick("09:07") == 1);
  BOOST_TEST(mails.size() == 4U);
  BOOST_TEST(mails.back().text.find("may have come before") == std::string::npos);
  BOOST_TEST(listed().state == "ok");
  BOOST_TEST(runs().at(0).run.attempts == 4);
}

BOOST_AUTO_TEST_CASE(what_is_refused_is_not_tried_again_and_the_others_get_theirs) {
  report().recipients = {"a@example.org", "b@example.org"};
  answers = {notify::Refused{"550 no such mailbox"}};
  tick();
  tick("09:00");
  BOOST_TEST(mails.size() == 2U);
  BOOST_TEST(listed().state == "failed");
  BOOST_TEST(listed().problem == "a@example.org: 550 no such mailbox");
  BOOST_TEST(tick("12:00") == 0);
  BOOST_TEST(runs().at(0).deliveries.at(1).state == "sent");
  clock.set(today_at("09:00") + 24h);
  BOOST_TEST(tick() == 1);
  BOOST_TEST(listed().state == "ok");
}

BOOST_AUTO_TEST_CASE(after_a_day_it_is_given_up_and_stays_to_be_seen) {
  answers.assign(100, notify::RetryAfter{0ms, "no route to host"});
  tick();
  tick("09:00");
  clock.set(today_at("08:59") + 24h);
  BOOST_TEST(tick() == 1);
  BOOST_TEST(listed().state == "waiting");
  report().when = 8h;  // no further run meanwhile
  tick();
  clock.set(today_at("10:00") + 24h);
  BOOST_TEST(tick() == 1);
  BOOST_TEST(listed().state == "failed");
  BOOST_TEST(listed().problem == "director@example.org: no route to host");
  BOOST_TEST(tick() == 0);
}

BOOST_AUTO_TEST_CASE(nothing_is_made_for_an_account_that_is_disabled_until_it_is_enabled) {
  change("UPDATE account SET disabled_at = now() WHERE login = $1");
  tick();
  BOOST_TEST(tick("09:00") == 1);
  BOOST_TEST(mails.empty());
  BOOST_TEST(listed().state == "refused");
  BOOST_TEST(listed().problem == fmt::format("account {} is disabled", login));
  BOOST_TEST(runs().at(0).run.message == listed().problem);
  BOOST_CHECK_EXCEPTION(app::plan_report(runner(), tag), Error, has_code(Errc::denied));
  change("UPDATE account SET disabled_at = NULL WHERE login = $1");
  BOOST_TEST(tick("09:01") == 1);
  BOOST_TEST(mails.size() == 1U);
  BOOST_TEST(listed().state == "ok");
}

BOOST_AUTO_TEST_CASE(an_account_without_the_right_or_that_is_not_there_gets_nothing) {
  change("DELETE FROM role_grant WHERE account_id = (SELECT id FROM account WHERE login = $1)");
  tick();
  tick("09:00");
  BOOST_TEST(listed().problem.find("lacks the permission report.export") != std::string::npos);
  report().as = "nobody-" + tag;
  BOOST_TEST(listed().problem.find("does not exist") != std::string::npos);
  report().as = "system";
  BOOST_TEST(listed().state == "refused");
  BOOST_TEST(mails.empty());
}

BOOST_AUTO_TEST_CASE(documents_are_masked_and_the_audit_has_what_was_made_and_where_it_went) {
  {
    db::Transaction tx{pool};
    const auto house = House::build(tx);
    given_visit(tx, house);
    tx.commit();
  }
  report().recipients.clear();
  report().targets = {folder()};
  report().columns = {"id", "document"};
  tick();
  tick("09:00");
  BOOST_TEST(files().size() == 2U);
  const auto manifest = *read_file(path / "out" / (tag + "-2026-09-01.csv.manifest.json"));
  BOOST_TEST(manifest.find("four characters") != std::string::npos);
  const auto rows = look([&](const app::Work& work) {
    std::vector<std::string> found;
    for (const auto& row : work.tx.rows(
             "SELECT topic, details::text AS details FROM audit WHERE action = 'export' AND details->>'scheduled' = $1"
             " ORDER BY id",
             tag))
      found.push_back(row.get<std::string>("topic") + row.get<std::string>("details"));
    return found;
  });
  BOOST_REQUIRE(rows.size() == 2U);
  const auto sha256 = runs().at(0).run.sha256;
  BOOST_TEST(rows[0].starts_with("report{"));
  BOOST_TEST(rows[0].find(sha256) != std::string::npos);
  BOOST_TEST(rows[1].starts_with("report_delivery{"));
  BOOST_TEST(rows[1].find(sha256) != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_file_of_somebody_else_is_not_replaced_and_one_of_ours_is) {
  report().recipients.clear();
  report().targets = {folder()};
  report().file = "latest";
  const auto file = path / "out" / "latest.csv";
  std::ofstream{file} << "theirs";
  tick();
  tick("09:00");
  BOOST_TEST(*read_file(file) == "theirs");
  BOOST_TEST(listed().problem.find("is another file: it has no manifest") != std::string::npos);
  std::filesystem::remove(file);
  BOOST_TEST(tick("09:01") == 1);
  BOOST_TEST(listed().state == "ok");
  const auto first = *read_file(file.string() + ".manifest.json");
  clock.set(today_at("09:00") + 24h);
  BOOST_TEST(tick() == 1);
  BOOST_TEST(listed().state == "ok");
  BOOST_TEST(*read_file(file.string() + ".manifest.json") != first);
  // Made for another table, and by hand: neither is ours.
  auto other = report();
  other.name = tag + "-other";
  settings.reports.push_back(other);
  const auto shown = app::make_report_now(runner(), other.name);
  BOOST_TEST(shown.run.message.find("was made for the [[report]] " + tag) != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_folder_that_is_not_there_is_waited_for) {
  report().recipients.clear();
  report().targets = {folder() + "/mounted"};
  tick();
  tick("09:00");
  BOOST_TEST(listed().state == "waiting");
  BOOST_TEST(app::check_reports(settings, clock, {}).at(0).key == "report." + tag + ".targets");
  std::filesystem::create_directory(path / "out" / "mounted");
  BOOST_TEST(app::check_reports(settings, clock, {}).empty());
  BOOST_TEST(tick("09:01") == 1);
  BOOST_TEST(listed().state == "ok");
}

BOOST_AUTO_TEST_CASE(a_file_that_is_too_large_is_not_mailed_and_says_so) {
  report().mail_limit = 10;
  tick();
  tick("09:00");
  BOOST_TEST(mails.empty());
  BOOST_TEST(listed().state == "failed");
  BOOST_TEST(listed().problem.find("and mail_limit is 0.0 KiB") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(recipients_groups_and_accounts_are_found_and_whoever_left_gets_nothing) {
  settings.recipients.resize(2);
  settings.recipients[0].name = "duty";
  settings.recipients[0].email = "duty@example.org";
  settings.recipients[1].name = "silent";
  settings.recipients[1].telegram = "-1";
  settings.groups = {{"all", {"duty", "silent"}}};
  report().recipients = {"all", "duty", "users:group-" + tag, "users:missing-" + tag, "x@example.org"};
  change("UPDATE account SET email = 'anna@example.org' WHERE login = $1");
  change(
      fmt::format("WITH g AS (INSERT INTO account_group (name, created_at) VALUES ('group-{}', now()) RETURNING id)"
                  " INSERT INTO account_group_member (group_id, account_id)"
                  " SELECT g.id, a.id FROM g, account a WHERE a.login = $1",
                  tag));
  const auto plan = app::plan_report(runner(), tag);
  std::vector<std::string> places;
  for (const auto& place : plan.places) places.push_back(place.place);
  const std::vector<std::string> wanted{"duty@example.org", "anna@example.org", "users:missing-" + tag,
                                        "x@example.org"};
  BOOST_TEST(places == wanted, boost::test_tools::per_element());
  BOOST_TEST(!plan.places[2].problem.empty());
  BOOST_TEST(runs().empty());

  answers = {notify::RetryAfter{0ms, "later"}};  // of anna, the first by address
  tick();
  tick("09:00");
  BOOST_TEST(mails.size() == 3U);
  BOOST_TEST(listed().state == "waiting");
  change("DELETE FROM account_group_member WHERE account_id = (SELECT id FROM account WHERE login = $1)");
  report().recipients = {"all", "x@example.org"};
  tick("09:01");
  BOOST_TEST(mails.size() == 3U);
  BOOST_TEST(listed().state == "ok");
  BOOST_TEST(runs().at(0).deliveries.size() == 2U);
}

BOOST_AUTO_TEST_CASE(a_person_makes_it_now_and_the_schedule_stays_as_it_is) {
  tick();
  clock.set(today_at("08:30"));
  const auto shown = app::make_report_now(runner(), tag);
  BOOST_TEST(shown.run.state == "done");
  BOOST_TEST(shown.run.how == "person");
  BOOST_TEST(mails.size() == 1U);
  BOOST_TEST(tick("09:00") == 1);
  BOOST_TEST(mails.size() == 2U);
  BOOST_CHECK_EXCEPTION(app::make_report_now(runner(), tag.substr(1)), Error, has_code(Errc::not_found));
}

BOOST_AUTO_TEST_CASE(a_filter_that_the_report_does_not_take_is_found_without_the_database) {
  report().report = "hosts";
  report().status = {"CHECKED_IN"};
  const auto problems = app::check_reports(settings, clock, {});
  BOOST_REQUIRE(problems.size() == 1U);
  BOOST_TEST(problems[0].key == "report." + tag);
  BOOST_TEST(problems[0].message == "report 'hosts' takes no status");
}

BOOST_AUTO_TEST_SUITE_END()
