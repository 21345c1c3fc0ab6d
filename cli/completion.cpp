#include "cli/completion.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace visitor::cli {
namespace {

// The table of a script has one case for each command, named by the words after the program, each with a blank before
// it. It sets three lists: children ("NAME<tab>help"), options ("--name<tab>VALUE<tab>help") and arguments ("VALUE",
// for each position, the last with a '+' in front where more may follow). VALUE is "" for a flag, "." for free text,
// "/" for a file, "=a,b" for words, "@KIND" for what is asked for.

std::string quoted(std::string_view text, Shell shell) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'')
      out += "'\\''";
    else if (c == '\\' && shell == Shell::fish)
      out += "\\\\";
    else
      out += c;
  }
  return out + "'";
}

std::string value_of(const Param& param) {
  if (param.kind == Param::Kind::flag) return "";
  const auto completion = completion_of(param);
  switch (completion.from) {
    case Completion::From::file:
      return "/";
    case Completion::From::words:
      return fmt::format("={}", fmt::join(completion.words, ","));
    case Completion::From::asked:
      return "@" + completion.kind;
    case Completion::From::nothing:
      break;
  }
  return ".";
}

struct Lists {
  std::vector<std::string> children;
  std::vector<std::string> options;
  std::vector<std::string> arguments;
};

Lists lists_of(const std::vector<Param>& params) {
  Lists lists;
  for (const auto& param : params) {
    if (param.kind == Param::Kind::positional) {
      lists.arguments.push_back((param.many ? "+" : "") + value_of(param));
      continue;
    }
    for (const auto& name : param.names)
      lists.options.push_back(fmt::format("{}\t{}\t{}", name, value_of(param), param.help));
  }
  return lists;
}

Lists lists_of(const Command& command) {
  auto lists = lists_of(command.params());
  for (const auto& child : command.children())
    if (!child->is_hidden()) lists.children.push_back(fmt::format("{}\t{}", child->name(), child->help()));
  return lists;
}

std::string list(std::string_view name, const std::vector<std::string>& entries, Shell shell, std::string_view how) {
  std::string out;
  if (entries.empty() && how.empty()) return out;
  out = shell == Shell::fish ? fmt::format("      set {}{}", how, name) : fmt::format("      {}{}=(", name, how);
  for (const auto& entry : entries)
    out += (shell == Shell::fish ? " \\\n        " : "\n        ") + quoted(entry, shell);
  return out + (shell == Shell::fish ? "\n" : ")\n");
}

void add_cases(const Command& command, const std::string& path, Shell shell, std::string& out) {
  out += shell == Shell::fish ? "    case " + quoted(path, shell) + "\n" : "    " + quoted(path, shell) + ")\n";
  const auto lists = lists_of(command);
  for (const auto& [name, entries] : {std::pair{"children", &lists.children}, std::pair{"options", &lists.options},
                                      std::pair{"arguments", &lists.arguments}})
    out += list(name, *entries, shell, "");
  if (shell != Shell::fish) out += "      ;;\n";
  for (const auto& child : command.children())
    if (!child->is_hidden()) add_cases(*child, path + " " + child->name(), shell, out);
}

std::string table(const Command& root, const std::vector<Param>& globals, Shell shell) {
  std::string out = "# What can follow the commands $1: fails where there is no such command.\n";
  if (shell == Shell::fish) {
    out =
        "# What can follow the commands $argv[1]: fails where there is no such command.\n"
        "function __visitorctl_at --no-scope-shadowing\n"
        "  set children\n  set options\n  set arguments\n  switch $argv[1]\n";
  } else {
    out += "_visitorctl_at() {\n  children=() options=() arguments=()\n  case $1 in\n";
  }
  add_cases(root, "", shell, out);
  if (shell == Shell::fish)
    out += "    case '*'\n      return 1\n  end\n" + list("options", lists_of(globals).options, shell, "-a ") + "end\n";
  else
    out += "    *) return 1 ;;\n  esac\n" + list("options", lists_of(globals).options, shell, "+");
  if (shell != Shell::fish) out += "}\n";
  return out;
}

}  // namespace

Completion completion_of(const Param& param) {
  if (param.kind == Param::Kind::flag) return {};
  if (param.completes == Param::Completes::file) return {Completion::From::file, {}, {}};
  if (!param.choices.empty()) return {Completion::From::words, param.choices, {}};
  const auto& name = param.kind == Param::Kind::positional ? param.display_name() : param.placeholder;
  if (std::find(kAskedKinds.begin(), kAskedKinds.end(), name) != kAskedKinds.end())
    return {Completion::From::asked, {}, name};
  return {};
}

std::string completion_script(Shell shell, const Command& root, const std::vector<Param>& globals) {
  const auto name = shell == Shell::bash ? "bash" : shell == Shell::zsh ? "zsh" : "fish";
  const auto rest = shell == Shell::bash ? kBashCompletion : shell == Shell::zsh ? kZshCompletion : kFishCompletion;
  return fmt::format("{}# {} completion of visitorctl, made by 'visitorctl completion {}'.\n\n{}\n{}",
                     shell == Shell::zsh ? "#compdef visitorctl\n" : "", name, name, table(root, globals, shell), rest);
}

}  // namespace visitor::cli
