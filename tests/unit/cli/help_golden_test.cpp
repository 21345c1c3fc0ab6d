#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

#include "cli/commands.hpp"
#include "cli/help.hpp"

namespace visitor::cli {
namespace {

const std::filesystem::path kFolder = std::filesystem::path{VISITOR_SOURCE_DIR} / "tests/unit/cli/golden/help";

std::string content(const std::filesystem::path& file) {
  std::ifstream in{file, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}

void compare(const Command& command, const std::vector<Param>& globals, std::set<std::string>& there) {
  auto file = command.path() + ".txt";
  std::replace(file.begin(), file.end(), ' ', '_');
  BOOST_TEST((content(kFolder / file) == help_text(command, globals, help_width(0))),
             "the help of '" << command.path()
                             << "' has changed: look whether that is meant, run './dev docs' and commit what it made");
  there.erase(file);
  for (const auto& child : command.children())
    if (!child->is_hidden()) compare(*child, globals, there);
}

BOOST_AUTO_TEST_CASE(the_help_of_every_command_is_as_it_was_looked_at_last) {
  std::set<std::string> there;
  for (const auto& entry : std::filesystem::directory_iterator{kFolder}) there.insert(entry.path().filename().string());
  Globals globals;
  const auto global = global_params(globals);
  compare(*command_tree(), global->params(), there);
  for (const auto& file : there) BOOST_TEST(false, file << " is of no command: run './dev docs'");
}

}  // namespace
}  // namespace visitor::cli
