#include <fmt/format.h>

#include "app/changes.hpp"
#include "cli/commands.hpp"
#include "cli/event_options.hpp"
#include "cli/follow.hpp"
#include "cli/views.hpp"

namespace visitor::cli {
namespace {

constexpr int kLines = 10;

struct Options {
  EventOptions events;
  std::optional<int> lines;
  std::optional<std::string> since;
  bool follow = false;
};

/// One event on one line, whatever came before it: a stream has no widths to align to.
std::string line_of(const store::EventListed& listed, const std::string& cursor, const Session& session) {
  if (session.json()) {
    JsonWriter writer{JsonWriter::Layout::line};
    write_event(writer, listed, cursor);
    return writer.take();
  }
  if (!session.for_people()) return event_table({listed}, session.now()).tsv();
  const auto& event = listed.event;
  const auto tone = event.event_class == domain::EventClass::denied  ? Tone::warning
                    : event.event_class == domain::EventClass::alarm ? Tone::bad
                                                                     : Tone::plain;
  const auto person = !listed.guest_name.empty() ? listed.guest_name
                      : event.employee_no        ? *event.employee_no
                                                 : event.card_no.value_or("");
  const auto where = door_text(listed.door_name, event.door_no, event.reader_no);
  const auto way = event.direction == domain::Direction::none ? "" : fmt::format(" {}", domain::name(event.direction));
  const auto text = fmt::format("{}  {}{}{}{}{}", precise_time_cell(event.key.occurred_at, listed.time_zone).text,
                                listed.terminal_name, where.empty() ? "" : ", " + where, way, "  " + event_text(event),
                                person.empty() ? "" : "  " + person);
  return toned(shortened(printable(text), session.width()), tone, session.colour()) + "\n";
}

void run(const Options& options, Session& session) {
  if (options.since && options.lines)
    throw Error(Errc::usage, "--since and --lines exclude each other", "--since already says where to begin.");
  app::EventFilter filter;
  app::EventCursor start;
  {
    db::Transaction tx{session.db(), kReading};
    const auto work = session.reader(tx);
    filter = event_filter(work, options.events);
    if (options.since) {
      start = find_cursor(work, session, *options.since);
    } else {
      // In the snapshot of the list, so that nothing falls between them.
      start.change = app::newest_change(work);
      filter.limit = options.lines.value_or(kLines);
      auto events = filter.limit == 0 ? std::vector<store::EventListed>{} : app::list_events(work, filter);
      std::string text;
      for (auto event = events.rbegin(); event != events.rend(); ++event)
        text += line_of(*event, app::to_text(start), session);
      if (!text.empty()) session.print(text);
    }
  }
  app::EventTail tail{filter, start};
  const auto read = [&](const app::Work& work) {
    std::string text;
    for (const auto& [listed, cursor] : tail.poll(work)) text += line_of(listed, app::to_text(cursor), session);
    return text;
  };
  if (options.follow) return follow(session, read);
  if (options.since) drain(session, read);
}

}  // namespace

void add_event_tail(Command& event) {
  auto options = std::make_shared<Options>();
  auto& command = event.add("tail", "Show the last events, and with -f each new one as it arrives")
                      .option("-n,--lines", "N", options->lines, "How many of those that are there already")
                      .between(0, 100'000)
                      .default_is(std::to_string(kLines))
                      .option("--since", "CURSOR", options->since,
                              "Instead of the last ones: all that was stored after this cursor, or since a time")
                      .flag("-f,--follow", options->follow, "Go on until Ctrl-C");
  add_event_options(command, options->events);
  command
      .details(
          "With --json each event is one document on a line of its own, with the cursor from which --since goes on "
          "after it: nothing is lost and nothing comes twice, also over a restart of the database. Exit status 3 means "
          "that events may have been stored since the cursor that the feed does not tell of any longer (changes.keep); "
          "'visitorctl event list --since' has them.")
      .fails_with({Errc::not_found, Errc::partial})
      .uses_database()
      .example("visitorctl event tail -f")
      .example("visitorctl event tail -f --since 118/4567", "Go on after an event that was seen before")
      .example("visitorctl event tail -f --json --class denied | jq -r .employee_no")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
