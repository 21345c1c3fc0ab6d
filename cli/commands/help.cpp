#include "cli/help.hpp"

#include "cli/commands.hpp"
#include "cli/session.hpp"
#include "core/text.hpp"

namespace visitor::cli {

void write(JsonWriter& json, const Param& param) {
  constexpr std::string_view kKinds[] = {"positional", "option", "flag"};
  json.begin_object().member("kind", kKinds[static_cast<std::size_t>(param.kind)]).key("names").begin_array();
  for (const auto& name : param.names) json.value(name);
  json.end().text_member("placeholder", param.placeholder).member("help", param.help).key("choices").begin_array();
  for (const auto& choice : param.choices) json.value(choice);
  json.end().text_member("default", param.default_text).member("required", param.required);
  json.member("many", param.many).end();
}

void write(JsonWriter& json, const Command& command) {
  json.begin_object().member("command", command.path()).member("help", command.help());
  json.text_member("details", command.details()).member("check", command.is_check()).key("params").begin_array();
  for (const auto& param : command.params()) write(json, param);
  json.end().key("exit_statuses").begin_array();
  if (!command.is_group())
    for (const auto& [status, meaning] : exit_statuses(command))
      json.begin_object().member("status", status).member("meaning", meaning).end();
  json.end().key("examples").begin_array();
  for (const auto& [line, note] : command.examples())
    json.begin_object().member("line", line).text_member("note", note).end();
  json.end().key("commands").begin_array();
  for (const auto& child : command.children())
    if (!child->is_hidden()) write(json, *child);
  json.end().end();
}

namespace {

struct Options {
  std::vector<std::string> words;
};

void run(const Options& options, Session& session) {
  const auto* command = &session.root();
  for (const auto& word : options.words) {
    const auto* child = command->find(word);
    if (!child) {
      std::vector<std::string> names;
      for (const auto& one : command->children())
        if (!one->is_hidden()) names.push_back(one->name());
      const auto near = nearest(word, names);
      throw Error(Errc::usage, "there is no command '" + word + "' in '" + command->path() + "'",
                  near ? "Did you mean '" + *near + "'?" : "");
    }
    command = child;
  }
  if (!session.json())
    return session.print(help_text(*command, session.global().params(), help_width(session.width())));
  JsonWriter json;
  write(json, *command);
  session.print(json.take());
}

}  // namespace

void add_help(Command& root) {
  auto options = std::make_shared<Options>();
  root.add("help", "Explain a command")
      .details("With --json the command and everything below it as data: options, exit statuses, examples.")
      .positional("COMMAND", options->words, "What to explain; without it everything at a glance")
      .example("visitorctl help visit create")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
