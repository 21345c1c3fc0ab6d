#include <fmt/format.h>

#include "config/load.hpp"
#include "config/options.hpp"
#include "core/text.hpp"

// What the settings look like as text: all that can be said, and what is said.
namespace visitor::config {
namespace {

std::string example_of(const Option& option, const Settings& defaults) {
  if (option.example.empty()) return value_toml(option, defaults);
  const auto quoted = json_quote(option.example);
  return option.kind == Kind::texts ? fmt::format("[{}]", quoted) : quoted;
}

std::string sample_of(const Option& option, const Settings& defaults) {
  auto out = fmt::format("\n# {}", option.sentence);
  if (!option.minimum.empty()) out += fmt::format(" From {} to {}.", option.minimum, option.maximum);
  return out + fmt::format("\n#{} = {}\n", option.name(), example_of(option, defaults));
}

}  // namespace

std::string sample() {
  Settings defaults;
  std::string out =
      "# visitor.toml: the settings of visitord and visitorctl.\n"
      "#\n"
      "# Every option stands here with its default, or with an example where it has none; remove the # in front of a\n"
      "# line to change it. 'visitorctl config check' says what is wrong, with file and line.\n"
      "# Spans of time have a unit: \"500ms\", \"90s\", \"15m\", \"8h\", \"7d\".\n";
  for (const auto& table : tables()) {
    out += fmt::format("\n# {}\n[{}]\n", table.sentence, table.name);
    for (const auto& option : options())
      if (option.table() == table.name) out += sample_of(option, defaults);
  }
  for (const auto& list : lists()) {
    out += fmt::format("\n# {} May stand any number of times.\n#[[{}]]\n", list.sentence, list.name);
    list.resize(defaults, 1);
    for (const auto& option : list.options) out += sample_of(option, defaults);
  }
  return out;
}

std::vector<Shown> show(const Settings& settings) {
  std::vector<Shown> out;
  const auto add = [&](std::string key, const Option& option, std::size_t entry) {
    const bool given = settings.from_file.contains(key);
    out.push_back({std::move(key), value_toml(option, settings, entry), given ? "file" : "default"});
  };
  for (const auto& option : options()) add(std::string{option.key}, option, 0);
  for (const auto& list : lists())
    for (std::size_t entry = 0; entry < list.size(settings); ++entry)
      for (const auto& option : list.options)
        add(fmt::format("{}.{}.{}", list.name, entry_name(list, settings, entry), option.name()), option, entry);
  return out;
}

}  // namespace visitor::config
