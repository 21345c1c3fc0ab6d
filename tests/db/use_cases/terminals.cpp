#include "app/terminals.hpp"

#include <fmt/format.h>

#include <boost/test/unit_test.hpp>

#include "work.hpp"

using namespace visitor;
using namespace visitor::test;
using domain::Direction;

namespace {

struct TerminalsFixture : AtWork {
  app::NewTerminal terminal() {
    app::NewTerminal terminal;
    terminal.site = house.site;
    terminal.name = "North " + house.tag;
    terminal.base_url = "HTTPS://Gate.Example:8443/";
    terminal.password = Secret{"correct horse"};
    return terminal;
  }
  void add(std::function<void(app::NewTerminal&)> set) {
    auto one = terminal();
    set(one);
    app::add_terminal(work(), vault, one);
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(terminals_use_cases, TerminalsFixture)

BOOST_AUTO_TEST_CASE(a_password_is_sealed_and_opens_again) {
  const auto listed = app::add_terminal(work(), vault, terminal());
  const auto& stored = listed.terminal;
  BOOST_TEST(app::terminal_password(vault, stored).reveal() == "correct horse");
  const std::string_view sealed{reinterpret_cast<const char*>(stored.password_sealed.data()),
                                stored.password_sealed.size()};
  BOOST_TEST((sealed.find("horse") == std::string_view::npos));
  BOOST_TEST((stored.poll_interval == settings.polling.interval));
  BOOST_TEST(listed.site_name == "Site " + house.tag);
  const auto lower_case = fmt::format("https://{}:8443", "gate.example");
  BOOST_TEST((stored.base_url == lower_case || stored.base_url == "https://Gate.Example:8443"));
}

BOOST_AUTO_TEST_CASE(fields_that_are_wrong_are_named) {
  BOOST_CHECK_EXCEPTION(add([](auto& t) { t.name = "7"; }), Error, says(Errc::usage, "is a number"));
  BOOST_CHECK_EXCEPTION(add([](auto& t) { t.name = ""; }), Error, says(Errc::usage, "the name of a terminal"));
  BOOST_CHECK_EXCEPTION(add([](auto& t) { t.base_url = "ftp://x"; }), Error, has_code(Errc::usage));
  BOOST_CHECK_EXCEPTION(add([](auto& t) { t.base_url = "http://x/ISAPI"; }), Error, says(Errc::usage, "/ISAPI"));
  BOOST_CHECK_EXCEPTION(add([](auto& t) { t.base_url = "http://admin:secret@x"; }), Error, has_code(Errc::usage));
  BOOST_CHECK_EXCEPTION(add([](auto& t) { t.password = Secret{}; }), Error, says(Errc::usage, "password is missing"));
  BOOST_CHECK_EXCEPTION(add([](auto& t) { t.poll_interval = std::chrono::milliseconds{50}; }), Error,
                        says(Errc::usage, "50 ms"));
  BOOST_CHECK_EXCEPTION(add([](auto& t) { t.site = SiteId{987654}; }), Error, says(Errc::not_found, "site"));
  BOOST_CHECK_EXCEPTION(add([&](auto& t) { t.name = "GATE " + house.tag; }), Error, has_code(Errc::conflict));
}

BOOST_AUTO_TEST_CASE(a_ref_is_a_number_or_a_whole_name) {
  BOOST_TEST(app::resolve_terminal(work(), "gate " + house.tag).terminal.id.value == house.terminal.value);
  BOOST_TEST(app::resolve_terminal(work(), fmt::format("{}", house.terminal)).terminal.id.value ==
             house.terminal.value);
  BOOST_CHECK_EXCEPTION(app::resolve_terminal(work(), "gate"), Error, says(Errc::not_found, "'gate'"));
  BOOST_CHECK_EXCEPTION(app::resolve_terminal(work(), "987654"), Error, says(Errc::not_found, "987654"));
}

BOOST_AUTO_TEST_CASE(disabling_and_enabling_count_once) {
  BOOST_TEST(!app::enable_terminal(work(), house.terminal));
  BOOST_TEST(app::disable_terminal(work(), house.terminal));
  BOOST_TEST(!app::disable_terminal(work(), house.terminal));
  BOOST_TEST(!app::get_terminal(work(), house.terminal).terminal.enabled);
  BOOST_TEST(app::enable_terminal(work(), house.terminal));
  BOOST_TEST(audited("terminal", house.terminal).size() == 2);
}

BOOST_AUTO_TEST_CASE(a_door_keeps_its_name_when_only_its_direction_is_set) {
  app::DoorSetting setting;
  setting.terminal = house.terminal;
  setting.door_no = 1;
  setting.reader_no = 1;
  setting.direction = Direction::exit;
  const auto door = app::set_door(work(), setting);
  BOOST_TEST((door.direction == Direction::exit));
  BOOST_TEST(door.name == "In");
  BOOST_TEST(app::list_doors(work(), house.terminal).size() == 2);
  BOOST_TEST(audited("door", door.id).size() == 1);
  app::set_door(work(), setting);
  BOOST_TEST(audited("door", door.id).size() == 1);

  setting.door_no = -1;
  BOOST_CHECK_EXCEPTION(app::set_door(work(), setting), Error, says(Errc::usage, "door -1"));
  setting.door_no = 1;
  setting.terminal = TerminalId{987654};
  BOOST_CHECK_EXCEPTION(app::set_door(work(), setting), Error, has_code(Errc::not_found));
}

BOOST_AUTO_TEST_SUITE_END()
