#include <fmt/format.h>

#include "app/remote/visits.hpp"
#include "cli/arguments.hpp"
#include "cli/commands.hpp"
#include "cli/house.hpp"
#include "cli/views.hpp"

namespace visitor::cli {
namespace {

struct Options {
  std::optional<std::string> site;
  std::optional<Moment> at;
  bool presumed = false;
};

std::string to_json(const app::Presence& presence) {
  JsonWriter json;
  json.begin_object().member("at", presence.at);
  json.key("inside").begin_array();
  for (const auto& one : presence.inside) write(json, one);
  json.end().key("presumed_left").begin_array();
  for (const auto& one : presence.presumed_left) write(json, one);
  return json.end().end().take();
}

void run(const Options& options, Session& session) {
  auto presence = read_house(session, [&](auto& house) {
    const auto site = find_site(house, options.site);
    if (!options.at) return app::presence_now(house, site);
    const auto at = session.instant(*options.at, zone_for(house, options.site));
    if (at > session.now())
      throw Error(Errc::usage, fmt::format("--at {} lies in the future", options.at->text),
                  "Only what has happened can be told.");
    return app::presence_at(house, at, site);
  });
  if (session.json()) return session.print(to_json(presence));
  auto rows = std::move(presence.inside);
  if (options.presumed)
    rows.insert(rows.end(), presence.presumed_left.begin(), presence.presumed_left.end());
  else if (!presence.presumed_left.empty())
    session.note(fmt::format("{} more {} presumed to have left; --presumed lists them, too.",
                             presence.presumed_left.size(), presence.presumed_left.size() == 1 ? "is" : "are"));
  session.print_table(inside_table(rows, presence.at));
}

}  // namespace

void add_inside(Command& root) {
  auto options = std::make_shared<Options>();
  auto& command = root.add("inside", "List who is in the building and what shows it, the longest first");
  add_site_filter(command, options->site);
  command.option("--at", "TIME", options->at, "Who was inside at this moment, by the stored events and actions")
      .flag("--presumed", options->presumed, "Also who left by presumption only, within the 24 h before")
      .details(
          "The whole list, without a limit: in an emergency nobody may be missing from it. The proof is the door of "
          "the "
          "last entry, or the person who checked the guest in.\n"
          "\n"
          "--at folds the facts up to that moment again, so that any past moment can be asked for, and gives the same "
          "answer until a late event corrects the past. A guest whose visit ended as presumed was not seen leaving, "
          "and "
          "never counts as inside; JSON names such guests apart, in presumed_left.")
      .fails_with({Errc::not_found})
      .uses_house()
      .example("visitorctl inside")
      .example("visitorctl inside | wc -l", "How many?")
      .example("visitorctl inside --at '2026-09-01 12:00'", "Who was inside at noon of that day")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
