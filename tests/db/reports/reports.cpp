#include "app/reports.hpp"

#include <fmt/format.h>

#include <boost/test/unit_test.hpp>

#include "app/registry.hpp"
#include "app/visits.hpp"
#include "db/use_cases/work.hpp"
#include "store/alerts.hpp"
#include "store/incidents.hpp"
#include "store/journal.hpp"

using namespace visitor;
using namespace visitor::test;
using domain::Scope;

namespace {

struct ReportsFixture : AtWork {
  House theirs = House::build(tx);
  VisitId visit = fill(house, 1);
  VisitId their_visit = fill(theirs, 2);

  VisitId fill(const House& at, std::int64_t serial) {
    const auto made = given_visit_in_the_building(tx, at, today_at("08:00"));
    given_passage(tx, at, serial, today_at("08:00"), domain::Direction::entry);
    store::Sighting sighting;
    sighting.finding.type = domain::IncidentType::long_stay;
    sighting.finding.subject = "reports:" + at.tag;
    sighting.finding.site = at.site;
    sighting.finding.visit = made;
    sighting.finding.guest = at.guest;
    sighting.finding.summary = "long stay of " + at.tag;
    sighting.finding.occurred_at = today_at("08:10");
    const auto incident =
        store::Incidents{tx, Scope::everything()}.open_or_touch(std::span{&sighting, 1}, today_at("08:10"))[0].incident;
    domain::Alert alert;
    alert.incident = incident.id;
    alert.visit = made;
    alert.summary = "alert of " + at.tag;
    alert.created_at = today_at("08:10");
    const store::Address log{domain::Channel::log, at.tag};
    store::Alerts{tx, Scope::everything()}.queue(alert, std::span{&log, 1});
    store::Journal{tx, actor.account, today_at("08:00")}.audit(domain::AuditAction::create, store::topic::kVisit, made);
    tx.exec("UPDATE visit SET checked_in_how = 'door', version = version + 1 WHERE id = $1", made);
    return made;
  }

