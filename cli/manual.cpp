#include "cli/manual.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cli/help.hpp"

namespace visitor::cli {
namespace {

constexpr char kBold = '\x01';
constexpr char kEnd = '\x02';
constexpr char kItalic = '\x03';
constexpr std::size_t kLine = 78;  // of the source of a page

/// \p text for roff: nothing of it is a request, and what is typed with a dash can be copied with it.
std::string escaped(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    switch (c) {
      case '\\':
        out += "\\e";
        break;
      case '-':
        out += "\\-";
        break;
      case '\'':
        out += "\\(aq";
        break;
      case '`':
        out += "\\(ga";
        break;
      case '^':
        out += "\\(ha";
        break;
      case '~':
        out += "\\(ti";
        break;
      case '"':
        out += "\\(dq";
        break;
      case static_cast<unsigned char>(kBold):
        out += "\\fB";
        break;
      case static_cast<unsigned char>(kItalic):
        out += "\\fI";
        break;
      case static_cast<unsigned char>(kEnd):
        out += "\\fR";
        break;
      default:
        if (c < 0x80) {
          out += static_cast<char>(c);
          break;
        }
        // Our own sentences are well-formed UTF-8.
        const int more = c >= 0xF0 ? 3 : c >= 0xE0 ? 2 : 1;
        unsigned code = c & (0x3FU >> more);
        for (int k = 0; k < more && i + 1 < text.size(); ++k)
          code = code << 6 | (static_cast<unsigned char>(text[++i]) & 0x3FU);
        out += fmt::format("\\[u{:04X}]", code);
    }
  }
  return out;
}

/// A line of text that begins with a dot would be a request.
std::string lines_of(std::string_view text) {
  std::string out;
  const auto filled = wrapped(std::string{text}, 0, kLine);
  for (std::size_t from = 0; from < filled.size();) {
    const auto end = filled.find('\n', from);
    const auto line = filled.substr(from, end - from);
    out += (line.starts_with('.') ? "\\&" : "") + escaped(line) + "\n";
    from = end + 1;
  }
  return out;
}

std::string upper(std::string_view text) {
  std::string out{text};
  for (auto& c : out)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return out;
}

std::string term_of(const Param& param) {
  if (param.kind == Param::Kind::positional) return italic(param.display_name());
  std::string term;
  for (const auto& name : param.names) term += (term.empty() ? "" : ", ") + bold(name);
  return param.placeholder.empty() ? term : term + " " + italic(param.placeholder);
}

void add_params(Roff& roff, const std::vector<Param>& params, bool positional) {
  for (const auto& param : params)
    if ((param.kind == Param::Kind::positional) == positional) roff.item(term_of(param), sentence_of(param) + ".");
}

/// Words of a usage line: those that are typed as they are stand in bold.
std::string usage_of(const Command& command) {
  const auto line = usage_line(command);
  return bold(command.path()) + line.substr(command.path().size());
}

void add_examples(Roff& roff, const Command& command) {
  for (const auto& [line, note] : command.examples()) {
    if (!note.empty()) roff.text(note + (note.ends_with('?') ? "" : ":"));
    roff.verbatim(line);
  }
}

void add_statuses(Roff& roff, const Command& command) {
  for (const auto& [status, meaning] : exit_statuses(command)) roff.item(bold(std::to_string(status)), meaning + ".");
}

/// Everything about a command that runs, below a heading of its own.
void describe(Roff& roff, const Command& command) {
  roff.text(usage_of(command));
  roff.text(command.help() + ".");
  if (!command.details().empty()) roff.text(command.details());
  add_params(roff, command.params(), true);
  add_params(roff, command.params(), false);
  if (!command.examples().empty()) roff.text(command.examples().size() == 1 ? "Example:" : "Examples:");
  add_examples(roff, command);
  std::vector<std::string> statuses;
  for (const auto& [status, meaning] : exit_statuses(command))
    statuses.push_back(fmt::format("{} ({})", status, meaning));
  roff.text(fmt::format("Exit status: {}.", fmt::join(statuses, "; ")));
}

void describe_all(Roff& roff, const Command& group, const Command& page) {
  for (const auto& child : group.children()) {
    if (child->is_hidden()) continue;
    if (child->is_group()) {
      describe_all(roff, *child, page);
      continue;
    }
    roff.subsection(child->path().substr(page.parent()->path().size() + 1));
    describe(roff, *child);
  }
}

constexpr auto kOfAll =
    "The options of every command, the times that are understood and the form of lists are described in visitorctl(1).";

ManualPage page_of(const Command& command) {
  const auto name = command.parent()->name() + "-" + command.name();
  Roff roff{name, 1, command.help()};
  roff.section("SYNOPSIS").text(usage_of(command));
  roff.section("DESCRIPTION");
  if (command.is_group()) {
    if (!command.details().empty()) roff.text(command.details());
    roff.text(kOfAll);
    roff.section("COMMANDS");
    describe_all(roff, command, command);
  } else {
    roff.text(command.details().empty() ? command.help() + "." : command.details());
    roff.text(kOfAll);
    if (!command.params().empty()) {
      roff.section("OPTIONS");
      add_params(roff, command.params(), true);
      add_params(roff, command.params(), false);
    }
    roff.section("EXIT STATUS");
    add_statuses(roff, command);
    roff.section("EXAMPLES");
    add_examples(roff, command);
  }
  roff.section("SEE ALSO").text(bold("visitorctl") + "(1), " + bold("visitor.toml") + "(5)");
  return {name, 1, roff.take()};
}

ManualPage program_page(const Command& root, const std::vector<Param>& globals) {
  Roff roff{root.name(), 1, root.help()};
  roff.section("SYNOPSIS").text(bold(root.name()) + " [" + italic("OPTION") + "...] " + italic("COMMAND") + " ...");
  roff.section("DESCRIPTION").text(root.details());
  roff.section("COMMANDS");
  for (const auto& child : root.children())
    if (!child->is_hidden())
      roff.item(bold(child->name()), child->help() + ": see " + bold(root.name() + "-" + child->name()) + "(1).");
  roff.section("OPTIONS").text("These are understood before and after every command.");
  add_params(roff, globals, false);
  roff.section("EXIT STATUS");
  roff.item(bold("0"), "done.");
  int last = 0;
  for (const auto& row : error_table()) {
    if (row.exit_status == last) continue;  // two codes may share a status
    last = row.exit_status;
    roff.item(bold(std::to_string(row.exit_status)), std::string{row.meaning} + ".");
  }
  roff.text("Checks (" + bold("health") + " and commands called " + bold("check") +
            ") end as monitoring plugins do: see visitor-health(7).");
  roff.section("ERRORS").text(
      "A message says what is wrong, and the line below it what to do next. With --json it is one object on standard "
      "error: {\"error\": {\"code\": ..., \"message\": ..., \"hint\": ...}}, where code is one of:");
  for (const auto& row : error_table())
    roff.item(bold(row.name), fmt::format("{} (exit status {}).", row.meaning, row.exit_status));
  roff.section("ENVIRONMENT");
  roff.item(bold("NO_COLOR"), "If it is set, there is no colour.");
  roff.item(bold("VISITOR_SERVER"),
            "Where there is no --server, the visitord to work with; empty: this machine, whatever remote.toml says.");
  roff.item(bold("COLUMNS"), "The width of the terminal, where it cannot be asked.");
  roff.item(bold("XDG_CONFIG_HOME") + ", " + bold("XDG_STATE_HOME") + ", " + bold("HOME"),
            "Where configuration and state of users other than root are.");
  roff.item(bold("SUDO_USER"), "Under sudo(8), the person whom changes are put down to.");
  roff.section("FILES");
  roff.item("/etc/visitor/visitor.toml, ~/.config/visitor/visitor.toml", "The configuration of root and of others.");
  roff.item("/etc/visitor/remote.toml, ~/.config/visitor/remote.toml",
            "The visitord to work with on a machine that has no visitor.toml: server, key_file (readable by its owner "
            "alone) and ca_file. --server and VISITOR_SERVER go before it, and --config leaves it out.");
  roff.item("/var/lib/visitor, ~/.local/state/visitor",
            "State: the master key and the private PostgreSQL of root and of others.");
  std::string also = bold("visitord") + "(8), " + bold("visitor.toml") + "(5), " + bold("visitor-health") + "(7)";
  for (const auto& child : root.children())
    if (!child->is_hidden()) also += ", " + bold(root.name() + "-" + child->name()) + "(1)";
  roff.section("SEE ALSO").text(also);
  return {root.name(), 1, roff.take()};
}

}  // namespace

