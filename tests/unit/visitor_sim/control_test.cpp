#include "support/visitor_sim_control.hpp"

#include <httplib.h>

#include <boost/test/unit_test.hpp>

#include "core/error.hpp"
#include "sim_client.hpp"

namespace visitor::sim {
namespace {

namespace json = boost::json;

struct ControlFixture : SimFixture {
  ControlFixture() {
    start("K1T321MFWX");
    control.emplace(*terminal, "127.0.0.1", 0);
  }
  std::pair<int, json::object> post(const std::string& path, const std::string& body) const {
    httplib::Client client{"127.0.0.1", control->port()};
    const auto result = client.Post(path, body, "application/json");
    BOOST_REQUIRE(result);
    return {result->status, json::parse(result->body).as_object()};
  }
  json::object state(const std::string& query = {}) const {
    httplib::Client client{"127.0.0.1", control->port()};
    const auto result = client.Get("/state" + query);
    BOOST_REQUIRE(result);
    return json::parse(result->body).as_object();
  }
  std::optional<Control> control;
};

BOOST_FIXTURE_TEST_CASE(commands_do_what_the_methods_do, ControlFixture) {
  BOOST_TEST(post("/walk", R"({"employee_no":"1001","name":"Ann","reader":2})").second.at("serial").as_int64() == 1);
  BOOST_TEST(post("/deny", R"({"card_no":"99","minor":9,"times":3})").second.at("serial").as_int64() == 5);
  BOOST_TEST(post("/event", R"({"major":1,"minor":1028,"time":"2026-09-01T00:00:00Z"})").first == 200);
  BOOST_TEST(post("/door", R"({"open":true})").first == 200);
  BOOST_TEST(post("/exit-button", "").first == 200);
  BOOST_TEST(post("/remote-open", "{}").first == 200);
  BOOST_TEST(post("/power-on", "{}").first == 200);
  BOOST_TEST(post("/fault", R"({"kind":"slow","times":2,"target":"AcsEvent?","pace_ms":5})").first == 200);
  BOOST_TEST(terminal->faults().at(0).pace.count() == 5);

  const auto shown = state();
  const auto& events = shown.at("events").as_array();
  BOOST_TEST(events.size() == terminal->events().size());
  BOOST_TEST(events.at(0).at("serial").as_int64() == 1);
  BOOST_TEST(events.at(0).at("minor").as_int64() == 75);
  BOOST_TEST(events.at(0).at("time").as_string() == "2026-09-01T12:00:00Z");
  BOOST_TEST(events.at(5).at("time").as_string() == "2026-09-01T00:00:00Z");
  BOOST_TEST(shown.at("faults").as_array().size() == 1U);
  BOOST_TEST(!state("?events=no").contains("events"));

  BOOST_TEST(post("/clear-faults", "").first == 200);
  BOOST_TEST(terminal->faults().empty());
}

BOOST_FIXTURE_TEST_CASE(clock_serials_and_backlog_are_steered, ControlFixture) {
  BOOST_TEST(post("/clock", R"({"set":"1970-01-01T00:00:00Z"})").second.at("device_time").as_string() ==
             "1970-01-01T00:00:00Z");
  BOOST_TEST(post("/clock", R"({"offset_seconds":-30})").second.at("device_time").as_string() ==
             "2026-09-01T11:59:30Z");
  BOOST_TEST(post("/backlog", R"({"count":100,"hours":1,"employee_nos":["7"]})").first == 200);
  BOOST_TEST(terminal->events().size() == 100U);
  BOOST_TEST(post("/restart-serials", R"({"next":5})").first == 200);
  BOOST_TEST(terminal->power_on() == 5U);
  BOOST_TEST(post("/restart-serials", R"({"wipe":true})").first == 200);
  BOOST_TEST(terminal->events().empty());
}

BOOST_FIXTURE_TEST_CASE(what_it_does_not_know_is_refused, ControlFixture) {
  for (const auto& [path, body] :
       std::vector<std::pair<std::string, std::string>>{{"/walk", "nothing"},
                                                        {"/walk", "[]"},
                                                        {"/walk", R"({"employe_no":"1"})"},
                                                        {"/walk", R"({"employee_no":1})"},
                                                        {"/walk", R"({"door":-1})"},
                                                        {"/event", R"({"major":5})"},
                                                        {"/event", R"({"major":5,"minor":1,"time":"today"})"},
                                                        {"/door", "{}"},
                                                        {"/backlog", "{}"},
                                                        {"/backlog", R"({"count":0})"},
                                                        {"/fault", R"({"kind":"fire"})"},
                                                        {"/clock", "{}"}}) {
    BOOST_TEST_CONTEXT(path << " " << body) {
      const auto [status, reply] = post(path, body);
      BOOST_TEST(status == 400);
      BOOST_TEST(!reply.at("error").as_string().empty());
    }
  }
  BOOST_TEST(post("/nothing", "{}").first == 404);
  BOOST_TEST(terminal->events().empty());
}

BOOST_FIXTURE_TEST_CASE(a_walk_can_be_asked_of_another_simulator, ControlFixture) {
  BOOST_TEST(walk_elsewhere("127.0.0.1", control->port(), {{"1001", "Ann", "77"}, 1, 2}));
  BOOST_TEST(terminal->events().at(0).employee_no == "1001");
  BOOST_TEST(terminal->events().at(0).reader == 2);
  const auto port = control->port();
  control.reset();
  BOOST_TEST(!walk_elsewhere("127.0.0.1", port, {{"1001"}}));
}

BOOST_FIXTURE_TEST_CASE(a_port_in_use_is_an_error, ControlFixture) {
  BOOST_CHECK_THROW((Control{*terminal, "127.0.0.1", control->port()}), Error);
  TerminalOptions options;
  options.port = terminal->port();
  Terminal second{options};
  BOOST_CHECK_THROW(second.start(), Error);
}

BOOST_FIXTURE_TEST_CASE(the_help_names_every_command_that_is_taken, ControlFixture) {
  for (const char* path :
       {"/walk", "/deny", "/event", "/door", "/exit-button", "/remote-open", "/power-on", "/backlog", "/fault",
        "/clear-faults", "/clock", "/restart-serials", "/reboot", "/unlock", "/certificate", "/reset-counters"}) {
    BOOST_TEST_CONTEXT(path) {
      BOOST_TEST(control_help().find(std::string{"POST "} + path + " ") != std::string_view::npos);
      BOOST_TEST(post(path, R"({"unknown-member":1})").first == 400);
    }
  }
}

}  // namespace
}  // namespace visitor::sim
