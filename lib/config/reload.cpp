#include <fmt/format.h>

#include <algorithm>

#include "config/load.hpp"
#include "config/options.hpp"

// What SIGHUP brings in.
namespace visitor::config {
namespace {

/// One entry of a list; of a plain table, the settings.
struct Place {
  Settings& settings;
  std::size_t entry = 0;
};

bool same(const Option& option, Place a, Place b) {
  return std::visit(
      [&](auto* left) {
        using Member = decltype(left);
        const auto& right = *std::get<Member>(option.member(b.settings, b.entry));
        if constexpr (std::is_same_v<Member, Secret*>)
          return left->reveal() == right.reveal();
        else if constexpr (std::is_same_v<Member, SecretFile*>)
          return left->path == right.path && left->content.reveal() == right.content.reveal();
        else
          return *left == right;
      },
      option.member(a.settings, a.entry));
}

std::vector<std::string> names_of(const List& list, const Settings& settings) {
  std::vector<std::string> names;
  for (std::size_t entry = 0; entry < list.size(settings); ++entry) names.push_back(entry_name(list, settings, entry));
  return names;
}

/// Adds the keys of what differs: "webhook.ops" where it came or went, "webhook.ops.url" where an option of it did, and
/// "webhook" where only the order is another.
void add_changes(const List& list, Settings& before, Settings& after, std::vector<std::string>& changed) {
  const auto old_names = names_of(list, before);
  const auto new_names = names_of(list, after);
  const auto count = changed.size();
  for (std::size_t entry = 0; entry < new_names.size(); ++entry) {
    const auto old = std::ranges::find(old_names, new_names[entry]);
    if (old == old_names.end()) {
      changed.push_back(fmt::format("{}.{}", list.name, new_names[entry]));
      continue;
    }
    const auto old_entry = static_cast<std::size_t>(old - old_names.begin());
    for (const auto& option : list.options)
      if (!same(option, {before, old_entry}, {after, entry}))
        changed.push_back(fmt::format("{}.{}.{}", list.name, new_names[entry], option.name()));
  }
  for (const auto& name : old_names)
    if (std::ranges::find(new_names, name) == new_names.end()) changed.push_back(fmt::format("{}.{}", list.name, name));
  if (changed.size() == count && old_names != new_names) changed.emplace_back(list.name);
}

}  // namespace

Reload reload(const Settings& running, const Settings& fresh) {
  Reload out{fresh, {}, {}};
  auto before = running;
  for (const auto& option : options()) {
    const std::string key{option.key};
    if (same(option, {before}, {out.settings})) continue;
    if (option.reloadable) {
      out.changed.push_back(key);
      continue;
    }
    out.need_restart.push_back(key);
    std::visit([&](auto* member) { *std::get<decltype(member)>(option.target(out.settings)) = *member; },
               option.target(before));
    if (running.from_file.contains(key))
      out.settings.from_file.insert(key);
    else
      out.settings.from_file.erase(key);
  }
  for (const auto& list : lists()) add_changes(list, before, out.settings, out.changed);
  return out;
}

}  // namespace visitor::config
