#include "cli/completion.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace visitor::cli {
namespace {

std::vector<std::string> words_of(const Command& command, const std::vector<Param>& globals) {
  std::vector<std::string> words;
  for (const auto& child : command.children())
    if (!child->is_hidden()) words.push_back(child->name());
  for (const auto* params : {&command.params(), &globals})
    for (const auto& param : *params) {
      if (param.kind != Param::Kind::positional)
        words.insert(words.end(), param.names.begin(), param.names.end());
      else
        words.insert(words.end(), param.choices.begin(), param.choices.end());
    }
  return words;
}

void add_cases(const Command& command, const std::vector<Param>& globals, std::string& commands, std::string& values) {
  commands += fmt::format("    '{}') words='{}' ;;\n", command.path(), fmt::join(words_of(command, globals), " "));
  for (const auto* params : {&command.params(), &globals}) {
    for (const auto& param : *params) {
      if (param.kind != Param::Kind::option) continue;
      const auto answer = param.completes == Param::Completes::file ? std::string{"files=1"}
                          : param.choices.empty()                   ? std::string{"words="}
                                                  : fmt::format("words='{}'", fmt::join(param.choices, " "));
      for (const auto& name : param.names)
        values += fmt::format("    '{} {}') {}; value=1 ;;\n", command.path(), name, answer);
    }
  }
  for (const auto& child : command.children())
    if (!child->is_hidden()) add_cases(*child, globals, commands, values);
}

}  // namespace

std::string bash_completion(const Command& root, const std::vector<Param>& globals) {
  std::string commands;
  std::string values;
  add_cases(root, globals, commands, values);
  const auto& name = root.name();
  std::string script = "# bash completion of " + name + ", made by '" + name + " completion bash'\n";
  script += "_" + name + "_words() {\n  words=\n  case $1 in\n" + commands + "    *) return 1 ;;\n  esac\n}\n\n";
  script += "_" + name + R"bash(() {
  local current=${COMP_WORDS[COMP_CWORD]} previous= path=)bash" +
            name + R"bash( words= files= value= word i
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=${COMP_WORDS[i]}
    [[ $word != -* ]] && _)bash" +
            name + R"bash(_words "$path $word" && path="$path $word"
    previous=$word
  done
  case "$path $previous" in
)bash" + values +
            R"bash(    *) ;;
  esac
  [[ $value ]] || _)bash" +
            name + R"bash(_words "$path"
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current"; [[ $files ]] && compgen -f -- "$current")
}

complete -o bashdefault -F _)bash" +
            name + " " + name + "\n";
  return script;
}

}  // namespace visitor::cli
