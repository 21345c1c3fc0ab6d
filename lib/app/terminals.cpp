#include "app/terminals.hpp"

#include <fmt/format.h>

#include "app/checks.hpp"
#include "app/details.hpp"
#include "app/editing.hpp"
#include "app/journal.hpp"
#include "app/terminal_checks.hpp"
#include "core/text.hpp"
#include "store/sites.hpp"

namespace visitor::app {
namespace {

constexpr std::size_t kName = 100;
constexpr int kHighestNumber = 65'535;
constexpr auto kListHint = "Run 'visitorctl terminal list' to see them.";

bool set_enabled(const Work& work, TerminalId id, bool enabled) {
  store::Terminals terminals{work.tx, work.scope};
  const auto version = terminals.set_enabled(terminals.get(id).id, enabled, work.now);
  if (!version) return false;
  Edit edit;
  edit.note("enabled", enabled ? "false" : "true", enabled ? "true" : "false");
  record_edit(work, store::topic::kTerminal, id.value, *version, edit);
  return true;
}

int checked_number(std::string_view field, int number) {
  if (number >= 0 && number <= kHighestNumber) return number;
  throw Error(Errc::usage, fmt::format("{} {} is out of range", field, number),
              fmt::format("It is between 0 and {}; terminals count from 1.", kHighestNumber));
}

}  // namespace

TerminalListed add_terminal(const Work& work, const Vault& vault, const NewTerminal& given) {
  domain::Terminal terminal;
  terminal.site = given.site;
  terminal.name = checked_terminal_name(given.name);
  terminal.base_url = checked_terminal_url(given.base_url);
  terminal.username = checked_username(given.username);
  terminal.poll_interval = checked_interval(given.poll_interval.value_or(work.settings.polling.interval));
  terminal.enabled = given.enabled;
  store::Sites{work.tx, work.scope}.get(given.site);
  require_scope(work, given.site);
  terminal.password_sealed = seal_terminal_password(vault, given.password);

  const auto id = store::Terminals{work.tx, work.scope}.add(terminal, work.now);
  auto entries = journal(work);
  entries.audit(domain::AuditAction::create, store::topic::kTerminal, id,
                Details{}.add("name", terminal.name).add("base_url", terminal.base_url).json());
  entries.change(store::topic::kTerminal, id, 1);
  return get_terminal(work, id);
}

std::vector<TerminalListed> list_terminals(const Work& work, const TerminalFilter& filter) {
  return store::Terminals{work.tx, work.scope}.list(filter);
}

TerminalListed get_terminal(const Work& work, TerminalId id) {
  store::Terminals terminals{work.tx, work.scope};
  auto terminal = terminals.get(id);
  const auto site = store::Sites{work.tx, work.scope}.get(terminal.site);
  return {std::move(terminal), site.name, site.time_zone};
}

TerminalListed resolve_terminal(const Work& work, std::string_view ref) {
  store::Terminals terminals{work.tx, work.scope};
  const auto word = trim(ref);
  if (const auto number = to_integer(word)) return get_terminal(work, TerminalId{*number});
  if (const auto terminal = terminals.find_by_name(word)) return get_terminal(work, terminal->id);
  std::vector<std::string> names;
  for (const auto& listed : terminals.list()) names.push_back(listed.terminal.name);
  throw Error(Errc::not_found, fmt::format("there is no terminal '{}'", word), near_hint(word, names, kListHint));
}

bool enable_terminal(const Work& work, TerminalId id) {
  return set_enabled(work, id, true);
}

bool disable_terminal(const Work& work, TerminalId id) {
  return set_enabled(work, id, false);
}

void set_terminal_password(const Work& work, const Vault& vault, TerminalId id, const Secret& password) {
  store::Terminals terminals{work.tx, work.scope};
  terminals.set_password(terminals.get(id).id, seal_terminal_password(vault, password));
  Edit edit;
  edit.note("password");
  record_edit(work, store::topic::kTerminal, id.value, terminals.get(id).version, edit);
}

Secret terminal_password(const Vault& vault, const domain::Terminal& terminal) {
  return vault.unseal(kTerminalPassword, terminal.password_sealed);
}

domain::Door set_door(const Work& work, const DoorSetting& setting) {
  domain::Door door;
  door.terminal = setting.terminal;
  door.door_no = checked_number("door", setting.door_no);
  door.reader_no = checked_number("reader", setting.reader_no);
  door.direction = setting.direction;
  store::Terminals{work.tx, work.scope}.lock(setting.terminal);  // two settings of one door take turns
  store::Doors doors{work.tx, work.scope};
  for (const auto& stored : doors.of(setting.terminal)) {
    if (stored.door_no != door.door_no || stored.reader_no != door.reader_no) continue;
    door.name = stored.name;
    door.zone = stored.zone;
  }
  if (setting.name) door.name = checked_text("the name of a door", *setting.name, 0, kName);
  if (setting.zone) door.zone = checked_text("the zone of a door", *setting.zone, 0, kName);

  const auto stored = doors.set(door);
  door.id = stored.id;
  if (!stored.changed) return door;
  auto entries = journal(work);
  entries.audit(stored.version == 1 ? domain::AuditAction::create : domain::AuditAction::update, store::topic::kDoor,
                door.id,
                Details{}
                    .add("terminal", door.terminal)
                    .add("door_no", std::int64_t{door.door_no})
                    .add("reader_no", std::int64_t{door.reader_no})
                    .add("direction", domain::name(door.direction))
                    .json());
  entries.change(store::topic::kDoor, door.id, stored.version);
  return door;
}

std::vector<DoorListed> list_doors(const Work& work, std::optional<TerminalId> terminal) {
  return store::Doors{work.tx, work.scope}.list(terminal);
}

}  // namespace visitor::app
