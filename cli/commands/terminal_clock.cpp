#include <fmt/format.h>

#include "app/details.hpp"
#include "app/journal.hpp"
#include "app/terminals.hpp"
#include "cli/arguments.hpp"
#include "cli/commands.hpp"
#include "cli/record.hpp"
#include "cli/terminal_client.hpp"
#include "cli/views.hpp"
#include "core/text.hpp"
#include "hikvision/clock_setting.hpp"

namespace visitor::cli {
namespace {

using std::chrono::milliseconds;

struct Options {
  std::string terminal;
  bool set = false;
  bool yes = false;
};

/// A terminal's clock beside ours.
struct ClockShown {
  app::TerminalListed listed;
  hikvision::ClockReading reading;
  std::optional<hikvision::ClockReading> before;  ///< it was set
};

std::optional<milliseconds> ahead_of(const hikvision::ClockReading& reading) {
  const auto ahead = reading.ahead();
  if (!ahead) return std::nullopt;
  return std::chrono::round<milliseconds>(*ahead);
}

std::string drift_text(const hikvision::ClockReading& reading) {
  const auto ahead = ahead_of(reading);
  if (!ahead) return "not known: its time has no offset from UTC";
  return fmt::format("{:+.1f} s", std::chrono::duration<double>(*ahead).count());
}

void write_reading(JsonWriter& json, const hikvision::ClockReading& reading) {
  const auto& time = reading.time;
  json.begin_object().member("device_time", time.local_time.text).member("at", reading.at);
  const auto ahead = ahead_of(reading);
  json.key("ahead_ms");
  if (ahead)
    json.value(static_cast<std::int64_t>(ahead->count()));
  else
    json.null();
  const auto offset = time.offset();
  json.key("utc_offset_seconds");
  if (offset)
    json.value(static_cast<std::int64_t>(offset->count()));
  else
    json.null();
  json.member("time_zone", time.time_zone).member("mode", time.mode).end();
}

void write(JsonWriter& json, const ClockShown& shown) {
  json.begin_object();
  write_named(json, "terminal", shown.listed.terminal.id, shown.listed.terminal.name);
  json.key("clock");
  write_reading(json, shown.reading);
  json.key("before");
  if (shown.before)
    write_reading(json, *shown.before);
  else
    json.null();
  json.end();
}

Card card_of(const ClockShown& shown) {
  const auto& time = shown.reading.time;
  Card card;
  card.add("Terminal", fmt::format("{} (terminal {})", shown.listed.terminal.name, shown.listed.terminal.id));
  card.add("Its time", time.local_time.text);
  card.add("Our time", precise_time_cell(shown.reading.at, shown.listed.time_zone));
  card.add("Ahead of ours", drift_text(shown.reading));
  card.add("Time zone", time.time_zone.value_or(""));
  card.add("Kept by", time.mode.value_or(""));
  return card;
}

[[noreturn]] void fail(const domain::Terminal& terminal, const hikvision::Failure& failure) {
  throw Error(Errc::terminal, fmt::format("terminal '{}': {}", terminal.name, failure.message), failure.hint);
}

void record(const domain::Terminal& terminal, const hikvision::ClockSetting& set, Session& session) {
  db::Transaction tx{session.db()};
  auto entries = app::journal(session.work(tx));
  app::Details details;
  details.add("clock_set", true).add("time_zone", std::string_view{set.time_zone});
  if (const auto was = ahead_of(set.before)) details.add("was_ahead_ms", static_cast<std::int64_t>(was->count()));
  entries.audit(domain::AuditAction::update, store::topic::kTerminal, terminal.id, details.json());
  entries.change(store::topic::kTerminal, terminal.id, terminal.version);
  tx.commit();
}

void run(const Options& options, Session& session) {
  ClockShown shown;
  {
    db::Transaction tx{session.db(), kReading};
    shown.listed = app::resolve_terminal(session.reader(tx), options.terminal);
  }
  const auto& terminal = shown.listed.terminal;
  put_on_record(session, {domain::AuditAction::view, store::topic::kTerminal, terminal.id.value,
                          app::Details{}.add("what", "clock")});
  auto settings = client_options(terminal, session);
  const auto before = settings.login;
  const SystemClock clock;
  hikvision::Client client{std::move(settings), clock};
  const auto done = [&](const std::optional<hikvision::Failure>& failure) {
    keep_login(terminal, before, client.login_state(), failure, session);
    if (failure) fail(terminal, *failure);
  };

  const auto reading = client.system_time();
  done(reading ? std::nullopt : std::optional{reading.failure()});
  shown.reading = *reading;
  if (!options.set) return session.show(shown, card_of(shown));

  const bool by_ntp = shown.reading.time.mode && equal_ignoring_case(*shown.reading.time.mode, "NTP");
  session.confirm(fmt::format("The clock of {} is ahead of ours by {}.{} Set it?", terminal.name,
                              drift_text(shown.reading), by_ntp ? " Setting it switches its NTP off." : ""),
                  options.yes);
  const auto site_offset = Zone::named(shown.listed.time_zone).offset(session.now());
  const auto set = hikvision::set_clock(client, clock, site_offset);
  done(set ? std::nullopt : std::optional{set.failure()});
  record(terminal, *set, session);
  shown.before = set->before;
  shown.reading = set->after;
  session.done(shown, fmt::format("Set the clock of {}: it was {} from ours, and is {} now.", terminal.name,
                                  drift_text(set->before), drift_text(set->after)));
  if (by_ntp) session.note("Its NTP is off now; switch it on again on its web page where there is a time server.");
}

}  // namespace

void add_terminal_clock(Command& terminal) {
  auto options = std::make_shared<Options>();
  terminal.add("clock", "Show the clock of a terminal beside ours, or set it")
      .details(
          "Check-ins count at the time of the terminal's clock. --set writes our time in the zone that the terminal "
          "has, "
          "and reads it back; the terminal notes that in its log, and no longer keeps its time by NTP.")
      .positional("TERMINAL", options->terminal, "Name or number")
      .required()
      .flag("--set", options->set, "Set it to our time")
      .flag("-y,--yes", options->yes, kYesHelp)
      .fails_with({Errc::not_found, Errc::terminal})
      .uses_database()
      .example("visitorctl terminal clock 'Main entrance'")
      .example("visitorctl terminal clock 3 --set --yes")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
