// From the database to the file: whatever texts and times are stored, every report can be had in every format.

#include <fmt/format.h>

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>
#include <random>
#include <vector>

#include "app/event_source.hpp"
#include "app/reports.hpp"
#include "db/use_cases/work.hpp"
#include "hikvision/page.hpp"
#include "report/xlsx_writer.hpp"
#include "store/terminals.hpp"

using namespace visitor;
using namespace visitor::test;
using domain::Scope;
using report::Loss;

namespace {

constexpr int kVisits = 60;
constexpr std::size_t kCell = 32'767;  // what a cell of a spreadsheet holds

/// What the database takes of arbitrary text, which is all of UTF-8 but NUL.
class Hostile {
 public:
  std::string text(std::size_t most) {
    static const std::vector<std::string> kParts{
        "abc",    "Привет", "Әлия",   "İstanbul", "مرحبا",      "中文",  "🙂", "\x01",    "\x1b[31m",
        "\x7f",   "\r\n",   "\r",     "\t",       "\"",         "'",     ",",    ";",       "=1+1",
        "+",      "-",      "@",      "＝",       "]]>",        "&amp;", "<b>",  "_x0041_", "\u0085",
        "\u200B", "\u202E", "\uFFFE", "\uFFFF",   "\U0010FFFF", "\u2028"};
    std::string all;
    for (auto left = number(1, 12); left > 0; --left)
      if (const auto& part = kParts[number(0, kParts.size() - 1)]; all.size() + part.size() <= most) all += part;
    return all.empty() ? "x" : all;
  }
  /// As long as a cell, or longer, or much longer.
  std::string long_text(int which) {
    return text(40) + std::string(kCell + static_cast<std::size_t>(which) * 5'000, 'x');
  }

 private:
  std::size_t number(std::size_t least, std::size_t most) {
    return std::uniform_int_distribution<std::size_t>{least, most}(random_);
  }
  std::mt19937_64 random_{20'261'123};  // the same each time
};

constexpr const char* kMoments[] = {"0001-06-01T10:00Z", "1582-10-10T10:00Z",  "1850-01-01T00:00Z",
                                    "1899-12-31T23:59Z", "1900-02-28T12:00Z",  "2026-09-01T08:00Z",
                                    "9999-12-31T23:59Z", "10000-01-01T00:00Z", "12345-06-07T08:09Z"};

struct HostileFixture : AtWork {
  Hostile hostile;

  HostileFixture() {
    for (int i = 0; i < kVisits; ++i) add_visit(i);
    tx.exec("UPDATE host SET name = $2, email = $3, version = version + 1 WHERE id = $1", house.host, hostile.text(90),
            hostile.text(90));
    tx.exec(
        "INSERT INTO incident (type, severity, dedupe_key, site_id, summary, details, occurred_at, detected_at, "
        "last_seen_at) VALUES ('other', 'low', $1, $2, $3, jsonb_build_object('note', $3), $4, $4, $4)",
        house.tag, house.site, hostile.long_text(2), today_at("08:00"));
    tx.exec(
        "INSERT INTO audit (at, account_id, action, topic, entity_id, details) "
        "VALUES ($1, $2, 'update', 'guest', 1, jsonb_build_object('note', $3::text))",
        today_at("08:00"), house.account, hostile.long_text(3));
    tx.exec(
        "WITH a AS (INSERT INTO alert (kind, severity, summary, created_at, site_id) "
        "                VALUES ('incident_opened', 'low', $1, $2, $3) RETURNING id) "
        "INSERT INTO delivery (alert_id, channel, recipient, next_attempt_at, due_at, last_error) "
        "SELECT id, 'log', $4, $2, $2, $5 FROM a",
        hostile.long_text(1), today_at("08:00"), house.site, hostile.text(200), hostile.long_text(0));
    add_event();
  }

  void add_visit(int i) {
    const auto guest = tx.row(
                             "INSERT INTO guest (name, company, email, phone, created_at) VALUES ($1, $2, $3, $4, $5) "
                             "RETURNING id",
                             hostile.text(190), i % 20 == 7 ? hostile.long_text(i / 20) : hostile.text(300),
                             hostile.text(100), hostile.text(40), today_at("06:00"))
                           .get<GuestId>("id");
    tx.exec(
        "INSERT INTO visit (guest_id, host_id, department_id, site_id, purpose, purpose_text, kind, contact_phone, "
        "                   consent_at, expected_from, expected_until, registered_at) "
        "VALUES ($1, $2, $3, $4, 'OTHER', $5, 'delivery', '=1+1', $6::timestamptz, $6::timestamptz, "
        "        $6::timestamptz + interval '1 hour', $6::timestamptz)",
        guest, house.host, house.department, house.site, i % 20 == 3 ? hostile.long_text(i / 20) : hostile.text(300),
        std::string{kMoments[static_cast<std::size_t>(i) % std::size(kMoments)]});
  }

