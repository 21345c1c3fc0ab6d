#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <set>

#include "cli/commands.hpp"
#include "cli/help.hpp"
#include "cli/output.hpp"
#include "cli/parser.hpp"

namespace visitor::cli {
namespace {

void collect(const Command& command, std::vector<const Command*>& all) {
  all.push_back(&command);
  for (const auto& child : command.children()) collect(*child, all);
}

/// The words of an example up to the first pipe or redirection, as a shell would split them.
std::vector<std::string> words_of(const std::string& line) {
  std::vector<std::string> words;
  std::string word;
  bool open = false;
  bool quoted = false;
  const auto end = [&] {
    if (open) words.push_back(word);
    word.clear();
    open = false;
  };
  for (const char c : line) {
    if (c == '\'') {
      quoted = !quoted;
      open = true;
    } else if (quoted || std::string_view{" |<>&"}.find(c) == std::string_view::npos) {
      word += c;
      open = true;
    } else if (c == ' ') {
      end();
    } else {
      break;
    }
  }
  end();
  return words;
}

struct RealTree {
  Globals globals;
  std::unique_ptr<Command> global = global_params(globals);
  std::unique_ptr<Command> root = command_tree();
  std::vector<const Command*> all;
  RealTree() { collect(*root, all); }
};

BOOST_FIXTURE_TEST_SUITE(command_tree_of_visitorctl, RealTree)

BOOST_AUTO_TEST_CASE(every_help_names_usage_exit_statuses_and_an_example) {
  for (const auto* command : all) {
    BOOST_TEST_CONTEXT(command->path()) {
      const auto text = help_text(*command, global->params(), 80);
      BOOST_TEST(text.find("Usage: " + command->path()) == 0U);
      BOOST_TEST(text.find("\nExit status:\n  0 ") != std::string::npos);
      BOOST_TEST((command->is_group() || text.find("\nExamples:\n") != std::string::npos));
      BOOST_TEST((command->is_group() == !command->children().empty()));
    }
  }
}

BOOST_AUTO_TEST_CASE(every_example_is_a_command_that_parses) {
  for (const auto* command : all) {
    for (const auto& example : command->examples()) {
      BOOST_TEST_CONTEXT(example.line) {
        auto line = example.line;
        if (const auto pipe = line.find("| visitorctl"); pipe != std::string::npos) line = line.substr(pipe + 2);
        auto words = words_of(line);
        BOOST_REQUIRE(!words.empty());
        BOOST_TEST(words.front() == "visitorctl");
        words.erase(words.begin());
        const auto parsed = parse(*root, global->params(), words);
        BOOST_TEST((parsed.command == command));
        BOOST_TEST(!parsed.problem);
        BOOST_CHECK_NO_THROW(apply(parsed));
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(no_option_of_a_command_hides_one_of_every_command) {
  for (const auto* command : all) {
    std::set<std::string> names;
    for (const auto* params : {&global->params(), &command->params()})
      for (const auto& param : *params)
        for (const auto& name : param.names) BOOST_TEST(names.insert(name).second, command->path() + " " + name);
  }
}

BOOST_AUTO_TEST_CASE(what_changes_something_can_be_tried_first) {
  const std::set<std::string> changing{"add",     "create", "checkin", "checkout",    "cancel",  "set",  "enable",
                                       "disable", "assign", "resolve", "false-alarm", "migrate", "init", "edit",
                                       "remove",  "block",  "unblock", "merge",       "reopen"};
  for (const auto* command : all) {
    // Keys and backups are files and objects, which no transaction takes back.
    if (!changing.contains(command->name()) || command->path().starts_with("visitorctl backup ")) continue;
    const auto& params = command->params();
    BOOST_TEST(std::any_of(params.begin(), params.end(), [](auto& p) { return p.display_name() == "--dry-run"; }),
               command->path());
  }
}

BOOST_AUTO_TEST_CASE(no_secret_can_be_given_as_an_argument) {
  for (const auto* command : all)
    for (const auto& param : command->params())
      if (param.display_name().find("password") != std::string::npos ||
          param.display_name().find("document") != std::string::npos)
        BOOST_TEST((param.kind == Param::Kind::flag || param.completes == Param::Completes::file),
                   command->path() + " " + param.display_name());
}

BOOST_AUTO_TEST_CASE(checks_follow_the_monitoring_plugins) {
  for (const auto* path : {"health", "config check"}) {
    const auto* command = root.get();
    for (const auto& word : words_of(path)) command = command->find(word);
    BOOST_REQUIRE(command);
    const auto statuses = exit_statuses(*command);
    BOOST_REQUIRE_EQUAL(statuses.size(), 4U);
    BOOST_TEST(statuses[3].second.find("UNKNOWN") == 0U);
  }
}

BOOST_AUTO_TEST_CASE(help_stays_within_the_width) {
  for (const auto* command : all) {
    const auto text = help_text(*command, global->params(), 80);
    const auto examples = text.find("\nExamples:\n");
    const auto usage_end = text.find('\n');
    for (std::size_t from = usage_end; from < std::min(examples, text.size());) {
      const auto end = std::min(text.find('\n', from + 1), text.size());
      BOOST_TEST(end - from - 1 <= 84U, command->path() + ": " + text.substr(from + 1, end - from - 1));
      from = end;
    }
  }
}

BOOST_AUTO_TEST_CASE(an_error_is_two_lines_for_people_and_one_object_for_programs) {
  const Error error{Errc::not_found, "visit 42 does not exist", "Run 'visitorctl visit list'."};
  BOOST_TEST(error_text(error, false) == "visitorctl: visit 42 does not exist\n  Run 'visitorctl visit list'.\n");
  BOOST_TEST(error_text(error, true) ==
             "{\n  \"error\": {\n    \"code\": \"not_found\",\n    \"message\": \"visit 42 does not exist\",\n    "
             "\"hint\": \"Run 'visitorctl visit list'.\"\n  }\n}\n");
}

BOOST_AUTO_TEST_CASE(every_line_of_a_long_message_is_shown_without_what_could_move_the_cursor) {
  const Error error{Errc::config, "a.toml:1: x: wrong\na.toml:2: y: \x1b[2J"};
  BOOST_TEST(error_text(error, false) == "visitorctl: a.toml:1: x: wrong\n  a.toml:2: y: \uFFFD[2J\n");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace visitor::cli