  struct Made {
    std::string text;
    report::Written written;
    report::Cover cover;
  };
  Made make(std::string_view name, const app::ReportWish& wish = {}, const Scope& scope = Scope::everything(),
            const std::optional<Scope>& also = {}, const Vault* opens = nullptr) {
    const app::Work at_work{tx, actor, today_at("08:30"), settings, scope};
    Made made;
    const auto order = app::order_report(at_work, app::get_report(name), wish, opens, also);
    const auto writer = report::jsonl_writer([&](std::string_view bytes) { made.text += bytes; });
    made.written = app::write_report(at_work, order, *writer);
    made.cover = order.cover;
    return made;
  }
};

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(reports, ReportsFixture)

BOOST_AUTO_TEST_CASE(every_report_has_rows_that_agree_with_its_columns) {
  for (const auto* report : app::reports()) {
    BOOST_TEST_CONTEXT(report->name) {
      const auto made = make(report->name);
      BOOST_TEST(made.written.total() > 0);
      BOOST_TEST(made.written.rows.size() == report->sections.size());
      for (const auto& section : report->sections) {
        BOOST_TEST(section.key.size() <= 31U);
        BOOST_TEST(section.title.russian.size() <= 60U);
        for (const auto& one : section.columns)
          if (report->sections.size() == 1)
            BOOST_TEST(has(made.text, fmt::format("\"{}\":", one.column.key)) == one.usual);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(the_history_of_visits_has_21_columns) {
  const auto order = app::order_report(work(), app::get_report("visits"), {}, nullptr);
  std::vector<std::string_view> keys;
  for (const auto& column : order.sections[0].columns) keys.push_back(column.key);
  const std::vector<std::string_view> wanted{
      "id",           "type",          "status",        "guest",         "document",
      "phone",        "email",         "host",          "host_email",    "department",
      "purpose",      "contact_phone", "expected_from", "checked_in_at", "checked_out_at",
      "stay_seconds", "source",        "registered_by", "consent_at",    "entry_count",
      "exit_count"};
  BOOST_TEST(keys == wanted, boost::test_tools::per_element());
  BOOST_TEST(app::get_report("incidents").sections[0].columns.size() == 12U);
}

BOOST_AUTO_TEST_CASE(columns_that_are_not_usual_are_there_by_name) {
  app::ReportWish wish;
  wish.columns = {"host_phone", "site", "company"};
  wish.site = fmt::to_string(house.site.value);
  const auto made = make("visits", wish);
  BOOST_TEST(has(made.text, "\"site\":\"Site " + house.tag));
}

BOOST_AUTO_TEST_CASE(type_contact_and_consent_of_a_visit_are_in_its_row) {
  app::NewVisit given;
  given.guest = house.guest;
  given.host = house.host;
  given.kind = domain::VisitKind::delivery;
  given.contact_phone = "+77011234567";
  given.consent = true;
  given.expected_from = today_at("10:00");
  const auto id = app::create_visit(work("08:00"), given).visit.id;
  app::ReportWish wish;
  wish.site = fmt::to_string(house.site.value);
  wish.statuses = {"AWAITING"};
  wish.columns = {"id", "type", "contact_phone", "consent_at"};
  BOOST_TEST(make("visits", wish).text ==
             fmt::format("{{\"id\":{},\"type\":\"delivery\",\"contact_phone\":\"+77011234567\","
                         "\"consent_at\":\"2026-09-01T08:00:00Z\"}}\n",
                         id));
}

BOOST_AUTO_TEST_CASE(no_report_shows_what_lies_outside_of_the_scope) {
  const auto there = Scope::of({theirs.site}, {}, {});
  for (const auto* report : app::reports()) {
    BOOST_TEST_CONTEXT(report->name) {
      const auto limited = make(report->name, {}, there);
      BOOST_TEST(!has(limited.text, house.tag));
      const auto by_both = make(report->name, {}, Scope::everything(), there);
      BOOST_TEST(by_both.text == limited.text);
      BOOST_TEST(make(report->name, {}, there, Scope::of({house.site}, {}, {})).text.find(theirs.tag) ==
                 std::string::npos);
      if (report->name != "audit") BOOST_TEST(!limited.cover.withheld.empty());
    }
  }
  BOOST_TEST(make("audit", {}, there).written.total() == 0);
  BOOST_TEST(has(make("visits", {}, there).text, theirs.tag));
}

BOOST_AUTO_TEST_CASE(a_manager_sees_the_department_and_a_host_what_is_theirs) {
  const auto department = Scope::of({}, {house.department}, {});
  BOOST_TEST(make("visits", {}, department).written.total() == 1);
  BOOST_TEST(make("hosts", {}, Scope::of({}, {}, {house.host})).written.total() == 1);
  BOOST_TEST(make("terminals", {}, department).written.total() == 0);
}

BOOST_AUTO_TEST_CASE(document_numbers_are_masked_until_a_reason_is_given) {
  app::GuestEdit edit;
  edit.document = Secret{std::string_view{"850101300199"}};
  app::edit_guest(work(), vault, house.guest, edit);
  app::ReportWish wish;
  wish.columns = {"id", "document"};
  const auto masked = make("visits", wish, Scope::everything(), {}, &vault);
  BOOST_TEST(has(masked.text, "********0199"));
  BOOST_TEST(!has(masked.text, "850101300199"));
  BOOST_TEST(masked.cover.withheld.size() == 1U);

  wish.reason = "asked for by the police";
  const auto whole = make("visits", wish, Scope::everything(), {}, &vault);
  BOOST_TEST(has(whole.text, "850101300199"));
  BOOST_TEST(whole.cover.withheld.empty());
  BOOST_TEST(has(make("visits", wish).text, "********0199"));  // nobody who may open it
}

BOOST_AUTO_TEST_CASE(filters_leave_out_the_rest_and_stand_on_the_cover) {
  app::ReportWish wish;
  wish.site = fmt::to_string(house.site.value);
  wish.department = fmt::to_string(house.department.value);
  wish.statuses = {"checked_in"};
  wish.columns = {"status", "id"};
  wish.language = domain::Language::russian;
  const auto made = make("visits", wish);
  BOOST_TEST(made.text == fmt::format("{{\"status\":\"CHECKED_IN\",\"id\":{}}}\n", visit));
  BOOST_TEST(made.cover.title == "История посещений");
  BOOST_REQUIRE(made.cover.filter.size() == 5U);
  BOOST_TEST(made.cover.filter[0].first == "Период");
  BOOST_TEST(made.cover.filter[3].second == "В здании");
  wish.statuses = {"awaiting"};
  BOOST_TEST(make("visits", wish).written.total() == 0);
}

BOOST_AUTO_TEST_CASE(alerts_are_of_the_site_of_what_they_are_about) {
  const store::Address log{domain::Channel::log, house.tag};
  const auto queue = [&](const std::string& summary, auto set) {
    domain::Alert alert;
    alert.summary = summary;
    alert.created_at = today_at("08:10");
    set(alert);
    return store::Alerts{tx, Scope::everything()}.queue(alert, std::span{&log, 1});
  };
  queue("of a visit", [&](auto& alert) { alert.visit = visit; });
  const auto of_site = queue("of a site", [](auto&) {});
  tx.exec("UPDATE alert SET site_id = $2 WHERE id = $1", of_site, house.site);
  queue("of nothing", [](auto&) {});
  app::ReportWish wish;
  wish.columns = {"summary"};
  BOOST_TEST(has(make("alerts", wish).text, "of nothing"));
  wish.site = fmt::to_string(house.site.value);
  const auto here = make("alerts", wish).text;
  BOOST_TEST(has(here, "alert of " + house.tag));
  BOOST_TEST(has(here, "of a visit"));
  BOOST_TEST(has(here, "of a site"));
  BOOST_TEST(!has(here, "of nothing"));
  BOOST_TEST(!has(here, theirs.tag));
  wish.site = fmt::to_string(theirs.site.value);
  BOOST_TEST(make("alerts", wish).written.total() == 1);
  wish.site.clear();
  wish.department = fmt::to_string(house.department.value);
  BOOST_TEST(has(make("alerts", wish).text, "of a visit"));
  BOOST_TEST(!has(make("alerts", wish).text, "of a site"));
}

BOOST_AUTO_TEST_CASE(a_period_is_whole_local_days_up_to_the_end_of_today) {
  app::ReportWish wish;
  wish.site = fmt::to_string(house.site.value);
  wish.time_zone = "Asia/Almaty";
  wish.period = "today";
  BOOST_TEST(make("visits", wish).cover.filter[0].second == "2026-09-01 00:00:00 – 2026-09-02 00:00:00");
  wish.period = "7d";
  BOOST_TEST(make("visits", wish).cover.filter[0].second == "2026-08-26 00:00:00 – 2026-09-02 00:00:00");
  wish.period = "month";
  BOOST_TEST(make("visits", wish).cover.filter[0].second == "2026-09-01 00:00:00 – 2026-09-02 00:00:00");
  wish.period.clear();
  wish.since = "2026-09-01 14:00";  // 09:00 in UTC; the visit is expected at 08:00
  BOOST_TEST(make("visits", wish).written.total() == 0);
  wish.since = "2026-09-01 13:00";
  BOOST_TEST(make("visits", wish).written.total() == 1);
}

BOOST_AUTO_TEST_CASE(what_a_report_does_not_take_is_refused_with_what_it_does) {
  const auto refused = [&](std::string_view name, auto set, const std::string& part) {
    app::ReportWish wish;
    set(wish);
    BOOST_CHECK_EXCEPTION(make(name, wish), Error, says(Errc::usage, part));
  };
  refused(
      "visits", [](auto& w) { w.columns = {"guset"}; }, "guset");
  refused(
      "visits", [](auto& w) { w.statuses = {"PRESENT"}; }, "PRESENT");
  refused(
      "visits", [](auto& w) { w.period = "year"; }, "year");
  refused(
      "visits", [](auto& w) { w.section = "hosts"; }, "hosts");
  refused(
      "visits", [](auto& w) { w.period = "7d", w.since = "yesterday"; }, "period");
  refused(
      "visits", [](auto& w) { w.since = "today", w.until = "yesterday"; }, "ends before");
  refused(
      "inside", [](auto& w) { w.period = "7d"; }, "now");
  refused(
      "audit", [](auto& w) { w.site = "1"; }, "takes no site: much of what is done");
  refused(
      "events", [](auto& w) { w.department = "1"; }, "takes no department: what a terminal reports");
  refused(
      "hosts", [](auto& w) { w.statuses = {"new"}; }, "status");
  BOOST_CHECK_EXCEPTION(app::get_report("visit"), Error, says(Errc::usage, "visit"));
  app::ReportWish nowhere;
  nowhere.site = "Atlantis";
  BOOST_CHECK_EXCEPTION(make("visits", nowhere), Error, says(Errc::not_found, "Atlantis"));
}

BOOST_AUTO_TEST_CASE(charts_show_what_their_section_has) {
  app::ReportWish wish;
  wish.site = fmt::to_string(house.site.value);
  std::string text;
  const auto order = app::order_report(work(), app::get_report("auto-checkin"), wish, nullptr);
  const auto writer = report::json_writer([&](std::string_view bytes) { text += bytes; });
  app::write_report(work(), order, *writer);
  BOOST_TEST(has(text, "\"key\": \"by_time\""));
  BOOST_TEST(has(text, "\"slot\": \"08:00\", \"check_ins\": 1, \"check_outs\": 0, \"incidents\": 1}"));
  BOOST_TEST(has(text, "{\"type\": \"long_stay\", \"incidents\": 1}"));
  BOOST_TEST(has(text, "\"categories\": [\"Long stay"));
}

BOOST_AUTO_TEST_CASE(more_rows_than_one_trip_brings_all_arrive_once) {
  constexpr int kMany = 2500;
  tx.exec(
      "INSERT INTO visit (guest_id, site_id, expected_from, expected_until, registered_at) "
      "SELECT $1, $2, $3, $3 + interval '1 hour', $3 FROM generate_series(1, $4::integer)",
      house.guest, house.site, today_at("10:00"), kMany);
  app::ReportWish wish;
  wish.site = fmt::to_string(house.site.value);
  wish.columns = {"id"};
  const auto made = make("visits", wish);
  BOOST_TEST(made.written.total() == kMany + 1);
  const app::Work at_work = work();
  const auto order = app::order_report(at_work, app::get_report("visits"), wish, nullptr);
  BOOST_TEST(app::estimate_rows(at_work, order) > 0);
}

BOOST_AUTO_TEST_SUITE_END()
