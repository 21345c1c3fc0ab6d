#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "app/badges.hpp"
#include "cli/arguments.hpp"
#include "cli/badge_commands.hpp"
#include "cli/views_badges.hpp"
#include "core/file.hpp"

namespace visitor::cli {
namespace {

using domain::BadgeFormat;
using domain::BadgeState;

constexpr mode_t kPrivate = 0600;

struct Options {
  VisitId visit;
  std::string to;
  std::optional<BadgeFormat> format;
  bool dry_run = false;
};

/// Printers have neither slashes nor the names of our formats behind a dot.
std::optional<BadgeFormat> format_of_file(std::string_view name) {
  const auto dot = name.rfind('.');
  return dot == std::string_view::npos ? std::nullopt : domain::find_named<BadgeFormat>(name.substr(dot + 1));
}

bool is_file(const std::string& to) {
  return to == "-" || to.find('/') != std::string::npos || format_of_file(to);
}

void note_cut(const app::BadgePrinted& printed, Session& session) {
  if (!printed.cut.empty())
    session.note(fmt::format("Too long for the badge, even in the least type: {}.", fmt::join(printed.cut, ", ")));
}

/// "badge 2 of visit 42 for Elena"
std::string described(const app::BadgeListed& listed) {
  return fmt::format("badge {} of visit {} for {}", listed.badge.print, listed.badge.visit, listed.visit.guest_name);
}

void to_file(const Options& options, const app::BadgeOrder& order, Session& session) {
  const bool standard_output = options.to == "-";
  if (standard_output && (session.json() || session.for_people()))
    throw Error(Errc::usage,
                fmt::format("the badge itself goes to standard output, and that is {}",
                            session.json() ? "for JSON here" : "a terminal"),
                "Name a file: --to badge.pdf.");
  db::Transaction tx{session.db()};
  const auto printed = app::print_badge(session.work(tx), session.vault(), order);
  // A badge that nobody got is worth nothing; one that nobody has on record is not valid.
  if (!options.dry_run && !standard_output) write_file(options.to, printed.file, kPrivate);
  finish(tx, options.dry_run);
  note_cut(printed, session);
  if (standard_output) return options.dry_run ? void() : session.print(printed.file);
  session.done(printed, fmt::format("Wrote {} to {}.", described(printed.listed), options.to), options.dry_run);
}

void to_printer(const Options& options, const app::BadgeOrder& order, Session& session) {
  auto printed = [&] {
    db::Transaction tx{session.db()};
    auto made = app::print_badge(session.work(tx), session.vault(), order);
    finish(tx, options.dry_run);
    return made;
  }();
  note_cut(printed, session);
  if (!options.dry_run) {
    db::Transaction tx{session.db()};
    if (auto sent = app::send_badge(session.work(tx), session.vault(), printed.listed.badge.id))
      printed.listed = *std::move(sent);
    tx.commit();
  }
  const auto& badge = printed.listed.badge;
  if (badge.state == BadgeState::failed)
    throw Error(Errc::delivery, fmt::format("{} was not printed: {}", described(printed.listed), badge.problem),
                "Print it again when that is mended; 'lpstat -p' lists the printers of this machine.");
  session.done(printed,
               fmt::format("Sent {} to {}{}.", described(printed.listed), badge.printer,
                           badge.queue_job.empty() ? "" : fmt::format(" as job {}", badge.queue_job)),
               options.dry_run);
}

void run(const Options& options, Session& session) {
  app::BadgeOrder order;
  order.visit = options.visit;
  if (is_file(options.to)) {
    order.as_file = true;
    order.format = options.format.value_or(format_of_file(options.to).value_or(BadgeFormat::pdf));
    return to_file(options, order, session);
  }
  order.format = options.format.value_or(BadgeFormat::pdf);
  order.printer = options.to;
  order.held = app::kBadgeHold;
  to_printer(options, order, session);
}

}  // namespace

void add_badge_print(Command& badge) {
  auto options = std::make_shared<Options>();
  auto& command =
      badge.add("print", "Print a badge for a visit, or write it to a file")
          .details(
              "A card of 85.6 x 54 mm with name, company, host, department, date, photo, and a QR code with a signed "
              "token. The token is valid until the visit was to end, for valid_for of badge.toml (12 h) at most, and "
              "ends with "
              "the visit. Printing again makes a new token, counts as a reprint, and ends the tokens before. What is "
              "too long wraps and shrinks; it is told where even that was not enough.\n"
              "\n"
              "Printers are queues of CUPS on this machine, which 'lpstat -p' lists. A badge there is queued, sent "
              "(the "
              "queue has taken it), completed or failed; visitord asks the queue, and 'badge list' shows it. A label "
              "printer takes --format zpl, past the filters of CUPS, at 203 dots an inch.")
          .positional("VISIT", options->visit, "Number shown by 'visit list'")
          .required()
          .option(
              "--to", "PRINTER|FILE", options->to,
              "A queue of CUPS; a file, if it has a slash or ends with .pdf, .png or .zpl; or - for standard output")
          .default_is("the printer of badge.toml")
          .takes_file()
          .option("--format", "FORMAT", options->format, "What to print as")
          .default_is("as the file is called, or pdf");
  add_dry_run(command, options->dry_run);
  command.fails_with({Errc::not_found, Errc::conflict, Errc::config, Errc::delivery})
      .uses_database()
      .example("visitorctl badge print 42 --to FRONTDESK")
      .example("visitorctl badge print 42 --to badge.png")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
