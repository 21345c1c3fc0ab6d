#include <fmt/format.h>

#include "app/scheduled_reports.hpp"
#include "cli/commands.hpp"
#include "cli/session.hpp"
#include "cli/stop_on_signal.hpp"
#include "config/load.hpp"

namespace visitor::cli {
namespace {

constexpr int kCritical = 2;

void run(Session& session) {
  auto reading = config::read(session.globals().config);
  auto& problems = reading.problems;
  // Only what makes sense by itself is tried.
  if (problems.empty()) {
    const StopOnSignal stop;
    for (auto& [key, message] : app::check_reports(reading.settings, SystemClock{}, stop.token()))
      problems.push_back({reading.settings.file, 0, std::move(key), std::move(message)});
  }
  const auto file =
      reading.settings.file.empty() ? std::string{"defaults (there is no file)"} : reading.settings.file.string();
  if (!problems.empty()) session.set_exit_status(kCritical);
  if (session.json()) {
    JsonWriter json;
    json.begin_object().key("config").begin_object();
    json.text_member("file", reading.settings.file.string()).member("status", problems.empty() ? "ok" : "critical");
    json.key("problems").begin_array();
    for (const auto& problem : problems) {
      json.begin_object().text_member("file", problem.file.string());
      json.member("line", problem.line == 0 ? std::nullopt : std::optional{problem.line});
      json.text_member("key", problem.key).member("message", problem.message).end();
    }
    return session.print(json.end().end().end().take());
  }
  if (problems.empty()) return session.print("CONFIG OK - " + printable(file) + "\n");
  auto text = fmt::format("CONFIG CRITICAL - {} problem{}\n", problems.size(), problems.size() == 1 ? "" : "s");
  for (const auto& problem : problems) text += printable(config::to_text(problem)) + "\n";
  session.print(text);
}

}  // namespace

void add_config_check(Command& config) {
  config.add("check", "Report every problem of the configuration file at once")
      .as_check()
      .details(
          "The folders and buckets of each [[report]] are tried: an upload is begun and given up. What only the "
          "database knows (accounts, groups of users, sites) is for 'visitorctl report run --dry-run'.")
      .example("visitorctl config check && systemctl reload visitord")
      .runs(run);
}

}  // namespace visitor::cli
