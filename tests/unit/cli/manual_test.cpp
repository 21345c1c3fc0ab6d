#include "cli/manual.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

#include "app/health.hpp"
#include "cli/commands.hpp"
#include "config/options.hpp"
#include "notify/alert_json.hpp"

namespace visitor::cli {
namespace {

const std::filesystem::path kFolder = std::filesystem::path{VISITOR_SOURCE_DIR} / "man";

std::string content(const std::filesystem::path& file) {
  std::ifstream in{file, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}

struct Pages {
  Globals globals;
  std::unique_ptr<Command> global = global_params(globals);
  std::unique_ptr<Command> root = command_tree();
  std::vector<ManualPage> pages = manual_pages(*root, global->params());

  const ManualPage& page(const std::string& file) {
    const auto found = std::find_if(pages.begin(), pages.end(), [&](const auto& page) { return page.file() == file; });
    BOOST_REQUIRE_MESSAGE(found != pages.end(), file);
    return *found;
  }
};

BOOST_FIXTURE_TEST_SUITE(manual, Pages)

BOOST_AUTO_TEST_CASE(every_page_that_is_installed_is_up_to_date_and_no_other_is_there) {
  std::set<std::string> there;
  for (const auto& entry : std::filesystem::directory_iterator{kFolder}) there.insert(entry.path().filename().string());
  for (const auto& page : pages) {
    BOOST_TEST((content(kFolder / page.file()) == page.text),
               "man/" << page.file() << " is not what the programs say: run './dev docs' and commit what it made");
    there.erase(page.file());
  }
  for (const auto& file : there) BOOST_TEST(false, "man/" << file << " is of no command: run './dev docs'");
}

BOOST_AUTO_TEST_CASE(every_command_has_a_heading_in_a_page) {
  const auto holds = [&](const auto& self, const Command& command, const ManualPage& page) -> void {
    for (const auto& child : command.children()) {
      if (child->is_hidden()) continue;
      if (child->is_group()) {
        self(self, *child, page);
        continue;
      }
      auto heading = ".SS " + child->path().substr(root->name().size() + 1);
      for (std::size_t at = 0; (at = heading.find('-', at)) != std::string::npos; at += 2) heading.insert(at, 1, '\\');
      BOOST_TEST(page.text.find(heading + "\n") != std::string::npos, heading);
    }
  };
  for (const auto& child : root->children())
    if (!child->is_hidden()) holds(holds, *child, page("visitorctl-" + child->name() + ".1"));
}

BOOST_AUTO_TEST_CASE(every_option_of_the_configuration_is_described) {
  const auto& text = page("visitor.toml.5").text;
  const auto described = [&](const config::Option& option) {
    BOOST_TEST(text.find("\\fB" + std::string{option.name()} + "\\fR\n") != std::string::npos, option.key);
  };
  for (const auto& option : config::options()) described(option);
  for (const auto& list : config::lists()) {
    BOOST_TEST(text.find("[[" + std::string{list.name} + "]]") != std::string::npos);
    for (const auto& option : list.options) described(option);
  }
}

BOOST_AUTO_TEST_CASE(every_member_of_an_alert_as_json_is_described) {
  const auto& text = page("visitor.toml.5").text;
  const auto alert = boost::json::parse(notify::alert_json({}));
  for (const auto& member : alert.as_object())
    BOOST_TEST(text.find("\\fB" + std::string{member.key()} + "\\fR\n") != std::string::npos, member.key());
}

BOOST_AUTO_TEST_CASE(every_check_of_health_is_described) {
  const auto& text = page("visitor-health.7").text;
  for (const auto& check : app::assess({}).checks)
    BOOST_TEST(text.find("\\fB" + check.name + "\\fR\nValue: .") == std::string::npos,
               "say in cli/manual_pages.cpp what " << check.name << " looks at");
}

BOOST_AUTO_TEST_CASE(text_is_taken_literally) {
  Roff roff{"x", 7, "a page"};
  roff.section("ONE").text(".SH not a title\n'nor this' \\fB --json ~ … Ж");
  const auto text = roff.take();
  BOOST_TEST(text.find("\n\\&.SH not a title\n.PP\n\\(aqnor this\\(aq \\efB \\-\\-json \\(ti \\[u2026] \\[u0416]\n") !=
             std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace visitor::cli