  /// Halves of surrogate pairs, as a terminal may send them.
  void add_event() {
    const auto page = hikvision::decode_page(
        R"({"AcsEvent":{"responseStatusStrg":"OK","numOfMatches":1,"totalMatches":1,"InfoList":[{"major":5,"minor":75,)"
        R"("time":"2026-09-01T08:00:00+00:00","serialNo":17,"doorNo":1,"cardReaderNo":1,"name":"\ud800 \udfff x",)"
        R"("employeeNoString":"7\ud83d7","cardNo":"1\udc002\u0001"}]}})");
    BOOST_REQUIRE(page.events.size() == 1);
    app::SourceContext context;
    context.received_at = today_at("08:00");
    store::Terminals{tx, Scope::everything()}.acquire_leases("d1", today_at("08:00"), std::chrono::hours{1}, 1000);
    app::ingest_page(work(), house.terminal, "d1", {app::to_incoming(page.events[0], context)}, {});
  }

  static std::unique_ptr<report::Writer> writer_of(report::Format format, report::Sink sink) {
    switch (format) {
      case report::Format::xlsx:
        return report::xlsx_writer(std::move(sink));
      case report::Format::pdf:
        return report::pdf_writer(std::move(sink));
      case report::Format::csv:
        return report::csv_writer(std::move(sink));
      case report::Format::json:
        return report::json_writer(std::move(sink));
      case report::Format::jsonl:
        return report::jsonl_writer(std::move(sink));
      case report::Format::html:
        break;
    }
    return report::html_writer(std::move(sink));
  }

  struct Made {
    std::string bytes;
    report::Written written;
    std::int64_t lost(Loss loss) const { return written.losses[static_cast<std::size_t>(loss)]; }
  };
  Made make(const app::Report& report, report::Format format) {
    app::ReportWish wish;
    if (!report.counts.empty() && !report.bounded) wish.since = "0001-01-01";
    wish.language = domain::Language::russian;
    wish.time_zone = "Asia/Almaty";
    const auto order = app::order_report(work(), report, wish, nullptr);
    Made made;
    const auto writer = writer_of(format, [&](std::string_view bytes) { made.bytes += bytes; });
    made.written = app::write_report(work(), order, *writer);
    return made;
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(hostile_rows, HostileFixture)

BOOST_AUTO_TEST_CASE(every_report_is_written_in_every_format_with_all_of_its_rows) {
  for (const auto* report : app::reports()) {
    const auto rows = make(*report, report::Format::json).written.rows;
    for (const auto& format : domain::names<report::Format>()) {
      BOOST_TEST_CONTEXT(report->name << " as " << format.name) {
        const auto made = make(*report, format.value);
        BOOST_TEST(made.written.rows == rows, boost::test_tools::per_element());
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(each_format_says_what_it_replaced) {
  const auto& visits = app::get_report("visits");
  const auto book = make(visits, report::Format::xlsx);
  BOOST_TEST(book.written.total() == kVisits);
  BOOST_TEST(book.lost(Loss::control_characters) > 0);
  BOOST_TEST(book.lost(Loss::long_text) == 3);  // of the purposes; the companies are not among the columns
  // Most of these moments are none that a spreadsheet calls dates, and each row has two of them.
  BOOST_TEST(book.lost(Loss::date_as_text) > kVisits);

  const auto pages = make(visits, report::Format::pdf);
  BOOST_TEST(pages.bytes.starts_with("%PDF-"));
  BOOST_TEST(pages.lost(Loss::control_characters) > 0);
  const auto table = make(visits, report::Format::csv);
  BOOST_TEST(table.lost(Loss::guarded) > 0);
  BOOST_TEST(make(visits, report::Format::html).lost(Loss::control_characters) > 0);
}

BOOST_AUTO_TEST_CASE(what_programs_read_has_every_character_and_every_moment) {
  const auto made = make(app::get_report("visits"), report::Format::json);
  const auto rows = boost::json::parse(made.bytes).at("sections").at(0).at("rows").as_array();
  BOOST_REQUIRE(rows.size() == static_cast<std::size_t>(kVisits));
  const auto stored = tx.rows(
      "SELECT v.purpose_text, g.name FROM visit v JOIN guest g ON g.id = v.guest_id WHERE v.site_id = $1 "
      "ORDER BY v.expected_from, v.id",
      house.site);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    BOOST_TEST((rows[i].at("purpose").as_string() == stored[i].get<std::string>("purpose_text")));
    BOOST_TEST((rows[i].at("guest").as_string() == stored[i].get<std::string>("name")));
  }
  BOOST_TEST(rows.front().at("expected_from").as_string().starts_with("0001-06-01T10:00"));
  BOOST_TEST(rows.back().at("expected_from").as_string().find("12345-06-07T08:09") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(halves_of_surrogate_pairs_arrive_as_the_character_for_what_is_none) {
  const auto made = make(app::get_report("events"), report::Format::jsonl);
  BOOST_TEST(made.bytes.find("\"employee_no\":\"7\uFFFD7\"") != std::string::npos);
  BOOST_TEST(made.bytes.find("\"card_no\":\"1\uFFFD2") != std::string::npos);
  BOOST_TEST(make(app::get_report("events"), report::Format::xlsx).written.total() == 1);
}

BOOST_AUTO_TEST_SUITE_END()
