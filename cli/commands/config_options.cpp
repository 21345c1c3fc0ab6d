#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/help.hpp"
#include "cli/session.hpp"
#include "config/options.hpp"
#include "core/text.hpp"

namespace visitor::config {

void write(cli::JsonWriter& json, const Option& option) {
  json.begin_object().member("key", option.key).member("kind", meaning(option.kind));
  json.text_member("default", option.fallback).text_member("minimum", option.minimum);
  json.text_member("maximum", option.maximum).key("choices").begin_array();
  for (const auto choice : option.choices) json.value(choice);
  json.end()
      .member("reloadable", option.reloadable)
      .member("repeated", option.entry_target != nullptr)
      .member("required", option.required)
      .member("help", option.sentence)
      .end();
}

}  // namespace visitor::config

namespace visitor::cli {
namespace {

struct Options {
  std::string prefix;
};

/// The sentences are what people come for, and do not fit into a column.
std::string described(const std::vector<config::Option>& rows, std::size_t width) {
  std::string text;
  for (const auto& option : rows) {
    text += option.entry_target == nullptr ? option.key : fmt::format("[[{}]] {}", option.table(), option.name());
    if (!option.fallback.empty()) text += fmt::format(" = {}", option.fallback);
    if (!option.minimum.empty()) text += fmt::format("  ({} to {})", option.minimum, option.maximum);
    text += "\n" + wrapped(std::string{option.sentence}, 4, width);
  }
  return text;
}

void run(const Options& options, Session& session) {
  std::vector<config::Option> rows;
  std::vector<std::string> keys;
  const auto add = [&](std::span<const config::Option> all) {
    for (const auto& option : all) {
      keys.emplace_back(option.key);
      if (option.key.starts_with(options.prefix)) rows.push_back(option);
    }
  };
  add(config::options());
  for (const auto& list : config::lists()) add(list.options);
  if (rows.empty()) {
    const auto near = nearest(options.prefix, keys);
    throw Error(Errc::not_found, "no option begins with '" + options.prefix + "'",
                near ? "Did you mean '" + *near + "'?" : "Run 'visitorctl config options' to see all.");
  }
  if (session.for_people()) return session.print(described(rows, help_width(session.width())));
  Table table{{{"Key"}, {"Default"}, {"From"}, {"To"}, {"Meaning", {}, Column::Fit::give}}};
  for (const auto& option : rows)
    table.add({std::string{option.key}, std::string{option.fallback}, std::string{option.minimum},
               std::string{option.maximum}, std::string{option.sentence}});
  session.list("options", rows, table);
}

}  // namespace

void add_config_options(Command& config) {
  auto options = std::make_shared<Options>();
  config.add("options", "List what visitor.toml can say, with defaults and bounds")
      .positional("OPTION", options->prefix, "Only options that begin so: polling, http.port")
      .fails_with({Errc::not_found})
      .example("visitorctl config options rules")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
