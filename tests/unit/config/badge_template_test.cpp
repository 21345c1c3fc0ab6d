#include "config/badge_template.hpp"

#include <boost/test/unit_test.hpp>

#include "core/error.hpp"

using namespace visitor;
using config::badge_template_toml;
using config::BadgePart;
using config::parse_badge_template;

namespace {

const std::string kGood = badge_template_toml("en");

std::string problems(const std::string& text) {
  try {
    parse_badge_template(text, "/etc/visitor/badge.toml");
  } catch (const Error& error) {
    BOOST_TEST((error.code() == Errc::config));
    return error.message();
  }
  return "";
}

std::string replaced(std::string text, const std::string& what, const std::string& by) {
  const auto at = text.find(what);
  BOOST_REQUIRE(at != std::string::npos);
  return text.replace(at, what.size(), by);
}

}  // namespace

BOOST_AUTO_TEST_CASE(the_built_in_templates_are_good_in_both_languages) {
  const auto english = parse_badge_template(kGood, "badge.toml");
  BOOST_TEST(english.elements.size() == 10U);
  BOOST_TEST(english.elements[1].text == "VISITOR");
  BOOST_TEST(parse_badge_template(badge_template_toml("ru"), "badge.toml").elements[1].text == "ПОСЕТИТЕЛЬ");
}

BOOST_AUTO_TEST_CASE(a_logo_is_relative_to_the_template) {
  const auto with = [](const std::string& logo) {
    return parse_badge_template(replaced(kGood, "logo = \"\"", "logo = \"" + logo + "\""), "/etc/visitor/badge.toml")
        .logo;
  };
  BOOST_TEST(with("logo.png") == "/etc/visitor/logo.png");
  BOOST_TEST(with("/srv/logo.png") == "/srv/logo.png");
}

BOOST_AUTO_TEST_CASE(each_problem_is_named_with_its_line_and_key) {
  BOOST_TEST(problems(replaced(kGood, "x = 60", "x = 90")) ==
             "/etc/visitor/badge.toml:88: element.10.x: must be a number from 0 to 85.6");
  BOOST_TEST(problems(replaced(kGood, "x = 60", "x = \"60\"")).find("element.10.x: must be a number") !=
             std::string::npos);
  BOOST_TEST(problems(replaced(kGood, "colour", "color")).find(": unknown key; did you mean 'colour'?") !=
             std::string::npos);
  BOOST_TEST(problems(replaced(kGood, "\"#ffffff\"", "\"white\"")).find(":5: background: must be a colour such as") !=
             std::string::npos);
  BOOST_TEST(problems("font = ").find(":1: not valid TOML") != std::string::npos);
  const auto two = problems(replaced(replaced(kGood, "x = 60", "x = 90"), "y = 28", "y = -1"));
  BOOST_TEST(two.find("element.10.x") != std::string::npos);
  BOOST_TEST(two.find("element.10.y") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_printed_is_refused) {
  BOOST_TEST(problems(replaced(kGood, "x = 60", "x = 70")).find("reaches over the right edge") != std::string::npos);
  BOOST_TEST(problems(replaced(kGood, "width = 24\nheight = 24\n", "width = 17\nheight = 24\n")).find("needs 18 mm") !=
             std::string::npos);
  BOOST_TEST(problems(replaced(kGood, "part = \"qr\"", "part = \"box\"")).find("part = \"qr\", not 0") !=
             std::string::npos);
  BOOST_TEST(problems(replaced(kGood, "part = \"company\"", "part = \"name\"")).find("part = \"name\", not 2") !=
             std::string::npos);
  BOOST_TEST(problems(replaced(kGood, "least = 3", "least = 20")).find("must not be larger than 'size'") !=
             std::string::npos);
}

BOOST_AUTO_TEST_CASE(printers_and_times_are_checked) {
  const auto good = parse_badge_template(
      replaced(replaced(kGood, "printer = \"\"", "printer = \"FRONT-1\""), "\"12h\"", "\"90m\""), "badge.toml");
  BOOST_TEST(good.printer == "FRONT-1");
  BOOST_TEST((good.valid_for == std::chrono::minutes{90}));
  for (const auto* name : {"-d", "a b", "a;b", "принтер"})
    BOOST_TEST(problems(replaced(kGood, "printer = \"\"", std::string{"printer = \""} + name + "\""))
                   .find(":2: printer: must be 1 to 127") != std::string::npos);
  for (const auto* span : {"4m", "25h", "12", "soon"})
    BOOST_TEST(problems(replaced(kGood, "\"12h\"", std::string{"\""} + span + "\"")).find(":3: valid_for: must be") !=
               std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_template_is_bounded) {
  BOOST_TEST(problems(std::string(70'000, '#')).find("65536 at most") != std::string::npos);
  auto many = kGood;
  for (int i = 0; i < 40; ++i) many += "[[element]]\npart = \"box\"\nx = 0\ny = 0\nwidth = 1\nheight = 1\n";
  BOOST_TEST(problems(many).find("40 tables at most, not 50") != std::string::npos);
  BOOST_TEST(problems(kGood + "[[element]]\npart = \"box\"\nx = nan\ny = inf\nwidth = 1\nheight = 1\n")
                 .find("element.11.x: must be a number") != std::string::npos);
}
