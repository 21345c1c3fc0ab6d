#include "app/terminal_edit.hpp"

#include <boost/test/unit_test.hpp>

#include "work.hpp"

using namespace visitor;
using namespace visitor::test;

namespace {

struct EditFixture : AtWork {
  TerminalId id = added("Door " + house.tag);

  TerminalId added(const std::string& name) {
    app::NewTerminal terminal;
    terminal.site = house.site;
    terminal.name = name;
    terminal.base_url = "https://192.0.2.9";
    terminal.password = Secret{"old secret"};
    return app::add_terminal(work(), vault, terminal).terminal.id;
  }
  domain::Terminal terminal() { return app::get_terminal(work(), id).terminal; }
  domain::Terminal edit(const app::TerminalEdit& wanted, std::optional<int> seen = {}) {
    return app::edit_terminal(work("09:00"), vault, id, wanted, seen).terminal;
  }
  void refused_by_the_terminal() {
    store::Terminals{tx, domain::Scope::everything()}.save_health(id,
                                                                  {.state = domain::TerminalState::refused,
                                                                   .last_answer_at = std::nullopt,
                                                                   .last_error = "HTTP 401",
                                                                   .failures = 3,
                                                                   .locked_until = today_at("10:00"),
                                                                   .login_tries_left = 1,
                                                                   .clock_offset = std::nullopt},
                                                                  today_at("08:00"));
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(terminal_edits, EditFixture)

BOOST_AUTO_TEST_CASE(what_is_named_changes_and_the_rest_stays) {
  app::TerminalEdit wanted;
  wanted.name = " Gate " + house.tag + " west ";
  wanted.poll_interval = std::chrono::milliseconds{500};
  const auto after = edit(wanted);
  BOOST_TEST(after.name == "Gate " + house.tag + " west");
  BOOST_TEST(after.poll_interval.count() == 500);
  BOOST_TEST(after.base_url == "https://192.0.2.9");
  BOOST_TEST(after.username == "admin");
  BOOST_TEST(after.version == 2);
  BOOST_TEST(audited(store::topic::kTerminal, id) == (std::vector<std::string>{"create", "update"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(an_edit_that_changes_nothing_leaves_no_trace) {
  app::TerminalEdit wanted;
  wanted.name = terminal().name;
  wanted.base_url = "https://192.0.2.9/";
  wanted.forget_certificate = true;  // there is none
  BOOST_TEST(edit(wanted).version == 1);
  BOOST_TEST(audited(store::topic::kTerminal, id).size() == 1);
}

BOOST_AUTO_TEST_CASE(another_password_is_sealed_and_refusals_of_the_old_one_are_forgotten) {
  refused_by_the_terminal();
  app::TerminalEdit wanted;
  wanted.password = Secret{"new secret"};
  const auto after = edit(wanted);
  BOOST_TEST(app::terminal_password(vault, after).reveal() == "new secret");
  BOOST_TEST((after.state == domain::TerminalState::fresh));
  BOOST_TEST(after.failures == 0);
  BOOST_TEST(!after.locked_until);
  BOOST_TEST(!after.login_tries_left);
  for (const auto& record : app::list_audit(work())) BOOST_TEST((record.details.find("secret") == std::string::npos));
}

BOOST_AUTO_TEST_CASE(another_name_keeps_what_is_known_of_the_log_in) {
  refused_by_the_terminal();
  app::TerminalEdit wanted;
  wanted.name = "Renamed " + house.tag;
  BOOST_TEST((edit(wanted).state == domain::TerminalState::refused));
  BOOST_TEST(terminal().failures == 3);
}

BOOST_AUTO_TEST_CASE(another_address_forgets_the_certificate_of_the_old_one) {
  store::Terminals{tx, domain::Scope::everything()}.pin_certificate(id, std::vector<std::byte>(32, std::byte{7}));
  app::TerminalEdit wanted;
  wanted.username = "poller";
  BOOST_TEST(edit(wanted).certificate_sha256.has_value());
  wanted = {};
  wanted.base_url = "https://192.0.2.10";
  BOOST_TEST(!edit(wanted).certificate_sha256);
  store::Terminals{tx, domain::Scope::everything()}.pin_certificate(id, std::vector<std::byte>(32, std::byte{8}));
  wanted = {};
  wanted.forget_certificate = true;
  BOOST_TEST(!edit(wanted).certificate_sha256);
}

BOOST_AUTO_TEST_CASE(losing_a_race_says_who_changed_what_and_when) {
  app::TerminalEdit first;
  first.username = "poller";
  edit(first, 1);
  app::disable_terminal(work("09:30"), id);
  app::TerminalEdit second;
  second.name = "Late " + house.tag;
  try {
    edit(second, 1);
    BOOST_FAIL("the race was not lost");
  } catch (const Error& error) {
    BOOST_TEST((error.code() == Errc::conflict));
    for (const auto* part : {"reception", "username", "'admin'", "'poller'", "enabled", "09:00", "09:30"})
      BOOST_TEST_CONTEXT(part) BOOST_TEST((error.message().find(part) != std::string::npos), error.message());
  }
  BOOST_CHECK_EXCEPTION(edit(second, 7), Error, has_code(Errc::conflict));
  BOOST_TEST(edit(second, 3).version == 4);
}

BOOST_AUTO_TEST_CASE(bad_fields_and_taken_names_are_refused) {
  added("Other " + house.tag);
  const auto refused = [&](auto set, Errc code) {
    app::TerminalEdit wanted;
    set(wanted);
    BOOST_CHECK_EXCEPTION(edit(wanted), Error, has_code(code));
  };
  refused([](auto& wanted) { wanted.name = "42"; }, Errc::usage);
  refused([](auto& wanted) { wanted.name = " "; }, Errc::usage);
  refused([](auto& wanted) { wanted.base_url = "http://192.0.2.9/ISAPI"; }, Errc::usage);
  refused([](auto& wanted) { wanted.base_url = "ftp://192.0.2.9"; }, Errc::usage);
  refused([](auto& wanted) { wanted.password = Secret{""}; }, Errc::usage);
  refused([](auto& wanted) { wanted.poll_interval = std::chrono::milliseconds{99}; }, Errc::usage);
  refused([&](auto& wanted) { wanted.name = "OTHER " + house.tag; }, Errc::conflict);
  refused([](auto& wanted) { wanted.site = SiteId{987654}; }, Errc::not_found);
  BOOST_TEST(terminal().version == 1);
}

BOOST_AUTO_TEST_CASE(a_terminal_moves_to_another_site_only_while_it_has_reported_nothing) {
  const auto other = House::build(tx);
  app::TerminalEdit wanted;
  wanted.site = other.site;
  BOOST_TEST(edit(wanted).site.value == other.site.value);
  store::TerminalProgress progress;
  progress.events_added = 3;
  store::Terminals{tx, domain::Scope::everything()}.save_progress(id, progress);
  wanted.site = house.site;
  BOOST_CHECK_EXCEPTION(edit(wanted), Error, says(Errc::conflict, "3 events"));
}

BOOST_AUTO_TEST_CASE(a_terminal_that_reported_nothing_goes_with_its_doors) {
  app::DoorSetting door;
  door.terminal = id;
  app::set_door(work(), door);
  app::remove_terminal(work(), id);
  BOOST_CHECK_EXCEPTION(app::get_terminal(work(), id), Error, has_code(Errc::not_found));
  BOOST_TEST(app::list_doors(work(), id).empty());
  BOOST_TEST(audited(store::topic::kTerminal, id).back() == "delete");
  BOOST_CHECK_EXCEPTION(app::remove_terminal(work(), id), Error, has_code(Errc::not_found));
}

BOOST_AUTO_TEST_CASE(a_terminal_that_events_speak_of_stays_and_the_hint_offers_to_disable_it) {
  given_passage(tx, house, 1, today_at("08:00"), domain::Direction::entry);
  try {
    app::remove_terminal(work(), house.terminal);
    BOOST_FAIL("it was removed");
  } catch (const Error& error) {
    BOOST_TEST((error.code() == Errc::conflict));
    BOOST_TEST((error.message().find("1 event") != std::string::npos), error.message());
    BOOST_TEST((error.hint().find("terminal disable") != std::string::npos), error.hint());
  }
  BOOST_CHECK_NO_THROW(app::get_terminal(work(), house.terminal));
}

BOOST_AUTO_TEST_SUITE_END()
