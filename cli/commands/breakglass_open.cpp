#include <fmt/format.h>

#include "cli/arguments.hpp"
#include "cli/log_in_commands.hpp"
#include "cli/step_up.hpp"
#include "cli/views.hpp"
#include "cli/views_log_in.hpp"

namespace visitor::cli {
namespace {

struct Options {
  app::BreakGlassOrder order;
  std::optional<std::filesystem::path> first_code;
  std::optional<std::filesystem::path> second_code;
};

void run(const Options& options, Session& session) {
  const auto& order = options.order;
  {
    db::Transaction tx{session.db(), kReading};
    app::check_break_glass(session.reader(tx), session.vault(), order);
  }
  const auto first = get_code(options.first_code, fmt::format("Code of {}", order.first));
  show_code(session, session.db(), session.vault(), order.first, first);
  const auto second = get_code(options.second_code, fmt::format("Code of {}", order.second));
  show_code(session, session.db(), session.vault(), order.second, second);
  db::Transaction tx{session.db()};
  const auto work = session.work(tx);
  const auto opened = app::open_break_glass(work, order);
  const auto zone = zone_for(work, std::nullopt).name();
  tx.commit();
  session.done(opened, fmt::format("'{}' is administrator until {} (break-glass {}).", opened.login,
                                   time_cell(opened.ends_at, zone).text, opened.id));
}

}  // namespace

void add_breakglass_open(Command& breakglass) {
  auto options = std::make_shared<Options>();
  breakglass.add("open", "Make somebody an administrator for a while, by two administrators together")
      .details(
          "Both show a code of their authenticators. A critical incident is opened, so that everybody hears of it who "
          "is "
          "told of those. The role ends by itself, or with 'visitorctl breakglass close'.")
      .positional("LOGIN", options->order.login, "Account that becomes administrator")
      .required()
      .option("--first", "LOGIN", options->order.first, "An administrator")
      .required()
      .option("--second", "LOGIN", options->order.second, "Another one")
      .required()
      .option("--reason", "TEXT", options->order.reason, "Why, for those who are alarmed")
      .required()
      .option("--for", "SPAN", options->order.lasts, "How long: a minute to a day")
      .default_is("1h")
      .option("--first-code-file", "FILE", options->first_code,
              "A file with the code of the first, or '-' for standard input")
      .takes_file()
      .option("--second-code-file", "FILE", options->second_code, "A file with the code of the second")
      .takes_file()
      .fails_with({Errc::not_found, Errc::conflict})
      .uses_database()
      .example("visitorctl breakglass open oleg --first anna --second boris --for 2h --reason 'the office is on fire'")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
