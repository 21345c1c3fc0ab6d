#include <fmt/format.h>

#include "cli/arguments.hpp"
#include "cli/commands.hpp"
#include "cli/views.hpp"

namespace visitor::cli {
namespace {

struct Options {
  std::string terminal;
  app::DoorSetting setting;
  bool dry_run = false;
};

void run(const Options& options, Session& session) {
  db::Transaction tx{session.db()};
  const auto work = session.work(tx);
  const auto terminal = app::resolve_terminal(work, options.terminal);
  auto setting = options.setting;
  setting.terminal = terminal.terminal.id;
  const auto door = app::set_door(work, setting);
  finish(tx, options.dry_run);
  session.done(app::DoorListed{door, terminal.terminal.name, terminal.site_name},
               fmt::format("{} of {}: {}.", door_text(door.name, door.door_no, door.reader_no), terminal.terminal.name,
                           domain::name(door.direction)),
               options.dry_run);
}

}  // namespace

void add_door_set(Command& door) {
  auto options = std::make_shared<Options>();
  auto& command =
      door.add("set", "Say which way a door and its reader lead")
          .details(
              "Counts for events that arrive from now on. The direction of a passage never follows from the code of "
              "its event, only from here.")
          .positional("TERMINAL", options->terminal, "Name or number")
          .required()
          .positional("DOOR", options->setting.door_no, "Number of the door; 0 where events name none")
          .between(0, 65'535)
          .required()
          .positional("DIRECTION", options->setting.direction, "Which way it leads")
          .required()
          .option("--reader", "N", options->setting.reader_no, "Number of the reader; 0 where events name none")
          .between(0, 65'535)
          .default_is("1")
          .option("--name", "TEXT", options->setting.name, "What people call it")
          .option("--zone", "TEXT", options->setting.zone, "Where it leads to");
  add_dry_run(command, options->dry_run);
  command.fails_with({Errc::not_found})
      .uses_database()
      .example("visitorctl door set 'Main entrance' 1 entry --name 'Turnstile 1'")
      .example("visitorctl door set Gate 1 exit --reader 2", "The reader inside of a door with two")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
