#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "app/changes.hpp"
#include "app/checks.hpp"
#include "app/remote/changes.hpp"
#include "cli/arguments.hpp"
#include "cli/commands.hpp"
#include "cli/follow.hpp"
#include "cli/views.hpp"

namespace visitor::cli {
namespace {

struct Options {
  std::vector<std::string> topics;
  std::optional<std::string> since;
  bool once = false;
};

std::string line_of(const domain::Change& change, const std::string& zone, const Session& session) {
  if (session.json()) {
    JsonWriter json{JsonWriter::Layout::line};
    write(json, change);
    return json.take();
  }
  const auto at = precise_time_cell(change.at, zone);
  if (session.for_people())
    return fmt::format("{}  {:>8}  {} {}, version {}\n", at.text, change.id, change.topic, change.entity,
                       change.version);
  return fmt::format("{}\t{}\t{}\t{}\t{}\n", change.id, at.for_programs(), change.topic, change.entity, change.version);
}

void check_topics(const std::vector<std::string>& given) {
  const auto known = app::topics();
  for (const auto& topic : given)
    if (std::find(known.begin(), known.end(), topic) == known.end())
      throw Error(
          Errc::usage, "--topic: there is no topic '" + topic + "'",
          app::near_hint(topic, {known.begin(), known.end()}, fmt::format("There are {}.", fmt::join(known, ", "))));
}

/// What --since says, as a cursor. \returns nothing where it is none
std::optional<ChangeId> change_cursor(const std::string& since) {
  const auto cursor = app::parse_event_cursor(since);
  if (!cursor) return std::nullopt;
  if (cursor->event) throw Error(Errc::usage, "--since: '" + since + "' is a cursor of 'visitorctl event tail'");
  return cursor->change;
}

void watch_there(app::RemoteHouse& house, const Options& options, Session& session) {
  const auto zone = zone_for(house, std::nullopt).name();
  auto start = options.since ? change_cursor(*options.since) : std::optional{app::newest_change(house)};
  if (!start)
    throw Error(Errc::usage, "--since: '" + *options.since + "' is no cursor",
                "Through the API it takes what --json shows, such as 118; times are for the machine of visitord.");
  app::RemoteChangeFeed feed{*start, options.topics};
  const auto read = [&] {
    std::string text;
    for (const auto& change : feed.poll(house)) text += line_of(change, zone, session);
    return text;
  };
  if (options.once) return drain_there(session, read);
  follow_there(session, read);
}

void run(const Options& options, Session& session) {
  check_topics(options.topics);
  if (auto* house = session.remote()) return watch_there(*house, options, session);
  std::string zone;
  const auto start = [&] {
    db::Transaction tx{session.db(), kReading};
    const auto work = session.reader(tx);
    zone = zone_for(work, std::nullopt).name();
    if (!options.since) return app::newest_change(work);
    change_cursor(*options.since);  // refuses those of events
    return find_cursor(work, session, *options.since).change;
  }();
  app::ChangeFeed feed{start, options.topics};
  const auto read = [&](const app::Work& work) {
    std::string text;
    for (const auto& change : feed.poll(work)) text += line_of(change, zone, session);
    return text;
  };
  if (options.once) return drain(session, read);
  follow(session, read);
}

}  // namespace

void add_watch(Command& root) {
  auto options = std::make_shared<Options>();
  root.add("watch", "Show each change in the house as it is committed, and what was missed meanwhile")
      .option("--topic", "TOPIC", options->topics, "Only changes of this: visit, incident, terminal, guest, …")
      .option("--since", "CURSOR", options->since, "Begin with the change after this one, or with a time")
      .default_is("now")
      .flag("--once", options->once, "End when all that is there has been shown")
      .details(
          "A line says what has changed, not how: cursor, time, topic, number of the thing and its version. Of topic "
          "event the number is that of the terminal, and the version that of its newest event. Lines come in the order "
          "of commit, each once; --since with the last cursor goes on exactly there, also after a restart of the "
          "database. The feed goes back as far as changes.keep of the configuration says: exit status 3 means that "
          "lines after the cursor are gone, and that the present state has to be read anew. With --server it asks "
          "every "
          "second, and --since takes a cursor only.")
      .fails_with({Errc::partial})
      .uses_house()
      .example("visitorctl watch --topic visit --topic incident")
      .example("visitorctl watch --json --since 118", "Go on after a cursor that was seen before")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
