#include <fmt/format.h>

#include "app/registry.hpp"
#include "cli/arguments.hpp"
#include "cli/commands.hpp"
#include "cli/views_routing.hpp"

namespace visitor::cli {
namespace {

struct Options {
  app::DigestKind kind = app::DigestKind::daily;
  std::optional<std::string> site;
  std::vector<std::string> to;
  domain::Language language = domain::Language::english;
  bool dry_run = false;
};

void run(const Options& options, Session& session) {
  db::Transaction tx{session.db()};
  const auto work = session.work(tx);
  const auto site = app::resolve_site_or_only(work, options.site);
  if (options.dry_run) {
    const auto worded = app::word_digest(work, site, options.kind, options.language);
    if (session.json()) return session.done(worded, "");
    return session.print(worded.message.subject + "\n\n" + worded.message.text + "\n");
  }
  const auto sent = app::send_digest(work, site, options.kind, options.to);
  finish(tx, options.dry_run);
  session.done(sent, fmt::format("Queued alert {}: {}, for {} recipient{}.", sent.alert.value_or(AlertId{}),
                                 sent.message.subject, sent.to.size(), sent.to.size() == 1 ? "" : "s"));
}

}  // namespace

void add_alert_send_digest(Command& alert) {
  auto options = std::make_shared<Options>();
  alert.add("send-digest", "Send the daily summary or the weekly incident report now")
      .details(
          "visitord sends them by itself at the times in [alerts], to those whom a [[route]] with kinds daily_summary "
          "or weekly_report leads to.")
      .positional("KIND", options->kind, "daily or weekly")
      .required()
      .option("--site", "SITE", options->site, "By number or name; needed where there are several")
      .option("--to", "NAME", options->to, "A recipient or group instead of those of the routes")
      .option("--language", "LANGUAGE", options->language, "Of --dry-run; everybody else gets his own")
      .flag("-n,--dry-run", options->dry_run, "Print it, and send nothing")
      .fails_with({Errc::not_found})
      .uses_database()
      .example("visitorctl alert send-digest daily --dry-run")
      .example("visitorctl alert send-digest weekly --to security")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
