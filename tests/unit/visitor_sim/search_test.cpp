#include <boost/test/unit_test.hpp>
#include <set>

#include "sim_client.hpp"

namespace visitor::sim {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;

struct OneProfile : SimFixture {
  OneProfile() { start("K1T342MWX"); }
};

/// Twelve plain rows, one a second from 12:00:00Z, on a device without noise of its own.
struct TwelveRows : SimFixture {
  TwelveRows() { fill("K1T321MFWX"); }
  void fill(std::string_view name) {
    auto quiet = profile(name);
    quiet.login_noise = false;
    quiet.lists_pic_enable = false;
    start(quiet);
    std::vector<Event> events(12);
    for (std::size_t i = 0; i < events.size(); ++i) {
      events[i].time = clock.now() + std::chrono::seconds{i};
      events[i].major = i % 2 == 0 ? 5 : 3;
      events[i].minor = i % 2 == 0 ? 75 : 1029;
      if (i % 2 == 0) events[i].employee_no = std::to_string(1001 + i);
    }
    terminal->add(events);
  }
};

void check_refused(const Reply& reply, std::string_view sub_status, std::string_view message) {
  BOOST_TEST(reply.status == 400);
  BOOST_TEST(reply.sub_status() == sub_status);
  BOOST_TEST(reply.error_message() == message);
}

BOOST_FIXTURE_TEST_CASE(each_mandatory_member_is_missed_by_its_name, OneProfile) {
  for (const char* member : {"searchID", "searchResultPosition", "maxResults", "major", "minor"}) {
    BOOST_TEST_CONTEXT(member) {
      check_refused(search({{member, nullptr}}), "MessageParametersLack", member);
    }
  }
}

BOOST_FIXTURE_TEST_CASE(a_member_that_is_wrong_is_refused_by_its_name, OneProfile) {
  struct Wrong {
    const char* member;
    json::value value;
  };
  const std::vector<Wrong> wrong{{"searchID", ""},
                                 {"searchID", json::string(65, 'x')},
                                 {"searchID", 1},
                                 {"searchResultPosition", -1},
                                 {"searchResultPosition", "0"},
                                 {"maxResults", 0},
                                 {"maxResults", 10.5},
                                 {"major", 4},
                                 {"major", 6},
                                 {"major", "5"},
                                 {"minor", -1},
                                 {"minor", 0x10000},
                                 {"startTime", "2026-09-01 12:00:00+05:00"},
                                 {"startTime", "2026-13-01T12:00:00+05:00"},
                                 {"startTime", "2026-09-01T12:00:00+0500"},
                                 {"startTime", "2026-09-01T24:00:00+05:00"},
                                 {"startTime", ""},
                                 {"endTime", 5},
                                 {"cardNo", ""},
                                 {"name", json::string(129, 'x')},
                                 {"employeeNoString", 1001},
                                 {"beginSerialNo", 0},
                                 {"endSerialNo", 3'000'000'001},
                                 {"picEnable", "false"},
                                 {"timeReverseOrder", "true"},
                                 {"eventAttribute", "attendance"},
                                 {"isAttendanceInfo", true},
                                 {"hasRecordInfo", true}};
  for (const auto& [member, value] : wrong) {
    BOOST_TEST_CONTEXT(member << " " << json::serialize(value)) {
      check_refused(search({{member, value}}), "badParameters", member);
    }
  }
  BOOST_TEST(terminal->counters().refused == wrong.size());
}

BOOST_FIXTURE_TEST_CASE(a_position_above_the_capability_is_out_of_range, OneProfile) {
  BOOST_TEST(search({{"searchResultPosition", 150'000}}).status == 200);
  check_refused(search({{"searchResultPosition", 150'001}}), "beyondARGSRangeLimit", "searchResultPosition");
}

BOOST_FIXTURE_TEST_CASE(an_end_before_its_start_is_refused, OneProfile) {
  check_refused(search({{"startTime", "2026-09-01T12:00:01+05:00"}, {"endTime", "2026-09-01T12:00:00+05:00"}}),
                "badParameters", "endTime");
  check_refused(search({{"beginSerialNo", 5}, {"endSerialNo", 4}}), "badParameters", "endSerialNo");
  BOOST_TEST(search({{"startTime", "2026-09-01T12:00:00+05:00"}, {"endTime", "2026-09-01T12:00:00+05:00"}}).status ==
             200);
}

BOOST_FIXTURE_TEST_CASE(a_body_must_be_json_with_the_root_alone, OneProfile) {
  BOOST_TEST(call("POST", kSearch, "<AcsEventCond/>").sub_status() == "badJsonFormat");
  BOOST_TEST(call("POST", kSearch, "").sub_status() == "badJsonFormat");
  BOOST_TEST(call("POST", kSearch, "[]").sub_status() == "badJsonFormat");
  check_refused(call("POST", kSearch, "{}"), "MessageParametersLack", "AcsEventCond");
  check_refused(call("POST", kSearch, R"({"AcsEventCond":5})"), "badParameters", "AcsEventCond");
  auto two = json::parse(condition()).as_object();
  two["extra"] = 1;
  check_refused(call("POST", kSearch, json::serialize(two)), "badParameters", "extra");
}

BOOST_FIXTURE_TEST_CASE(another_method_is_refused_as_the_model_does_it, SimFixture) {
  start("K1T342MWX");
  auto reply = call("GET", kSearch);
  BOOST_TEST(reply.status == 403);
  BOOST_TEST(reply.sub_status() == "methodNotAllowed");
  BOOST_TEST(call("PUT", "/ISAPI/System/deviceInfo").status == 403);

  start("K1A340FWX");
  reply = call("GET", kSearch);
  BOOST_TEST(reply.status == 404);
}

BOOST_FIXTURE_TEST_CASE(a_json_resource_needs_format_json_and_nothing_else, OneProfile) {
  for (const char* target : {"/ISAPI/AccessControl/AcsEvent", "/ISAPI/AccessControl/AcsEvent?format=xml",
                             "/ISAPI/AccessControl/AcsEvent?format=json&x=1"}) {
    BOOST_TEST_CONTEXT(target) {
      const auto reply = call("POST", target, condition());
      BOOST_TEST(reply.status == 400);
      BOOST_TEST(reply.sub_status() == "badURLFormat");
    }
  }
  BOOST_TEST(call("GET", "/ISAPI/AccessControl/AcsEvent/capabilities").status == 400);
}

BOOST_FIXTURE_TEST_CASE(an_unknown_path_is_not_supported, OneProfile) {
  const auto json_reply = call("GET", "/ISAPI/AccessControl/Nothing?format=json");
  BOOST_TEST(json_reply.status == 404);
  BOOST_TEST(json_reply.sub_status() == "notSupport");
  BOOST_TEST(json_reply.json().at("requestURL").as_string() == "/ISAPI/AccessControl/Nothing");
  const auto xml_reply = call("GET", "/ISAPI/System/capabilities");
  BOOST_TEST(xml_reply.status == 404);
  BOOST_TEST(xml_reply.header("content-type") == "application/xml");
  BOOST_TEST(xml_reply.sub_status() == "notSupport");
}

BOOST_FIXTURE_TEST_CASE(some_firmware_refuses_with_200, SimFixture) {
  start("newest-first");
  const auto reply = search({{"major", nullptr}});
  BOOST_TEST(reply.status == 200);
  BOOST_TEST(reply.sub_status() == "MessageParametersLack");
}

BOOST_FIXTURE_TEST_CASE(more_rows_than_the_limit_are_clamped_or_refused, SimFixture) {
  for (const auto& [name, limit, refused] : {std::tuple{"K1T342MWX", 30, false}, std::tuple{"K1A340FWX", 30, false},
                                             std::tuple{"K1T8003MF", 10, true}, std::tuple{"K1T804AMF", 10, true}}) {
    BOOST_TEST_CONTEXT(name) {
      start(name);
      terminal->backlog(60, {{"1001"}}, 1h);
      json::object changes{{"maxResults", limit + 1}};
      if (terminal->options().profile.lists_pic_enable) changes["picEnable"] = false;
      const auto reply = search(changes);
      if (refused) {
        check_refused(reply, "badParameters", "maxResults");
      } else {
        BOOST_TEST(rows(reply).size() == static_cast<std::size_t>(limit));
      }
    }
  }
}

BOOST_FIXTURE_TEST_CASE(the_8003_refuses_a_uuid_as_search_id, SimFixture) {
  start("K1T8003MF");
  const json::object uuid{{"searchID", "bb94da74-7d80-4fc4-8dad-d0776397716d"}};
  check_refused(search(uuid), "badParameters", "searchID");
  start("K1T342MWX");
  BOOST_TEST(search(uuid).status == 200);
}

BOOST_FIXTURE_TEST_CASE(members_that_the_capabilities_do_not_list_are_refused, SimFixture) {
  start("K1A340FWX");
  check_refused(search({{"picEnable", false}}), "badParameters", "picEnable");
  start("K1T804AMF");
  check_refused(search({{"timeReverseOrder", false}}), "badParameters", "timeReverseOrder");
  start("K1T341AM");
  check_refused(search({{"startTime", "2026-09-01T12:00:00+05:00"}}), "badJsonContent", "startTime");
  BOOST_TEST(search().status == 200);
}

BOOST_FIXTURE_TEST_CASE(pages_follow_each_other_to_the_last, TwelveRows) {
  const auto first = search({{"maxResults", 5}});
  BOOST_TEST(serials(first) == (std::vector<std::int64_t>{1, 2, 3, 4, 5}), boost::test_tools::per_element());
  const auto page = first.json().at("AcsEvent").as_object();
  BOOST_TEST(page.at("responseStatusStrg").as_string() == "MORE");
  BOOST_TEST(page.at("numOfMatches").as_int64() == 5);
  BOOST_TEST(page.at("totalMatches").as_int64() == 12);
  const auto last = search({{"maxResults", 5}, {"searchResultPosition", 10}});
  BOOST_TEST(serials(last) == (std::vector<std::int64_t>{11, 12}), boost::test_tools::per_element());
  BOOST_TEST(last.json().at("AcsEvent").at("responseStatusStrg").as_string() == "OK");
}

BOOST_FIXTURE_TEST_CASE(a_search_keeps_its_rows_while_new_ones_arrive, TwelveRows) {
  search({{"maxResults", 5}});
  terminal->power_on();
  const auto next = search({{"maxResults", 10}, {"searchResultPosition", 5}});
  BOOST_TEST(next.json().at("AcsEvent").at("totalMatches").as_int64() == 12);
  BOOST_TEST(search({{"searchID", "2"}}).json().at("AcsEvent").at("totalMatches").as_int64() == 13);
}

BOOST_FIXTURE_TEST_CASE(a_search_id_cannot_go_on_with_other_conditions, TwelveRows) {
  search({{"maxResults", 5}});
  check_refused(search({{"searchResultPosition", 5}, {"major", 5}}), "badParameters", "searchID");
}

BOOST_FIXTURE_TEST_CASE(behind_the_last_row_each_model_says_something_else, TwelveRows) {
  const json::object behind{{"searchResultPosition", 12}};
  BOOST_TEST(search(behind).json().at("AcsEvent").at("responseStatusStrg").as_string() == "OK");
  fill("K1T342MWX");
  BOOST_TEST(search(behind).json().at("AcsEvent").at("responseStatusStrg").as_string() == "NO MATCH");
  fill("K1T8003MF");
  check_refused(search(behind), "badParameters", "searchResultPosition");
}

BOOST_FIXTURE_TEST_CASE(filters_choose_rows, TwelveRows) {
  int id = 10;
  const auto count = [&](json::object changes) {
    changes["searchID"] = std::to_string(++id);
    changes["maxResults"] = 30;
    return rows(search(changes)).size();
  };
  BOOST_TEST(count({}) == 12U);
  BOOST_TEST(count({{"major", 5}}) == 6U);
  BOOST_TEST(count({{"major", 5}, {"minor", 75}}) == 6U);
  BOOST_TEST(count({{"major", 5}, {"minor", 76}}) == 0U);
  BOOST_TEST(count({{"employeeNoString", "1003"}}) == 1U);
  BOOST_TEST(count({{"beginSerialNo", 3}, {"endSerialNo", 5}}) == 3U);
  // Local time, the same as UTC, and the same as another offset.
  BOOST_TEST(count({{"startTime", "2026-09-01T17:00:10"}}) == 2U);
  BOOST_TEST(count({{"startTime", "2026-09-01T12:00:10Z"}}) == 2U);
  BOOST_TEST(count({{"startTime", "2026-09-01T08:00:10-04:00"}}) == 2U);
  BOOST_TEST(count({{"startTime", "2026-09-01T17:00:02+05:00"}, {"endTime", "2026-09-01T17:00:04+05:00"}}) == 3U);
}

BOOST_FIXTURE_TEST_CASE(an_empty_search_is_no_match_with_or_without_a_list, SimFixture) {
  start("K1T321MFWX");
  auto page = search().json().at("AcsEvent").as_object();
  BOOST_TEST(page.at("responseStatusStrg").as_string() == "NO MATCH");
  BOOST_TEST(page.at("numOfMatches").as_int64() == 0);
  BOOST_TEST(!page.contains("InfoList"));
  start("K1A340FWX");
  page = search().json().at("AcsEvent").as_object();
  BOOST_TEST(page.at("InfoList").as_array().empty());
}

BOOST_FIXTURE_TEST_CASE(order_is_newest_first_where_asked_and_honoured_or_by_nature, TwelveRows) {
  const json::object reverse{{"timeReverseOrder", true}, {"maxResults", 1}};
  BOOST_TEST(serials(search(reverse)).at(0) == 12);
  fill("K1A340FWX");
  BOOST_TEST(serials(search(reverse)).at(0) == 1);
  fill("newest-first");
  BOOST_TEST(serials(search({{"maxResults", 1}})).at(0) == 12);
}

BOOST_FIXTURE_TEST_CASE(a_sparse_row_has_what_applies_and_nothing_else, SimFixture) {
  start("K1T342MWX");
  terminal->walk({{"1001", "Ann", "300001"}, 1, 1});
  const auto page = search({{"major", 5}, {"picEnable", false}});
  const auto list = rows(page);
  BOOST_REQUIRE_EQUAL(list.size(), 2U);
  BOOST_TEST(json::serialize(list[0]) ==
             R"({"major":5,"minor":21,"time":"2026-09-01T17:00:00+05:00","doorNo":1,"serialNo":1,)"
             R"("currentVerifyMode":"invalid","mask":"unknown"})");
  const auto& face = list[1].as_object();
  BOOST_TEST(face.at("minor").as_int64() == 75);
  BOOST_TEST(face.at("employeeNoString").as_string() == "1001");
  BOOST_TEST(face.at("userType").as_string() == "normal");
  BOOST_TEST(face.contains("pictureURL"));
  BOOST_TEST(!face.contains("cardNo"));
  // As cJSON prints: a tab behind the colon and "}, {" between the rows.
  BOOST_TEST(page.body.find("\t\t\"InfoList\":\t[{\n\t\t\t\t\"major\":\t5,") != std::string::npos);
  BOOST_TEST(page.body.find("\n\t\t\t}, {\n") != std::string::npos);
}

BOOST_FIXTURE_TEST_CASE(the_picture_of_a_face_is_handed_out_after_a_log_in, SimFixture) {
  start("K1T342MWX");
  terminal->walk({{"1001", "Ann", "300001"}, 1, 1});
  const auto list = rows(search({{"major", 5}, {"minor", 75}, {"picEnable", false}}));
  const std::string url{list.at(0).at("pictureURL").as_string()};
  const auto picture = url.substr(url.find("/LOCALS/"));
  BOOST_TEST(send("GET", picture).status == 401);
  const auto reply = call("GET", picture);
  BOOST_TEST(reply.header("content-type") == "image/jpeg");
  BOOST_TEST(reply.body.size() == 20'000U);
  BOOST_TEST(reply.body.starts_with("\xFF\xD8\xFF"));
  BOOST_TEST(call("GET", "/LOCALS/pic/acsLinkCap/200001_00/01_000000_30075_0.jpeg@WEB000000000011").status == 404);
}

BOOST_FIXTURE_TEST_CASE(a_zero_filled_row_has_every_member_even_for_a_power_on, SimFixture) {
  start("K1A340FWX");
  terminal->power_on();
  const auto list = rows(search());
  BOOST_REQUIRE_EQUAL(list.size(), 1U);
  const auto& row = list[0].as_object();
  BOOST_TEST(row.size() == 29U);
  BOOST_TEST(row.at("employeeNoString").as_string() == "");
  BOOST_TEST(row.at("doorNo").as_int64() == 0);
  BOOST_TEST(row.at("userType").as_string() == "normal");
  BOOST_TEST(row.at("remoteHostAddr").as_string() == "0.0.0.0");
}

BOOST_FIXTURE_TEST_CASE(a_search_that_does_not_decline_pictures_is_answered_in_parts, SimFixture) {
  start("K1T342MWX");
  terminal->walk({{"1001"}});
  const auto reply = search();
  BOOST_TEST(reply.header("content-type") == "multipart/form-data; boundary=MIME_boundary");
  BOOST_TEST(reply.body.find("Content-Type: image/jpeg") != std::string::npos);
  BOOST_TEST(search({{"searchID", "2"}, {"picEnable", false}}).header("content-type") == "application/json");
}

BOOST_FIXTURE_TEST_CASE(each_search_session_leaves_its_log_in_and_out_in_the_log, SimFixture) {
  start("K1T342MWX");
  search();
  search();
  search({{"searchID", "2"}});
  const auto events = terminal->events();
  BOOST_REQUIRE_EQUAL(events.size(), 4U);
  BOOST_TEST(events[0].minor == 112);
  BOOST_TEST(events[1].minor == 113);
  BOOST_TEST(events[0].remote_host == "127.0.0.1");
}

BOOST_FIXTURE_TEST_CASE(times_come_in_the_form_of_the_model, SimFixture) {
  for (const auto& [name, text] :
       {std::pair{"K1T342MWX", "2026-09-01T17:00:00+05:00"}, std::pair{"time-compact", "2026-09-01T17:00:00+0500"},
        std::pair{"time-short-hour", "2026-09-01T17:00:00+5:00"}, std::pair{"time-local", "2026-09-01T17:00:00"},
        std::pair{"time-utc", "2026-09-01T12:00:00Z"}, std::pair{"time-zero", "2026-09-01T17:00:00+00:00"}}) {
    BOOST_TEST_CONTEXT(name) {
      start(name);
      terminal->power_on();
      const auto row = rows(search({{"major", 2}})).at(0).as_object();
      BOOST_TEST(row.at("time").as_string() == text);
      BOOST_TEST(row.contains("timeDiff") == (std::string_view{name} == "time-utc"));
      const auto time = call("GET", "/ISAPI/System/time").body;
      BOOST_TEST(time.find(std::string{"<localTime>"} + text + "<") != std::string::npos);
      BOOST_TEST(time.find("<timeZone>CST-5:00:00<") != std::string::npos);
    }
  }
}

BOOST_FIXTURE_TEST_CASE(the_total_needs_its_own_root_and_counts_the_same, TwelveRows) {
  constexpr auto kTotal = "/ISAPI/AccessControl/AcsEventTotalNum?format=json";
  const auto total = [&](const char* body) { return call("POST", kTotal, body); };
  BOOST_TEST(total(R"({"AcsEventTotalNumCond":{"major":5,"minor":0}})")
                 .json()
                 .at("AcsEventTotalNum")
                 .at("totalNum")
                 .as_int64() == 6);
  check_refused(call("POST", kTotal, condition()), "MessageParametersLack", "AcsEventTotalNumCond");
  check_refused(total(R"({"AcsEventTotalNumCond":{"minor":0}})"), "MessageParametersLack", "major");
  check_refused(total(R"({"AcsEventTotalNumCond":{"major":0,"minor":0,"searchID":"1"}})"), "badParameters", "searchID");
}

BOOST_FIXTURE_TEST_CASE(the_capabilities_say_what_a_search_accepts, SimFixture) {
  for (const auto& each : profiles()) {
    BOOST_TEST_CONTEXT(each.name) {
      start(each);
      const auto reply = call("GET", "/ISAPI/AccessControl/AcsEvent/capabilities?format=json");
      BOOST_REQUIRE_EQUAL(reply.status, 200);
      const auto members = reply.json().at("AcsEvent").at("AcsEventCond").as_object();
      BOOST_TEST(members.at("maxResults").at("@max").as_int64() == each.max_results);
      BOOST_TEST(members.contains("picEnable") == each.lists_pic_enable);
      const auto accepted = search({{"picEnable", false}}).sub_status().empty();
      BOOST_TEST(accepted == members.contains("picEnable"));
      BOOST_TEST(search({{"timeReverseOrder", false}}).sub_status().empty() == members.contains("timeReverseOrder"));
      BOOST_TEST(search({{"startTime", "2026-09-01T12:00:00Z"}}).sub_status().empty() == members.contains("startTime"));
    }
  }
}

BOOST_FIXTURE_TEST_CASE(device_info_is_xml_and_on_some_models_json, SimFixture) {
  start("K1A340FWX");
  const auto xml = call("GET", "/ISAPI/System/deviceInfo");
  BOOST_TEST(xml.header("content-type") == "application/xml");
  BOOST_TEST(xml.body.find("<serialNumber>DS-K1A340FWX20240102V010207ENJ00000001</serialNumber>") != std::string::npos);
  BOOST_TEST(xml.body.find("<macAddress>02:00:00:00:00:01</macAddress>") != std::string::npos);
  BOOST_TEST(call("GET", "/ISAPI/System/deviceInfo?format=json").sub_status() == "notSupport");
  start("K1T342MWX");
  const auto json_form = call("GET", "/ISAPI/System/deviceInfo?format=json");
  BOOST_TEST(json_form.json().at("DeviceInfo").at("model").as_string() == "DS-K1T342MWX");
}

BOOST_FIXTURE_TEST_CASE(answers_carry_the_headers_of_a_terminal, SimFixture) {
  start("K1T342MWX");
  const auto reply = call("GET", kUserCheck);
  BOOST_TEST(reply.header("server") == "webs");
  BOOST_TEST(reply.header("connection") == "close");
  BOOST_TEST(reply.header("cache-control") == "no-store");
  start("V4.48.40");
  BOOST_TEST(call("GET", kUserCheck).header("connection") == "keep-alive");
}

}  // namespace
}  // namespace visitor::sim
