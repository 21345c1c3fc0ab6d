#include "cli/parser.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <map>

#include "cli/help.hpp"
#include "core/text.hpp"

namespace visitor::cli {
namespace {

/// CLI11's tree beside ours.
struct Node {
  const Command* command;
  CLI::App* app;
  std::vector<std::pair<const Param*, CLI::Option*>> options;
  std::vector<Node> children;
};

CLI::Option* add_to(CLI::App& app, const Param& param) {
  std::string names;
  for (const auto& name : param.names) names += (names.empty() ? "" : ",") + name;
  if (param.kind == Param::Kind::flag) return app.add_flag(names)->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  auto* option = app.add_option(names);
  // A second value is reported by apply() in our words.
  if (param.kind == Param::Kind::option) option->type_size(1)->expected(1)->allow_extra_args(false);
  if (param.kind == Param::Kind::positional && param.many) option->expected(1, 100'000)->allow_extra_args();
  return option->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
}

/// Only commands that are named: making all of them is most of what a parse takes.
Node build(const Command& command, CLI::App& app, const std::vector<Param>& globals,
           const std::vector<std::string>& words) {
  Node node{&command, &app, {}, {}};
  app.set_help_flag();
  app.allow_extras();
  app.allow_windows_style_options(false);
  app.require_subcommand(0, 1);  // a value that is also the name of a command stays a value
  for (const auto& param : command.params()) node.options.emplace_back(&param, add_to(app, param));
  for (const auto& param : globals) node.options.emplace_back(&param, add_to(app, param));
  for (const auto& child : command.children())
    if (std::find(words.begin(), words.end(), child->name()) != words.end())
      node.children.push_back(build(*child, *app.add_subcommand(child->name()), globals, words));
  return node;
}

std::vector<std::string> option_names(const Node& node) {
  std::vector<std::string> all;
  for (const auto& [param, option] : node.options)
    for (const auto& name : param->names)
      if (name.starts_with("--")) all.push_back(name);
  return all;
}

std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates, std::string otherwise) {
  const auto near = nearest(word, candidates);
  return near ? "Did you mean '" + *near + "'?" : std::move(otherwise);
}

Error unknown_word(const Node& node, const std::string& word) {
  const auto help = "Run '" + node.command->path() + " --help' to see what there is.";
  const auto shown = clean_utf8(word);
  if (word.size() > 1 && word.starts_with('-')) {
    const auto name = word.substr(0, word.find('='));
    return {Errc::usage, "there is no option '" + clean_utf8(name) + "' in '" + node.command->path() + "'",
            did_you_mean(name, option_names(node), help)};
  }
  if (!node.command->is_group())
    return {Errc::usage, "'" + shown + "' is one argument too many for '" + node.command->path() + "'", help};
  std::vector<std::string> commands;
  for (const auto& child : node.command->children())
    if (!child->is_hidden()) commands.push_back(child->name());
  return {Errc::usage, "there is no command '" + shown + "' in '" + node.command->path() + "'",
          did_you_mean(word, commands, help)};
}

void collect(const Node& node, Parsed& parsed) {
  parsed.command = node.command;
  for (const auto& [param, option] : node.options)
    if (option->count() > 0) parsed.given.push_back({param, option->results()});
  if (!parsed.problem) {
    auto extras = node.app->remaining();
    std::erase(extras, "--");
    if (!extras.empty()) parsed.problem = unknown_word(node, extras.front());
  }
  for (const auto& child : node.children)
    if (child.app->parsed()) collect(child, parsed);
}

}  // namespace

Parsed parse(const Command& root, const std::vector<Param>& globals, std::vector<std::string> words) {
  CLI::App app;
  const auto tree = build(root, app, globals, words);
  Parsed parsed;
  std::reverse(words.begin(), words.end());  // as CLI11 wants them
  try {
    app.parse(std::move(words));
  } catch (const CLI::ArgumentMismatch& mismatch) {
    // "--since: 1 required TEXT missing"
    const std::string what = mismatch.what();
    parsed.problem.emplace(Errc::usage, what.substr(0, what.find(':')) + " needs a value");
  } catch (const CLI::ParseError& error) {
    parsed.problem.emplace(Errc::usage, lower(error.what()));
  }
  collect(tree, parsed);
  return parsed;
}

void apply(const Parsed& parsed) {
  for (const auto& [param, values] : parsed.given) {
    if (!param->many && param->kind != Param::Kind::flag && values.size() > 1)
      throw Error(Errc::usage, param->display_name() + " is given more than once");
    for (const auto& value : values) {
      try {
        if (param->kind == Param::Kind::flag && value != "true") throw Error(Errc::usage, "takes no value");
        param->set(param->kind == Param::Kind::flag ? std::string_view{} : std::string_view{value});
      } catch (const Error& error) {
        throw Error(error.code(), param->display_name() + ": " + error.message(), error.hint());
      }
    }
  }
  for (const auto& param : parsed.command->params()) {
    const auto is_given = [&](const Parsed::Given& given) { return given.param == &param; };
    if (param.required && std::none_of(parsed.given.begin(), parsed.given.end(), is_given))
      throw Error(Errc::usage, param.display_name() + " is missing", "Usage: " + usage_line(*parsed.command));
  }
}

}  // namespace visitor::cli
