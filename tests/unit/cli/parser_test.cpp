#include <algorithm>
#include <boost/test/unit_test.hpp>

#include "cli/commands.hpp"
#include "cli/help.hpp"
#include "cli/parser.hpp"
#include "domain/terminal.hpp"

namespace visitor::cli {
namespace {

/// A tree with one command of each kind of parameter, and what it was given.
struct Tree {
  Globals globals;
  std::unique_ptr<Command> global = global_params(globals);
  Command root{"visitorctl", "For tests"};
  std::string name;
  std::optional<VisitId> visit;
  int limit = 100;
  bool dry_run = false;
  std::vector<domain::Direction> directions;
  std::optional<Moment> since;
  std::vector<std::string> rest;

  Tree() {
    auto& site = root.add("site", "Sites");
    site.add("show", "Show").positional("NAME", name, "Name").required().runs([](Session&) {});
    site.add("list", "List")
        .option("-l,--limit", "N", limit, "At most")
        .between(1, 1000)
        .option("--direction", "DIRECTION", directions, "Only these")
        .option("--since", "TIME", since, "From")
        .flag("-n,--dry-run", dry_run, "Nothing")
        .runs([](Session&) {});
    site.add("shell", "Words").positional("WORD", rest, "Words").runs([](Session&) {});
    site.add("pick", "Pick").option("--visit", "VISIT", visit, "Which").required().runs([](Session&) {});
  }

  Parsed parsed(std::vector<std::string> words) { return parse(root, global->params(), std::move(words)); }

  void given(std::vector<std::string> words) {
    const auto result = parsed(std::move(words));
    if (result.problem) throw *result.problem;
    apply(result);
  }
  /// "message | hint" of what is wrong, or "" if nothing is.
  std::string problem(std::vector<std::string> words) {
    try {
      given(std::move(words));
    } catch (const Error& error) {
      BOOST_TEST((error.code() == Errc::usage));
      return error.message() + " | " + error.hint();
    }
    return "";
  }
};

BOOST_FIXTURE_TEST_SUITE(parser, Tree)

BOOST_AUTO_TEST_CASE(finds_the_command_and_sets_its_values) {
  const auto result = parsed({"site", "list", "-l", "5", "--direction", "entry", "--direction=EXIT", "-n"});
  BOOST_REQUIRE(!result.problem);
  apply(result);

  BOOST_TEST(result.command->path() == "visitorctl site list");
  BOOST_TEST(limit == 5);
  BOOST_TEST(dry_run);
  BOOST_REQUIRE_EQUAL(directions.size(), 2U);
  BOOST_TEST((directions[0] == domain::Direction::entry));
  BOOST_TEST((directions[1] == domain::Direction::exit));
}

BOOST_AUTO_TEST_CASE(global_options_stand_before_between_and_after_the_commands) {
  for (const auto& words : std::vector<std::vector<std::string>>{{"--json", "site", "list"},
                                                                 {"site", "--json", "list"},
                                                                 {"site", "list", "--json"},
                                                                 {"site", "list", "-l", "3", "--json"}}) {
    Tree tree;
    tree.given(words);
    BOOST_TEST(tree.globals.json);
  }
}

BOOST_AUTO_TEST_CASE(a_value_that_is_also_the_name_of_a_command_stays_a_value) {
  given({"site", "show", "list"});
  BOOST_TEST(name == "list");
  given({"site", "show", "site"});
  BOOST_TEST(name == "site");
}

BOOST_AUTO_TEST_CASE(a_value_of_an_option_may_begin_with_a_dash) {
  BOOST_TEST(problem({"site", "list", "--limit", "-5"}) == "--limit: '-5' is not a number from 1 to 1000 | ");
}

BOOST_AUTO_TEST_CASE(two_dashes_end_the_options) {
  given({"site", "shell", "--", "-c", "--json"});
  BOOST_TEST((rest == std::vector<std::string>{"-c", "--json"}));
  BOOST_TEST(!globals.json);
}

BOOST_AUTO_TEST_CASE(a_mistyped_command_names_the_nearest_one) {
  BOOST_TEST(problem({"siet", "list"}) == "there is no command 'siet' in 'visitorctl' | Did you mean 'site'?");
  BOOST_TEST(problem({"site", "lst"}) == "there is no command 'lst' in 'visitorctl site' | Did you mean 'list'?");
  BOOST_TEST(problem({"quux"}) ==
             "there is no command 'quux' in 'visitorctl' | Run 'visitorctl --help' to see what there is.");
}

BOOST_AUTO_TEST_CASE(a_mistyped_option_names_the_nearest_one) {
  BOOST_TEST(problem({"site", "list", "--limt", "5"}) ==
             "there is no option '--limt' in 'visitorctl site list' | Did you mean '--limit'?");
  BOOST_TEST(problem({"site", "list", "--jsn=1"}) ==
             "there is no option '--jsn' in 'visitorctl site list' | Did you mean '--json'?");
}

BOOST_AUTO_TEST_CASE(what_is_missing_is_named_with_the_usage) {
  BOOST_TEST(problem({"site", "show"}) == "NAME is missing | Usage: visitorctl site show NAME");
  BOOST_TEST(problem({"site", "pick"}) == "--visit is missing | Usage: visitorctl site pick --visit VISIT");
  BOOST_TEST(problem({"site", "list", "--limit"}) == "--limit needs a value | ");
}

BOOST_AUTO_TEST_CASE(too_much_is_named) {
  BOOST_TEST(problem({"site", "show", "a", "b"}).find("'b' is one argument too many") == 0U);
  BOOST_TEST(problem({"site", "list", "-l", "1", "-l", "2"}) == "--limit is given more than once | ");
  BOOST_TEST(problem({"site", "list", "--dry-run=no"}) == "--dry-run: takes no value | ");
}

BOOST_AUTO_TEST_CASE(values_are_checked_before_anything_runs) {
  BOOST_TEST(problem({"site", "list", "-l", "0"}) == "--limit: '0' is not a number from 1 to 1000 | ");
  BOOST_TEST(problem({"site", "list", "-l", "99999999999999999999"}).find("is not a number") != std::string::npos);
  BOOST_TEST(problem({"site", "list", "--direction", "exti"}) ==
             "--direction: 'exti' is none of entry, exit, none | Did you mean 'exit'?");
  BOOST_TEST(problem({"site", "list", "--since", "whenever"}).find("--since: ") == 0U);
  BOOST_TEST(problem({"site", "pick", "--visit", "-3"}).find("--visit: '-3' is not a number") == 0U);
  BOOST_TEST(problem({"site", "show", ""}) == "NAME: is empty | ");
  BOOST_TEST(problem({"site", "show", "a\nb"}) == "NAME: holds a control character | ");
  BOOST_TEST(problem({"site", "show", "\xFF"}).find("NAME: is not UTF-8") == 0U);
}

BOOST_AUTO_TEST_CASE(numbers_of_things_may_be_typed_as_people_write_them) {
  given({"site", "pick", "--visit", "#42"});
  BOOST_TEST((visit == VisitId{42}));
}

BOOST_AUTO_TEST_CASE(a_problem_does_not_hide_that_json_was_asked_for) {
  const auto result = parsed({"site", "lst", "--json"});
  BOOST_TEST(result.problem.has_value());
  BOOST_TEST(std::any_of(result.given.begin(), result.given.end(),
                         [](const auto& given) { return given.param->display_name() == "--json"; }));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace visitor::cli
