#include "cli/help.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <sstream>

#include "core/text.hpp"

namespace visitor::cli {
namespace {

constexpr std::size_t kTermWidth = 28;
constexpr std::size_t kUsual = 80;
constexpr std::size_t kReadable = 100;  // longer lines are hard to read

std::string term_of(const Param& param) {
  if (param.kind == Param::Kind::positional) return param.display_name();
  const bool has_short = param.names.front().size() == 2;
  auto term = (has_short ? "" : "    ") + fmt::format("{}", fmt::join(param.names, ", "));
  if (!param.placeholder.empty()) term += " " + param.placeholder;
  return term;
}

void add_row(std::string& out, const std::string& term, const std::string& text, std::size_t width) {
  auto lines = wrapped(text, kTermWidth + 2, width);
  const auto shown = "  " + term;
  if (display_width(shown) + 2 > kTermWidth + 2)
    out += shown + "\n" + lines;
  else
    out += shown + lines.substr(display_width(shown));
}

/// Whether one of the options of every command is of use to this one.
bool shows(const Command& command, const Param& param) {
  return !param.of_server || command.takes_server() || command.parent() == nullptr;
}

void add_params(std::string& out, const std::string& title, const std::vector<Param>& params, bool positional,
                std::size_t width) {
  std::string rows;
  for (const auto& param : params)
    if ((param.kind == Param::Kind::positional) == positional) add_row(rows, term_of(param), sentence_of(param), width);
  if (!rows.empty()) out += "\n" + title + ":\n" + rows;
}

}  // namespace

std::size_t help_width(std::size_t terminal) {
  return terminal == 0 || terminal == std::string::npos ? kUsual : std::min(terminal, kReadable);
}

std::string wrapped(const std::string& text, std::size_t indent, std::size_t width) {
  std::string out;
  std::istringstream lines{text};
  for (std::string line; std::getline(lines, line);) {
    std::string current(indent, ' ');
    bool empty = true;
    std::istringstream words{line};
    for (std::string word; words >> word;) {
      if (!empty && display_width(current) + 1 + display_width(word) > width) {
        out += current + "\n";
        current.assign(indent, ' ');
        empty = true;
      }
      if (!empty) current += ' ';
      current += word;
      empty = false;
    }
    out += (empty ? "" : current) + "\n";
  }
  return out;
}

std::string usage_line(const Command& command) {
  auto line = command.path();
  if (command.is_group()) return line + " COMMAND";
  bool options = false;
  for (const auto& param : command.params()) {
    if (param.kind == Param::Kind::positional) continue;
    if (param.required)
      line += fmt::format(" {} {}", param.display_name(), param.placeholder);
    else
      options = true;
  }
  if (options) line += " [OPTION...]";
  for (const auto& param : command.params()) {
    if (param.kind != Param::Kind::positional) continue;
    const auto shown = param.display_name() + (param.many ? "..." : "");
    line += param.required ? " " + shown : " [" + shown + "]";
  }
  return line;
}

std::string sentence_of(const Param& param) {
  auto text = param.help;
  if (!param.choices.empty()) text += fmt::format(": {}", fmt::join(param.choices, ", "));
  if (!param.default_text.empty()) text += fmt::format(" (default: {})", param.default_text);
  if (param.many && param.kind == Param::Kind::option) text += "; may be given more than once";
  return text;
}

std::vector<std::pair<int, std::string>> exit_statuses(const Command& command) {
  if (command.is_check())
    return {{0, "OK"}, {1, "WARNING"}, {2, "CRITICAL"}, {3, "UNKNOWN: it could not be found out; wrong use"}};
  std::map<int, std::string> all{{0, "done"}};
  const auto add = [&](Errc code) { all.emplace(info(code).exit_status, info(code).meaning); };
  for (const auto code : {Errc::failed, Errc::usage, Errc::interrupted}) add(code);
  for (const auto code : command.codes()) add(code);
  return {all.begin(), all.end()};
}

std::string help_text(const Command& command, const std::vector<Param>& globals, std::size_t width) {
  auto out = "Usage: " + usage_line(command) + "\n\n" + wrapped(command.help() + ".", 0, width);
  if (!command.details().empty()) out += "\n" + wrapped(command.details(), 0, width);
  if (command.is_group()) {
    out += "\nCommands:\n";
    for (const auto& child : command.children())
      if (!child->is_hidden()) add_row(out, child->name(), child->help(), width);
  }
  add_params(out, "Arguments", command.params(), true, width);
  add_params(out, "Options", command.params(), false, width);
  std::vector<Param> general;
  for (const auto& param : globals)
    if (shows(command, param)) general.push_back(param);
  add_params(out, "Options of every command", general, false, width);
  out += "\nExit status:\n";
  if (command.is_group()) {
    // A group only ever prints this text or refuses a word; its commands name what else they end with.
    add_row(out, "0", "help was shown", width);
    add_row(out, fmt::to_string(info(Errc::usage).exit_status), std::string{info(Errc::usage).meaning}, width);
  } else {
    for (const auto& [status, meaning] : exit_statuses(command)) add_row(out, fmt::to_string(status), meaning, width);
  }
  if (!command.examples().empty()) out += "\nExamples:\n";
  for (const auto& [line, note] : command.examples()) {
    if (!note.empty()) out += wrapped("# " + note, 2, width);
    out += "  " + line + "\n";
  }
  return out;
}

}  // namespace visitor::cli
