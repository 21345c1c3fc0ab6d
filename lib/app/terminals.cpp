#include "app/terminals.hpp"

#include <fmt/format.h>

#include "app/checks.hpp"
#include "app/details.hpp"
#include "app/journal.hpp"
#include "core/text.hpp"
#include "net/url.hpp"
#include "store/sites.hpp"

namespace visitor::app {
namespace {

using std::chrono::milliseconds;

constexpr std::string_view kPasswordLabel = "terminal.password";
constexpr std::size_t kName = 100, kUsername = 64, kPassword = 128;
constexpr milliseconds kFastest{100}, kSlowest{3'600'000};
constexpr int kHighestNumber = 65'535;
constexpr auto kListHint = "Run 'visitorctl terminal list' to see them.";

std::string checked_name(const std::string& given) {
  auto name = checked_text("the name of a terminal", given, 1, kName);
  if (to_integer(name))
    throw Error(Errc::usage, fmt::format("'{}' cannot be the name of a terminal: it is a number", name),
                "Numbers name terminals already; add a letter.");
  return name;
}

// Scheme, host and port: what the poller puts its paths behind.
std::string checked_url(const std::string& given) {
  const auto url = net::parse_url(trim(given));
  if (url.target != "/")
    throw Error(Errc::usage, fmt::format("the address of a terminal has a path: '{}'", url.target),
                "Give scheme, host and port only, such as http://192.0.2.10.");
  return fmt::format("{}://{}", url.tls ? "https" : "http", url.authority());
}

bool set_enabled(const Work& work, TerminalId id, bool enabled) {
  const auto version = store::Terminals{work.tx}.set_enabled(id, enabled, work.now);
  if (!version) return false;
  auto entries = journal(work);
  entries.audit(domain::AuditAction::update, store::topic::kTerminal, id, Details{}.add("enabled", enabled).json());
  entries.change(store::topic::kTerminal, id, *version);
  return true;
}

void check_password(const Secret& password) {
  if (password.empty() || password.size() > kPassword)
    throw Error(Errc::usage, password.empty() ? "the password is missing" : "the password is too long",
                fmt::format("A terminal takes 1 to {} bytes.", kPassword));
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
  terminal.name = checked_name(given.name);
  terminal.base_url = checked_url(given.base_url);
  terminal.username = checked_text("the user name", given.username, 1, kUsername);
  check_password(given.password);
  terminal.poll_interval = given.poll_interval.value_or(work.settings.polling.interval);
  if (terminal.poll_interval < kFastest || terminal.poll_interval > kSlowest)
    throw Error(Errc::usage, fmt::format("the poll interval {} ms is out of range", terminal.poll_interval.count()),
                "It is between 100 ms and one hour.");
  terminal.enabled = given.enabled;
  store::Sites{work.tx}.get(given.site);
  terminal.password_sealed = vault.seal(kPasswordLabel, given.password);

  const auto id = store::Terminals{work.tx}.add(terminal, work.now);
  auto entries = journal(work);
  entries.audit(domain::AuditAction::create, store::topic::kTerminal, id,
                Details{}.add("name", terminal.name).add("base_url", terminal.base_url).json());
  entries.change(store::topic::kTerminal, id, 1);
  return get_terminal(work, id);
}

std::vector<TerminalListed> list_terminals(const Work& work, const TerminalFilter& filter) {
  return store::Terminals{work.tx}.list(filter);
}

TerminalListed get_terminal(const Work& work, TerminalId id) {
  store::Terminals terminals{work.tx};
  auto terminal = terminals.get(id);
  const auto site = store::Sites{work.tx}.get(terminal.site);
  return {std::move(terminal), site.name, site.time_zone};
}

TerminalListed resolve_terminal(const Work& work, std::string_view ref) {
  store::Terminals terminals{work.tx};
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
  check_password(password);
  store::Terminals terminals{work.tx};
  terminals.set_password(id, vault.seal(kPasswordLabel, password));
  auto entries = journal(work);
  entries.audit(domain::AuditAction::update, store::topic::kTerminal, id, Details{}.add("password", true).json());
  entries.change(store::topic::kTerminal, id, terminals.get(id).version);
}

Secret terminal_password(const Vault& vault, const domain::Terminal& terminal) {
  return vault.unseal(kPasswordLabel, terminal.password_sealed);
}

domain::Door set_door(const Work& work, const DoorSetting& setting) {
  domain::Door door;
  door.terminal = setting.terminal;
  door.door_no = checked_number("door", setting.door_no);
  door.reader_no = checked_number("reader", setting.reader_no);
  door.direction = setting.direction;
  store::Terminals{work.tx}.lock(setting.terminal);  // two settings of one door take turns
  store::Doors doors{work.tx};
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
  return store::Doors{work.tx}.list(terminal);
}

}  // namespace visitor::app
