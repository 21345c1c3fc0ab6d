#include "cli/commands.hpp"
#include "cli/session.hpp"
#include "config/load.hpp"

namespace visitor::config {

void write(cli::JsonWriter& json, const Shown& shown) {
  json.begin_object().member("key", shown.key).member("value", shown.value).member("origin", shown.origin).end();
}

}  // namespace visitor::config

namespace visitor::cli {
namespace {

void run(Session& session) {
  const auto rows = config::show(session.settings());
  Table table{{{"Key"}, {"Value", {}, Column::Fit::give}, {"From"}}};
  for (const auto& row : rows)
    table.add({row.key, row.value, {row.origin, row.origin == "default" ? Tone::faint : Tone::plain}});
  session.list("options", rows, table);
}

}  // namespace

void add_config_show(Command& config) {
  config.add("show", "Show every option with its value, and whether the file or the default says so")
      .details("Values are written as in visitor.toml; secrets are shown as ***.")
      .fails_with({Errc::config})
      .example("visitorctl config show | grep '^polling'")
      .runs(run);
}

}  // namespace visitor::cli
