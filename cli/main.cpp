#include <unistd.h>

#include <algorithm>
#include <exception>
#include <string>
#include <vector>

#include "cli/commands.hpp"
#include "cli/edit_lock.hpp"
#include "cli/help.hpp"
#include "cli/parser.hpp"
#include "cli/session.hpp"
#include "core/log.hpp"

namespace {

using namespace visitor;
using namespace visitor::cli;

constexpr int kUnknown = 3;  // of the monitoring plugins

/// As well as the stream lets it.
void say(Stream stream, const std::string& text) {
  try {
    stream.write(text);
  } catch (const Error&) {  // nobody is listening; the other stream and the exit status remain
  }
}

/// Says what went wrong, and gives the exit status.
int fail(const Error& error, bool json, bool check) {
  // A monitoring system looks at the first line of standard output.
  if (check && !json)
    say({STDOUT_FILENO, "standard output"},
        "VISITOR UNKNOWN - " + printable(error.message().substr(0, error.message().find('\n'))) + "\n");
  say({STDERR_FILENO, "standard error"}, error_text(error, json));
  return check ? kUnknown : info(error.code()).exit_status;
}

bool is_given(const Parsed& parsed, std::string_view name) {
  return std::any_of(parsed.given.begin(), parsed.given.end(),
                     [&](const auto& given) { return given.param->display_name() == name; });
}

int run(const Command& root, const Command& global, const Parsed& parsed, Globals& globals) {
  Stream out{STDOUT_FILENO, "standard output"};
  // With a mistyped command there is no telling whose help is wanted.
  if (is_given(parsed, "--help") && !(parsed.problem && parsed.command->is_group())) {
    out.write(help_text(*parsed.command, global.params(), help_width(out.width())));
    return 0;
  }
  if (parsed.problem) throw *parsed.problem;
  apply(parsed);
  if (globals.version) {
    out.write(globals.json ? "{\"version\": \"" VISITOR_VERSION "\"}\n" : "visitorctl " VISITOR_VERSION "\n");
    return 0;
  }
  if (parsed.command->is_group())
    throw Error(Errc::usage, "'" + parsed.command->path() + "' needs a command",
                "Run '" + parsed.command->path() + " --help' to see what there is.");

  if (globals.server && !parsed.command->takes_server())
    throw Error(Errc::usage, "'" + parsed.command->path() + "' does not work with a visitord on another machine",
                "Leave out --server, or run it on that machine.");

  log::start(globals.json ? log::Format::json : log::Format::plain, globals.verbose ? "debug" : "warning");
  Session session{globals, root, global};
  const app::WrittenPast past;
  parsed.command->work()(session);
  tell_of_locks(session, past);
  return session.exit_status();
}

}  // namespace

int main(int argc, char** argv) {
  secure_standard_streams();
  Globals globals;
  bool check = false;
  try {
    const auto global = global_params(globals);
    const auto root = command_tree();
    const auto parsed =
        parse(*root, global->params(), std::vector<std::string>(argv + (argc > 0 ? 1 : 0), argv + argc));
    // How a problem is told does not depend on what else is wrong.
    globals.json = is_given(parsed, "--json");
    check = parsed.command->is_check();
    return run(*root, *global, parsed, globals);
  } catch (const Error& error) {
    return fail(error, globals.json, check);
  } catch (const std::exception& error) {
    return fail(Error{Errc::failed, std::string{"internal error: "} + error.what(),
                      "Please report this, with the command that you typed."},
                globals.json, check);
  }
}
