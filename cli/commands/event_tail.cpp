#include <fmt/format.h>

#include <algorithm>

#include "app/instance.hpp"
#include "cli/commands.hpp"
#include "cli/event_options.hpp"
#include "cli/views.hpp"
#include "db/listener.hpp"
#include "store/journal.hpp"

namespace visitor::cli {
namespace {

// A notification wakes us at once; this is for those that never come.
constexpr std::chrono::milliseconds kLookAgain{2'000};

struct Options {
  EventOptions events;
  int lines = 10;
  bool follow = false;
};

/// One event on one line, whatever came before it: a stream has no widths to align to.
std::string line_of(const store::EventListed& listed, const Session& session) {
  if (session.json()) {
    JsonWriter writer{JsonWriter::Layout::line};
    write(writer, listed);
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

void print(const std::vector<store::EventListed>& events, Session& session) {
  std::string text;
  for (const auto& event : events) text += line_of(event, session);
  if (!text.empty()) session.print(text);
}

void run(const Options& options, Session& session) {
  auto& pool = session.db();
  std::optional<app::EventTail> tail;
  {
    db::Transaction tx{pool, kReading};
    const auto work = session.reader(tx);
    auto filter = event_filter(work, options.events);
    tail.emplace(work, filter);  // in the snapshot of the list, so that nothing falls between them
    filter.limit = options.lines;
    auto events = options.lines == 0 ? std::vector<store::EventListed>{} : app::list_events(work, filter);
    std::reverse(events.begin(), events.end());
    print(events, session);
  }
  if (!options.follow) return;

  auto connection = pool.options().connection;
  db::Listener listener{std::move(connection), {std::string{store::kChangeChannel}}};
  for (bool complained = false;;) {
    const auto heard = listener.wait(kLookAgain);
    if (!heard.connected) {
      if (!complained) session.note("The database is away: " + heard.problem + ". Trying again.");
      complained = true;
      continue;
    }
    complained = false;
    db::Transaction tx{pool, kReading};
    auto work = session.reader(tx);
    work.now = SystemClock{}.now();  // the tail looks back from here
    for (auto events = tail->poll(work); !events.empty(); events = tail->poll(work)) print(events, session);
  }
}

}  // namespace

void add_event_tail(Command& event) {
  auto options = std::make_shared<Options>();
  auto& command = event.add("tail", "Show the last events, and with -f each new one as it arrives")
                      .option("-n,--lines", "N", options->lines, "How many of those that are there already")
                      .between(0, 100'000)
                      .default_is("10")
                      .flag("-f,--follow", options->follow, "Go on until Ctrl-C");
  add_event_options(command, options->events);
  command.details("With --json each event is one document on a line of its own.")
      .fails_with({Errc::not_found})
      .uses_database()
      .example("visitorctl event tail -f")
      .example("visitorctl event tail -f --json --class denied | jq -r .employee_no")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