std::string bold(std::string_view text) {
  return kBold + std::string{text} + kEnd;
}

std::string italic(std::string_view text) {
  return kItalic + std::string{text} + kEnd;
}

Roff::Roff(std::string_view name, int section, std::string_view summary) {
  out_ = fmt::format(
      ".\\\" Made by 'visitorctl man' from the tables of the program.\n"
      ".TH {} {} {} \"visitor {}\"\n.SH NAME\n{} \\- {}\n",
      upper(name), section, VISITOR_RELEASED, VISITOR_VERSION, escaped(name), escaped(summary));
}

Roff& Roff::section(std::string_view title) {
  out_ += fmt::format(".SH {}\n", title);
  return *this;
}

Roff& Roff::subsection(std::string_view title) {
  out_ += fmt::format(".SS {}\n", escaped(title));
  return *this;
}

bool Roff::after_title() const {
  const auto line = out_.rfind('\n', out_.size() - 2) + 1;
  return out_.compare(line, 3, ".SH") == 0 || out_.compare(line, 3, ".SS") == 0;
}

Roff& Roff::text(std::string_view text) {
  bool first = after_title();
  for (std::size_t from = 0; from < text.size();) {
    const auto end = std::min(text.find('\n', from), text.size());
    if (end > from) {
      if (!first) out_ += ".PP\n";
      out_ += lines_of(text.substr(from, end - from));
      first = false;
    }
    from = end + 1;
  }
  return *this;
}

Roff& Roff::item(std::string_view term, std::string_view text) {
  out_ += ".TP\n" + lines_of(term) + lines_of(text);
  return *this;
}

Roff& Roff::verbatim(std::string_view lines) {
  if (!after_title()) out_ += ".PP\n";
  out_ += ".nf\n.RS 4\n";
  for (std::size_t from = 0; from < lines.size();) {
    const auto end = std::min(lines.find('\n', from), lines.size());
    const auto line = lines.substr(from, end - from);
    out_ += (line.starts_with('.') ? "\\&" : "") + escaped(line) + "\n";
    from = end + 1;
  }
  out_ += ".RE\n.fi\n";
  return *this;
}

std::vector<ManualPage> manual_pages(const Command& root, const std::vector<Param>& globals) {
  std::vector<ManualPage> pages;
  pages.push_back(program_page(root, globals));
  for (const auto& child : root.children())
    if (!child->is_hidden()) pages.push_back(page_of(*child));
  pages.push_back(visitord_page());
  pages.push_back(configuration_page());
  pages.push_back(health_page());
  return pages;
}

}  // namespace visitor::cli
