#include <fmt/format.h>

#include <algorithm>

#include "app/muster.hpp"
#include "app/remote/muster.hpp"
#include "cli/arguments.hpp"
#include "cli/commands.hpp"
#include "core/text.hpp"
#include "domain/language.hpp"
#include "report/roll_call.hpp"

namespace visitor::cli {
namespace {

struct Options {
  std::optional<std::string> site;
  domain::Language language = domain::Language::english;
  bool pages = false;
  bool snapshot = false;
};

/// A roll call and where it is from.
struct Source {
  domain::RollCall roll;
  std::string file;                  ///< of the snapshot
  std::vector<std::string> refused;  ///< other snapshots
};

// In an emergency nobody waits for a database that hangs.
constexpr std::chrono::seconds kPatience{5};

domain::RollCall from_database(const Options& options, Session& session) {
  auto reading = kReading;
  reading.statement_deadline = kPatience;
  db::Transaction tx{session.db(), reading};
  const auto work = session.reader(tx);
  return app::roll_call(work, find_site(work, options.site));
}

Source from_snapshot(const Options& options, Session& session) {
  auto [roll, file, refused] = app::newest_snapshot(session.settings());
  if (options.site) {
    const auto number = to_integer(*options.site);
    const auto site = std::find_if(roll.sites.begin(), roll.sites.end(), [&](const domain::RollSite& one) {
      return equal_ignoring_case(one.name, *options.site) || (number && one.id.value == *number);
    });
    if (site == roll.sites.end())
      throw Error(Errc::not_found, fmt::format("the snapshot {} has no site '{}'", file.string(), *options.site),
                  "Leave out --site to see everybody.");
    const auto id = site->id;
    roll = domain::of_site(std::move(roll), id);
  }
  return {std::move(roll), file.string(), std::move(refused)};
}

Source look(const Options& options, Session& session) {
  if (auto* house = session.remote()) {
    if (options.snapshot)
      throw Error(Errc::usage, "snapshots are files on the machine of visitord",
                  "Leave out --snapshot, or run it there.");
    return {app::roll_call(*house, find_site(*house, options.site)), {}, {}};
  }
  if (options.snapshot) return from_snapshot(options, session);
  try {
    return {from_database(options, session), {}, {}};
  } catch (const Error& error) {
    if (error.code() == Errc::usage || error.code() == Errc::not_found || error.code() == Errc::interrupted) throw;
    session.note(fmt::format("The database gives no roll call: {}.", error.message()));
    try {
      return from_snapshot(options, session);
    } catch (const Error& other) {
      if (other.code() != Errc::not_found || options.site) throw;
      throw Error(Errc::database, fmt::format("{}; {}", error.message(), other.message()), error.hint());
    }
  }
}

void write(JsonWriter& json, const domain::RollEntry& entry) {
  json.begin_object().member("visit_id", entry.visit);
  json.key("guest").begin_object().member("id", entry.guest).text_member("name", entry.guest_name);
  json.text_member("company", entry.company).text_member("phone", entry.phone).end();
  json.member("since", entry.since);
  json.key("proof").begin_object().member("how", domain::name(entry.how)).member("at", entry.proof_at);
  json.member("entered_at", entry.entered_at).text_member("place", entry.place);
  json.text_member("login", entry.login).end().end();
}

/// The departments of one site with their hosts and guests; of those inside, or of those who presumably left.
void write_groups(JsonWriter& json, const domain::RollCall& roll, SiteId site, bool presumed) {
  const domain::RollEntry* before = nullptr;
  json.begin_array();
  for (const auto& entry : roll.entries) {
    if (entry.site != site || (entry.how == domain::How::presumed) != presumed) continue;
    const bool other_department = !before || before->department != entry.department;
    const bool other_host = other_department || before->host != entry.host || before->host_phone != entry.host_phone;
    if (before && other_host) json.end().end();
    if (before && other_department) json.end().end();
    if (other_department) json.begin_object().text_member("department", entry.department).key("hosts").begin_array();
    if (other_host) {
      json.begin_object().text_member("host", entry.host).text_member("phone", entry.host_phone);
      json.key("guests").begin_array();
    }
    write(json, entry);
    before = &entry;
  }
  if (before) json.end().end().end().end();
  json.end();
}

std::string to_json(const Source& source, Instant now) {
  const auto& roll = source.roll;
  const auto count = [&](SiteId site, bool presumed) {
    return static_cast<std::int64_t>(
        std::count_if(roll.entries.begin(), roll.entries.end(), [&](const domain::RollEntry& entry) {
          return entry.site == site && (entry.how == domain::How::presumed) == presumed;
        }));
  };
  JsonWriter json;
  json.begin_object().member("source", roll.is_snapshot() ? "snapshot" : "database").member("at", roll.at);
  json.member("age_seconds",
              static_cast<std::int64_t>(std::chrono::floor<std::chrono::seconds>(now - roll.at).count()));
  json.key("snapshot");
  if (roll.is_snapshot()) {
    json.begin_object().member("file", std::string_view{source.file}).text_member("written_by", roll.written_by);
    json.key("refused").begin_array();
    for (const auto& text : source.refused) json.value(std::string_view{text});
    json.end().end();
  } else {
    json.null();
  }
  json.key("sites").begin_array();
  for (const auto& site : roll.sites) {
    json.begin_object();
    json.key("site").begin_object().member("id", site.id).text_member("name", site.name).end();
    json.text_member("time_zone", site.time_zone).member("inside", count(site.id, false));
    json.key("departments");
    write_groups(json, roll, site.id, false);
    json.member("presumed_left_count", count(site.id, true)).key("presumed_left");
    write_groups(json, roll, site.id, true);
    json.end();
  }
  return json.end().end().take();
}

void run(const Options& options, Session& session) {
  const auto source = look(options, session);
  if (source.roll.is_snapshot())
    session.note(fmt::format("From the snapshot {}, {} old.", source.file,
                             format_span(std::chrono::floor<std::chrono::seconds>(
                                 std::max(session.now() - source.roll.at, std::chrono::microseconds{0})))));
  for (const auto& text : source.refused) session.note(fmt::format("Not used: {}.", text));
  if (session.json()) return session.print(to_json(source, session.now()));
  session.print(report::roll_call_text(source.roll, session.now(), {options.language, options.pages}));
}

}  // namespace

void add_muster(Command& root) {
  auto options = std::make_shared<Options>();
  auto& command = root.add("muster", "Print the roll call for an evacuation, also without the database");
  add_site_filter(command, options->site);
  command.option("--language", "LANGUAGE", options->language, "Of the printed list")
      .default_is("en")
      .flag("--pages", options->pages, "In pages of 60 lines with a heading each, ready for a printer or a PDF")
      .flag("--snapshot", options->snapshot, "Use the last snapshot without asking the database")
      .details(
          "Everybody inside by department and host, with telephone numbers, 80 columns wide. Who left by presumption "
          "only is listed apart: nobody saw them leave.\n"
          "\n"
          "visitord writes a snapshot every minute into the folder muster of the state directory, signed with the "
          "master key. Where the database gives no answer within 5 s, the newest one is used, and its age is told. One "
          "that was changed or cut off is refused. With --server there is no snapshot: keep one command line ready on "
          "the "
          "machine of visitord.")
      .fails_with({Errc::not_found, Errc::integrity})
      .uses_house()
      .example("visitorctl muster --pages | lp", "Onto paper")
      .example("visitorctl --json muster --site 'Head office'")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
