#include "cli/completion.hpp"

#include <boost/test/unit_test.hpp>
#include <fstream>
#include <iterator>
#include <set>

#include "cli/commands.hpp"

namespace visitor::cli {
namespace {

struct RealTree {
  Globals globals;
  std::unique_ptr<Command> global = global_params(globals);
  std::unique_ptr<Command> root = command_tree();
  std::vector<const Command*> all;
  RealTree() { collect(*root); }
  void collect(const Command& command) {
    all.push_back(&command);
    for (const auto& child : command.children())
      if (!child->is_hidden()) collect(*child);
  }
};

std::string content(const std::string& file) {
  std::ifstream in{std::string{VISITOR_SOURCE_DIR} + "/completions/" + file, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}

BOOST_FIXTURE_TEST_SUITE(completion, RealTree)

BOOST_AUTO_TEST_CASE(every_script_knows_every_command_that_is_not_hidden) {
  for (const auto shell : {Shell::bash, Shell::zsh, Shell::fish}) {
    const auto script = completion_script(shell, *root, global->params());
    for (const auto* command : all) {
      const auto words = command->path().substr(root->name().size());
      BOOST_TEST(script.find("    " + std::string{shell == Shell::fish ? "case " : ""} + "'" + words + "'") !=
                     std::string::npos,
                 command->path());
    }
    BOOST_TEST(script.find("'__complete\t") == std::string::npos);
  }
}

BOOST_AUTO_TEST_CASE(words_that_are_known_beforehand_have_nothing_that_a_list_of_words_could_not_hold) {
  for (const auto* command : all)
    for (const auto& param : command->params())
      for (const auto& word : completion_of(param).words)
        BOOST_TEST(word.find_first_of(", \t'\"\\$:=") == std::string::npos, command->path() + ": " + word);
}

BOOST_AUTO_TEST_CASE(values_complete_by_the_name_under_which_they_stand_in_help) {
  const auto kind_of = [&](const std::string& group, const std::string& name, const std::string& param_name) {
    const auto* command = root->find(group)->find(name);
    for (const auto& param : command->params())
      if (param.display_name() == param_name) return completion_of(param).kind;
    return std::string{"no such parameter"};
  };
  BOOST_TEST(kind_of("visit", "checkout", "VISIT") == "VISIT");
  BOOST_TEST(kind_of("visit", "create", "--host") == "HOST");
  BOOST_TEST(kind_of("visit", "list", "--limit") == "");
  BOOST_TEST(kind_of("site", "add", "--time-zone") == "ZONE");
  BOOST_TEST(kind_of("terminal", "test", "TERMINAL") == "TERMINAL");
}

BOOST_AUTO_TEST_CASE(the_scripts_that_are_installed_are_up_to_date) {
  const std::pair<Shell, const char*> files[] = {
      {Shell::bash, "visitorctl.bash"}, {Shell::zsh, "_visitorctl"}, {Shell::fish, "visitorctl.fish"}};
  for (const auto& [shell, file] : files)
    BOOST_TEST(
        (content(file) == completion_script(shell, *root, global->params())),
        "completions/" << file << " is not what the command tree says: run './dev docs' and commit what it made");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace visitor::cli
