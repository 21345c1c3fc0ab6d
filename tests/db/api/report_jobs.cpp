#include "app/report_jobs.hpp"

#include <fmt/format.h>

#include <boost/test/unit_test.hpp>
#include <set>

#include "api_fixture.hpp"
#include "core/message_digest.hpp"
#include "core/text.hpp"
#include "daemon/api/api.hpp"
#include "store/report_jobs.hpp"
#include "support/has_code.hpp"

using namespace visitor;
using namespace visitor::test;
using domain::ReportJobState;

namespace {

struct ReportJobsFixture : Api {
  AccountId boss = given_role("administrator");
  std::string one = "one:1:aa" + house.tag;
  std::string two = "two:2:bb" + house.tag;
  app::ReportBounds bounds;

  ReportJobsFixture() {
    // What others left under way is not this test's.
    db::Transaction tx{pool};
    tx.exec("DELETE FROM report_job");
    tx.commit();
  }

  app::ReportMaker maker(const std::string& holder) { return {pool, settings, vault, clock, holder, bounds}; }
  /// \returns its address
  std::string asked(const std::string& body = "{}", const std::string& token = "administrator",
                    const std::string& report = "visits") {
    const auto reply = ask("POST", fmt::format("/reports/{}/", report), token, body);
    BOOST_TEST_REQUIRE(reply.status == 202, reply.body);
    return reply.header("Location").substr(std::string_view{"/api/v1"}.size());
  }
  void made_by(const std::string& holder) {
    const auto job = app::take_report_job(maker(holder));
    BOOST_TEST_REQUIRE(job.has_value());
    app::make_report_job(maker(holder), *job);
  }
  std::string state(const std::string& path, const std::string& token = "administrator") {
    return std::string{get(path, token).body.at("state").as_string()};
  }
  std::string problem_of(const std::string& path) {
    return std::string{get(path, "administrator").body.at("error").as_string()};
  }
  /// How often one is on record.
  std::int64_t exports(const std::string& path) {
    db::Transaction tx{pool, {.read_only = true}};
    return tx
        .row("SELECT count(*) AS n FROM audit WHERE topic = 'report' AND action = 'export' AND entity_id = $1",
             get(path, "administrator").body.at("id").as_int64())
        .get<std::int64_t>("n");
  }
  void change(std::string_view sql, AccountId account) {
    db::Transaction tx{pool};
    tx.exec(sql, account);
    tx.commit();
  }
};

std::string hash_of(std::string_view bytes) {
  MessageDigest digest{DigestKind::sha256};
  digest.add(bytes);
  return to_hex(digest.finish());
}

std::string header_of(const http::Response& response, std::string_view name) {
  for (const auto& [key, value] : response.headers)
    if (key == name) return value;
  return "";
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(api_report_jobs, ReportJobsFixture)

BOOST_AUTO_TEST_CASE(what_is_asked_of_one_daemon_is_made_by_another_and_fetched_from_a_third) {
  const auto path = asked(R"({"format": "csv", "columns": ["id", "guest"], "file_name": "Отчет \"1\".csv"})");
  BOOST_TEST(state(path) == "queued");
  BOOST_TEST(send("GET", path + "file/", "administrator").status == 409);
  made_by(one);
  api::Dispatch third{[this] { return parts(); }, &doorman, clock};
  const auto job = get(path, "administrator");
  BOOST_TEST(job.body.at("state").as_string() == "done");
  BOOST_TEST(job.body.at("rows").as_int64() >= 1);
  const auto file = send("GET", path + "file/", "administrator", "", {}, &third);
  BOOST_TEST(file.status == 200);
  BOOST_TEST(file.content_type == "text/csv; charset=utf-8");
  BOOST_TEST(file.body.starts_with("Visit,Guest\r\n"));
  BOOST_TEST(hash_of(file.body) == std::string{job.body.at("sha256").as_string()});
  BOOST_TEST(header_of(file, "ETag") == fmt::format("\"{}\"", hash_of(file.body)));
  BOOST_TEST(header_of(file, "Content-Disposition") ==
             "attachment; filename=\"_____ _1_.csv\"; "
             "filename*=UTF-8''%D0%9E%D1%82%D1%87%D0%B5%D1%82%20%221%22.csv");
  BOOST_TEST(send("GET", path + "file/", "administrator", "", {{"If-None-Match", header_of(file, "ETag")}}).status ==
             304);
  const auto manifest = send("GET", path + "manifest/", "administrator", "", {}, &third);
  BOOST_TEST(manifest.status == 200);
  BOOST_TEST((manifest.body.find(hash_of(file.body)) != std::string::npos));
  BOOST_TEST(exports(path) == 1);
}

BOOST_AUTO_TEST_CASE(parts_of_a_file_are_the_file) {
  const auto path = asked(R"({"format": "html"})");
  made_by(one);
  const auto file = send("GET", path + "file/", "administrator");
  const auto size = file.body.size();
  std::string together;
  for (std::size_t at = 0; at < size; at += 1'000) {
    const auto part =
        send("GET", path + "file/", "administrator", "",
             {{"Range", fmt::format("bytes={}-{}", at, at + 999)}, {"If-Range", header_of(file, "ETag")}});
    BOOST_TEST_REQUIRE(part.status == 206);
    BOOST_TEST(header_of(part, "Content-Range") ==
               fmt::format("bytes {}-{}/{}", at, std::min(at + 999, size - 1), size));
    together += part.body;
  }
  BOOST_TEST((together == file.body));
  BOOST_TEST(send("GET", path + "file/", "administrator", "", {{"Range", "bytes=0-1"}, {"If-Range", "\"other\""}})
                 .body.size() == size);
}

BOOST_AUTO_TEST_CASE(a_file_of_several_pieces_comes_whole_and_lies_sealed) {
  {
    db::Transaction tx{pool};
    tx.exec(
        "INSERT INTO visit (guest_id, site_id, expected_from, expected_until, registered_at) "
        "SELECT $1, $2, $3, $3 + interval '1 hour', $3 FROM generate_series(1, 3000)",
        house.guest, house.site, today_at("10:00"));
    tx.commit();
  }
  const auto path = asked(fmt::format(R"({{"format": "jsonl", "site": "{}"}})", house.site));
  made_by(one);
  const auto job = get(path, "administrator");
  BOOST_TEST(job.body.at("rows").as_int64() == 3001);
  const auto file = send("GET", path + "file/", "administrator");
  BOOST_TEST(file.body.size() > 2 * app::kReportPiece);
  BOOST_TEST(hash_of(file.body) == std::string{job.body.at("sha256").as_string()});
  const auto middle = send("GET", path + "file/", "administrator", "",
                           {{"Range", fmt::format("bytes={}-{}", app::kReportPiece - 5, app::kReportPiece + 4)}});
  BOOST_TEST((middle.body == file.body.substr(app::kReportPiece - 5, 10)));
  db::Transaction tx{pool, {.read_only = true}};
  BOOST_TEST(tx.row("SELECT count(*) AS n FROM report_chunk WHERE position('guest'::bytea IN content) > 0")
                 .get<std::int64_t>("n") == 0);
}

BOOST_AUTO_TEST_CASE(what_a_killed_daemon_had_begun_is_taken_over_after_its_lease_and_made_once) {
  const auto path = asked();
  const auto begun = app::take_report_job(maker(one));
  BOOST_TEST_REQUIRE(begun.has_value());
  BOOST_TEST(state(path) == "running");
  clock.advance(bounds.lease - std::chrono::seconds{1});
  BOOST_TEST(!app::take_report_job(maker(two)).has_value());
  clock.advance(std::chrono::seconds{2});
  const auto taken = app::take_report_job(maker(two));
  BOOST_TEST_REQUIRE(taken.has_value());
  BOOST_TEST((taken->id == begun->id));
  // The first one was only slow: what it does now counts for nothing.
  app::make_report_job(maker(one), *begun);
  BOOST_TEST(state(path) == "running");
  BOOST_TEST(exports(path) == 0);
  app::make_report_job(maker(two), *taken);
  BOOST_TEST(state(path) == "done");
  BOOST_TEST(exports(path) == 1);
  app::make_report_job(maker(one), *begun);
  BOOST_TEST(exports(path) == 1);
  BOOST_TEST(send("GET", path + "file/", "administrator").status == 200);
}

BOOST_AUTO_TEST_CASE(pieces_of_a_lost_claim_are_in_nobodys_file) {
  const auto path = asked();
  const auto begun = *app::take_report_job(maker(one));
  {
    db::Transaction tx{pool};
    BOOST_TEST(store::ReportJobs{tx}.add_piece(begun.id, begun.claim, 0, std::as_bytes(std::span{"abc", 3})));
    tx.commit();
  }
  clock.advance(bounds.lease);
  made_by(two);
  BOOST_TEST(send("GET", path + "file/", "administrator").status == 200);
  db::Transaction tx{pool};
  BOOST_TEST(!store::ReportJobs{tx}.piece(begun.id, begun.claim, 0).has_value());
  BOOST_TEST(!store::ReportJobs{tx}.add_piece(begun.id, begun.claim, 1, std::as_bytes(std::span{"abc", 3})));
}

BOOST_AUTO_TEST_CASE(one_that_kills_who_makes_it_is_given_up) {
  const auto path = asked();
  for (int i = 0; i < bounds.tries; ++i) {
    BOOST_TEST_REQUIRE(app::take_report_job(maker(one)).has_value());
    clock.advance(bounds.lease);
  }
  made_by(two);
  BOOST_TEST(state(path) == "failed");
  BOOST_TEST(!app::take_report_job(maker(two)).has_value());
  BOOST_TEST(exports(path) == 0);
}

BOOST_AUTO_TEST_CASE(a_daemon_that_ends_gives_it_back_at_once) {
  const auto path = asked();
  for (int i = 0; i < 5; ++i) {
    const auto job = app::take_report_job(maker(one));
    BOOST_TEST_REQUIRE(job.has_value());
    std::stop_source stop;
    stop.request_stop();
    BOOST_CHECK_EXCEPTION(app::make_report_job(maker(one), *job, stop.get_token()), Error, has_code(Errc::interrupted));
    BOOST_TEST(state(path) == "queued");
  }
  made_by(two);
  BOOST_TEST(state(path) == "done");
}

BOOST_AUTO_TEST_CASE(rights_are_those_of_the_moment_when_it_is_made_and_when_it_is_fetched) {
  const auto disabled = asked();
  const auto changed = asked();
  change("UPDATE account SET disabled_at = now() WHERE id = $1", boss);
  made_by(one);
  change("UPDATE account SET disabled_at = NULL WHERE id = $1", boss);
  BOOST_TEST(state(disabled) == "failed");
  BOOST_TEST((problem_of(disabled).find("disabled") != std::string::npos));
  made_by(one);
  BOOST_TEST(send("GET", changed + "file/", "administrator").status == 200);
  // One who may see a part by now does not get the file of all.
  std::vector<domain::Principal::Right> rights{{domain::Permission::report_export, domain::Scope::everything()},
                                               {domain::Permission::visit_view, domain::Scope::of({house.site}, {})}};
  admit("part", domain::Principal{boss, "part", rights, false});
  BOOST_TEST(send("GET", changed + "file/", "part").status == 403);
  BOOST_TEST(send("GET", changed + "manifest/", "part").status == 403);
  admit("blind", domain::Principal{boss, "blind", {rights[0]}, false});
  BOOST_TEST(send("GET", changed + "file/", "blind").status == 403);
  BOOST_TEST(ask("POST", "/reports/visits/", "blind", "{}").status == 403);
  BOOST_TEST(send("GET", "/reports/visits/file/", "blind").status == 403);
}

BOOST_AUTO_TEST_CASE(a_file_has_what_lies_in_the_scope_of_who_asked) {
  House theirs;
  {
    db::Transaction tx{pool};
    theirs = House::build(tx);
    given_visit(tx, theirs);
    tx.commit();
  }
  given_role("manager", house.site);
  const auto path = asked(R"({"format": "jsonl"})", "manager");
  made_by(one);
  const auto file = send("GET", path + "file/", "manager");
  BOOST_TEST(file.status == 200);
  BOOST_TEST((file.body.find(house.tag) != std::string::npos));
  BOOST_TEST((file.body.find(theirs.tag) == std::string::npos));
  BOOST_TEST(get(path, "manager").body.at("withheld").as_array().size() == 2U);
  const auto at_once = send("GET", "/reports/visits/file/?format=jsonl", "manager");
  BOOST_TEST(at_once.status == 200);
  BOOST_TEST((at_once.body.find(theirs.tag) == std::string::npos));
}

BOOST_AUTO_TEST_CASE(document_numbers_take_a_permission_and_a_reason) {
  given_role("manager", house.site);
  BOOST_TEST(ask("POST", "/reports/visits/", "manager", R"({"reason": "the police"})").status == 403);
  BOOST_TEST(send("GET", "/reports/visits/file/?reason=police", "manager").status == 403);
  const auto path = asked(R"({"reason": "the police"})");
  made_by(one);
  const auto job = get(path, "administrator");
  BOOST_TEST(job.body.at("withheld").as_array().empty());
  // Who may see all but documents does not get them from what was made before.
  std::vector<domain::Principal::Right> rights{{domain::Permission::report_export, domain::Scope::everything()},
                                               {domain::Permission::visit_view, domain::Scope::everything()}};
  admit("no documents", domain::Principal{boss, "no documents", rights, false});
  BOOST_TEST(send("GET", path + "file/", "no documents").status == 403);
}

BOOST_AUTO_TEST_CASE(nobody_sees_what_another_has_asked_for) {
  const auto path = asked();
  made_by(one);
  BOOST_TEST(get(path, "all").status == 404);
  BOOST_TEST(send("GET", path + "file/", "all").status == 404);
  BOOST_TEST(send("GET", path + "manifest/", "all").status == 404);
  BOOST_TEST(ask("DELETE", path, "all").status == 404);
  BOOST_TEST(get("/reports/jobs/", "all").body.at("results").as_array().empty());
  BOOST_TEST(get("/reports/jobs/", "administrator").body.at("results").as_array().size() == 1U);
}

BOOST_AUTO_TEST_CASE(there_are_only_so_many_and_a_removed_one_makes_room) {
  std::string last;
  for (int i = 0; i < bounds.unfinished_of_account; ++i) last = asked();
  const auto refused = ask("POST", "/reports/visits/", "administrator", "{}");
  BOOST_TEST(refused.status == 409);
  BOOST_TEST(refused.problem() == "conflict");
  BOOST_TEST(ask("DELETE", last + "?dry_run=1", "administrator").status == 200);
  BOOST_TEST(state(last) == "queued");
  BOOST_TEST(ask("DELETE", last, "administrator").status == 200);
  BOOST_TEST(get(last, "administrator").status == 404);
  asked();
}

BOOST_AUTO_TEST_CASE(one_that_is_removed_while_it_is_made_leaves_nothing) {
  const auto path = asked();
  const auto job = *app::take_report_job(maker(one));
  BOOST_TEST(ask("DELETE", path, "administrator").status == 200);
  app::make_report_job(maker(one), job);
  db::Transaction tx{pool, {.read_only = true}};
  BOOST_TEST(tx.row("SELECT count(*) AS n FROM report_chunk").get<std::int64_t>("n") == 0);
  BOOST_TEST(
      tx.row("SELECT count(*) AS n FROM audit WHERE topic = 'report' AND action = 'export' AND entity_id = $1", job.id)
          .get<std::int64_t>("n") == 0);
}

BOOST_AUTO_TEST_CASE(a_file_that_is_too_large_is_not_kept) {
  bounds.largest = 10;
  const auto path = asked();
  made_by(one);
  BOOST_TEST(state(path) == "failed");
  BOOST_TEST((problem_of(path).find("more than 10 bytes") != std::string::npos));
}

BOOST_AUTO_TEST_CASE(a_day_after_it_was_made_it_is_not_there_and_later_gone) {
  const auto path = asked();
  made_by(one);
  clock.advance(bounds.kept - std::chrono::seconds{1});
  BOOST_TEST(send("GET", path + "file/", "administrator").status == 200);
  clock.advance(std::chrono::seconds{1});
  BOOST_TEST(get(path, "administrator").status == 404);
  BOOST_TEST(send("GET", path + "file/", "administrator").status == 404);
  db::Transaction tx{pool};
  const app::Actor actor{boss, "boss"};
  BOOST_TEST(app::purge_report_jobs({tx, actor, clock.now(), settings, domain::Scope::everything()}) == 1);
  BOOST_TEST(tx.row("SELECT count(*) AS n FROM report_chunk").get<std::int64_t>("n") == 0);
}

BOOST_AUTO_TEST_CASE(a_request_that_is_repeated_is_done_once_and_a_dry_run_not_at_all) {
  const http::Headers key{{"Idempotency-Key", "k-" + house.tag}};
  const auto first = ask("POST", "/reports/visits/", "administrator", "{}", key);
  const auto second = ask("POST", "/reports/visits/", "administrator", "{}", key);
  BOOST_TEST(first.header("Location") == second.header("Location"));
  BOOST_TEST(second.header("Idempotency-Replayed") == "1");
  BOOST_TEST(ask("POST", "/reports/visits/?dry_run=1", "administrator", "{}").status == 202);
  BOOST_TEST(get("/reports/jobs/", "administrator").body.at("results").as_array().size() == 1U);
}

BOOST_AUTO_TEST_CASE(what_is_wrong_with_a_wish_is_said_at_once) {
  const auto status = [&](std::string_view report, const std::string& body) {
    return ask("POST", fmt::format("/reports/{}/", report), "administrator", body).status;
  };
  BOOST_TEST(status("visitors", "{}") == 404);
  BOOST_TEST(get("/reports/visitors/", "administrator").status == 404);
  BOOST_TEST(status("visits", R"({"format": "docx"})") == 400);
  BOOST_TEST(status("visits", R"({"columns": ["guset"]})") == 400);
  BOOST_TEST(status("visits", R"({"from": "soon"})") == 400);
  BOOST_TEST(status("visits", R"({"period": "year"})") == 400);
  BOOST_TEST(status("visits", R"({"site": "Atlantis"})") == 404);
  BOOST_TEST(status("visits", R"({"format": "pdf", "bom": true})") == 400);
  BOOST_TEST(status("visits", R"({"frmat": "pdf"})") == 400);
  BOOST_TEST(status("inside", R"({"period": "7d"})") == 400);
  std::string columns = "\"id\"";
  for (int i = 0; i < 100; ++i) columns += ", \"id\"";
  BOOST_TEST(status("visits", fmt::format("{{\"columns\": [{}]}}", columns)) == 400);
  BOOST_TEST(send("GET", "/reports/visits/file/?columns=guset", "administrator").status == 400);
  BOOST_TEST(send("GET", "/reports/visits/file/?colums=id", "administrator").status == 400);
  BOOST_TEST(get("/reports/jobs/", "administrator").body.at("results").as_array().empty());
}

BOOST_AUTO_TEST_CASE(reports_and_what_was_asked_have_the_members_that_are_declared) {
  const auto done = asked();
  made_by(one);
  asked();
  const auto has = [&](std::string_view schema, const boost::json::value& thing) {
    std::set<std::string> declared, found;
    for (const auto& field : dispatch->table().schema(schema).fields) declared.insert(field.name);
    for (const auto& member : thing.as_object()) found.insert(std::string{member.key()});
    BOOST_TEST(found == declared, boost::test_tools::per_element());
  };
  has("Report", get("/reports/visits/", "administrator").body);
  const auto reports = get("/reports/", "administrator").body.at("results").as_array();
  for (const auto& report : reports) {
    has("Report", report);
    for (const auto& section : report.at("sections").as_array()) {
      has("ReportSection", section);
      for (const auto& column : section.at("columns").as_array()) has("ReportColumn", column);
    }
  }
  has("ReportJob", get(done, "administrator").body);
  const auto jobs = get("/reports/jobs/", "administrator").body.at("results").as_array();
  BOOST_TEST_REQUIRE(jobs.size() == 2U);
  for (const auto& job : jobs) has("ReportJob", job);
}

BOOST_AUTO_TEST_CASE(every_report_is_listed_and_can_be_had_at_once) {
  const auto list = get("/reports/?page_size=50", "administrator").body.at("results").as_array();
  BOOST_TEST(list.size() == app::reports().size());
  for (const auto& report : list) {
    const auto name = std::string{report.at("name").as_string()};
    const auto file = send("GET", fmt::format("/reports/{}/file/?format=jsonl", name), "administrator");
    BOOST_TEST(file.status == 200, name);
    BOOST_TEST(header_of(file, "ETag") == fmt::format("\"{}\"", hash_of(file.body)));
  }
}

BOOST_AUTO_TEST_CASE(the_addresses_of_the_dashboards_give_the_file_with_and_without_the_slash) {
  http::Router router;
  api::add_api(router, std::make_shared<api::Dispatch>([this] { return parts(); }, &doorman, clock));
  for (const std::string path : {"/dashboards/auto-checkin/export/pdf", "/dashboards/auto-checkin/export/pdf/",
                                 "/dashboards/auto-checkin/export/xlsx", "/dashboards/auto-checkin/export/xlsx/"}) {
    const auto match = router.match("GET", path);
    BOOST_TEST_REQUIRE((match.route != nullptr), path);
    http::Request request;
    request.method = "GET";
    request.path = path;
    request.remote = "192.0.2.1";
    BOOST_TEST(whole(match.route->handler(request)).status == 401);
    request.headers = {{"Authorization", "Bearer administrator"}};
    request.query = "period=7d&locale=ru";
    const auto file = whole(match.route->handler(request));
    BOOST_TEST(file.status == 200);
    const bool pdf = path.find("pdf") != std::string::npos;
    BOOST_TEST(file.body.starts_with(pdf ? "%PDF-" : "PK"));
    BOOST_TEST((header_of(file, "Content-Disposition").find(pdf ? ".pdf" : ".xlsx") != std::string::npos));
    request.query = "format=csv";
    BOOST_TEST(whole(match.route->handler(request)).status == 400);
  }
}

BOOST_AUTO_TEST_SUITE_END()
