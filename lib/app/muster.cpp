#include "app/muster.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <cctype>
#include <charconv>
#include <map>
#include <system_error>

#include "app/presence.hpp"
#include "core/error.hpp"
#include "core/file.hpp"
#include "core/host.hpp"
#include "core/text.hpp"
#include "store/sites.hpp"

namespace visitor::app {
namespace {

namespace json = boost::json;
using domain::How;
using domain::RollCall;
using domain::RollEntry;

constexpr std::string_view kMagic = "visitor-muster 1 ";
constexpr std::string_view kLabel = "muster.snapshot";
constexpr std::string_view kSuffix = ".snapshot";
constexpr std::size_t kLargest = std::size_t{64} << 20;
constexpr auto kHint = "Do not rely on it: ask at the doors, and use the snapshot of another machine if there is one.";

/// Door and terminal as people call them.
std::string place_of(const Proof& proof) {
  if (!proof.door_name.empty()) return proof.door_name;
  return proof.terminal_name;
}

RollEntry to_entry(const Present& present) {
  const auto& [listed, proof, guest_phone, host_phone] = present;
  RollEntry entry;
  entry.visit = listed.visit.id;
  entry.site = listed.visit.site;
  entry.department = listed.department_name;
  entry.host = listed.host_name;
  entry.host_phone = host_phone;
  entry.guest = listed.visit.guest;
  entry.guest_name = listed.guest_name;
  entry.company = listed.guest_company;
  entry.phone = guest_phone;
  entry.since = listed.visit.state.checked_in_at.value_or(proof.at);
  entry.how = proof.how;
  entry.proof_at = proof.at;
  entry.entered_at = proof.entered_at;
  if (proof.entered_at) entry.place = place_of(proof);
  entry.login = proof.login;
  return entry;
}

std::int64_t to_number(Instant at) {
  return at.time_since_epoch().count();
}

Instant to_instant(const json::value& value) {
  return Instant{std::chrono::microseconds{value.as_int64()}};
}

std::string to_text(const json::value& value) {
  return std::string{value.as_string()};
}

json::object to_json(const RollEntry& entry) {
  json::object object;
  object["visit"] = entry.visit.value;
  object["site"] = entry.site.value;
  object["department"] = entry.department;
  object["host"] = entry.host;
  object["host_phone"] = entry.host_phone;
  object["guest"] = entry.guest.value;
  object["guest_name"] = entry.guest_name;
  object["company"] = entry.company;
  object["phone"] = entry.phone;
  object["since_us"] = to_number(entry.since);
  object["how"] = domain::name(entry.how);
  object["proof_at_us"] = to_number(entry.proof_at);
  object["place"] = entry.place;
  if (entry.entered_at) object["entered_at_us"] = to_number(*entry.entered_at);
  object["login"] = entry.login;
  return object;
}

RollEntry to_entry(const json::object& object) {
  RollEntry entry;
  entry.visit = {object.at("visit").as_int64()};
  entry.site = {object.at("site").as_int64()};
  entry.department = to_text(object.at("department"));
  entry.host = to_text(object.at("host"));
  entry.host_phone = to_text(object.at("host_phone"));
  entry.guest = {object.at("guest").as_int64()};
  entry.guest_name = to_text(object.at("guest_name"));
  entry.company = to_text(object.at("company"));
  entry.phone = to_text(object.at("phone"));
  entry.since = to_instant(object.at("since_us"));
  entry.how = domain::get_named<How>(to_text(object.at("how")));
  entry.proof_at = to_instant(object.at("proof_at_us"));
  entry.place = to_text(object.at("place"));
  if (const auto* entered = object.if_contains("entered_at_us")) entry.entered_at = to_instant(*entered);
  entry.login = to_text(object.at("login"));
  return entry;
}

std::string to_payload(const RollCall& roll) {
  json::object object;
  object["at_us"] = to_number(roll.at);
  object["written_by"] = roll.written_by;
  auto& sites = object["sites"].emplace_array();
  for (const auto& site : roll.sites)
    sites.push_back(json::object{{"id", site.id.value}, {"name", site.name}, {"time_zone", site.time_zone}});
  auto& entries = object["entries"].emplace_array();
  for (const auto& entry : roll.entries) entries.push_back(to_json(entry));
  return json::serialize(object);
}

RollCall to_roll(std::string_view payload) {
  const auto value = json::parse(json::string_view{payload.data(), payload.size()});
  const auto& object = value.as_object();
  RollCall roll;
  roll.at = to_instant(object.at("at_us"));
  roll.written_by = to_text(object.at("written_by"));
  for (const auto& site : object.at("sites").as_array())
    roll.sites.push_back({{site.at("id").as_int64()}, to_text(site.at("name")), to_text(site.at("time_zone"))});
  for (const auto& entry : object.at("entries").as_array()) roll.entries.push_back(to_entry(entry.as_object()));
  return roll;
}

[[noreturn]] void refuse(const std::string& name, const std::string& what) {
  throw Error(Errc::integrity, fmt::format("the snapshot {} {}", name, what), kHint);
}

/// Of letters, digits, dots and dashes, whatever the machine is called.
std::string file_name(std::string machine) {
  for (auto& c : machine)
    if (!std::isalnum(static_cast<unsigned char>(c)) && c != '-' && c != '.') c = '_';
  if (machine.front() == '.') machine.front() = '_';
  return machine + std::string{kSuffix};
}

}  // namespace

RollCall roll_call(const Work& work, std::optional<SiteId> site) {
  RollCall roll;
  roll.at = work.now;
  for (const auto& one : store::Sites{work.tx, work.scope}.list())
    if (!site || one.id == *site) roll.sites.push_back({one.id, one.name, one.time_zone});
  const auto presence = presence_now(work, site);
  for (const auto* list : {&presence.inside, &presence.presumed_left})
    for (const auto& present : *list) roll.entries.push_back(to_entry(present));
  domain::sort(roll);
  return roll;
}

void write(JsonWriter& json, const RollCall& roll) {
  json.begin_object().member("at", roll.at).key("sites").begin_array();
  for (const auto& site : roll.sites)
    json.begin_object()
        .member("id", site.id)
        .member("name", std::string_view{site.name})
        .member("time_zone", std::string_view{site.time_zone})
        .end();
  json.end().key("entries").begin_array();
  for (const auto& entry : roll.entries) {
    json.begin_object().member("visit_id", entry.visit).member("site_id", entry.site);
    json.text_member("department", entry.department).text_member("host", entry.host);
    json.text_member("host_phone", entry.host_phone).key("guest").begin_object().member("id", entry.guest);
    json.text_member("name", entry.guest_name).text_member("company", entry.company).end();
    json.text_member("phone", entry.phone).member("since", entry.since).member("how", domain::name(entry.how));
    json.member("proof_at", entry.proof_at).member("entered_at", entry.entered_at);
    json.text_member("place", entry.place).text_member("login", entry.login).end();
  }
  json.end().end();
}

std::string to_snapshot(const RollCall& roll, const Vault& vault) {
  const auto payload = to_payload(roll);
  return fmt::format("{}{} {}\n{}", kMagic, payload.size(), to_hex(vault.sign(kLabel, payload)), payload);
}

RollCall read_snapshot(std::string_view content, const Vault& vault, const std::string& name) {
  if (content.empty()) refuse(name, "is empty");
  if (!content.starts_with(kMagic)) {
    if (kMagic.starts_with(content)) refuse(name, "was cut off");
    refuse(name, "is no roll call of this version");
  }
  const auto end = content.find('\n');
  if (end == std::string_view::npos) refuse(name, "was cut off within its first line");
  const auto head = content.substr(kMagic.size(), end - kMagic.size());
  const auto payload = content.substr(end + 1);
  const auto blank = head.find(' ');
  const auto size = to_integer(head.substr(0, blank));
  const auto signature = blank == std::string_view::npos ? std::nullopt : from_hex(head.substr(blank + 1));
  if (!size || !signature) refuse(name, "has a broken first line");
  if (static_cast<long long>(payload.size()) < *size)
    refuse(name, fmt::format("was cut off: {} of {} bytes are there", payload.size(), *size));
  if (static_cast<long long>(payload.size()) > *size) refuse(name, "was changed: something was added to it");
  if (!vault.verifies(kLabel, payload, *signature))
    refuse(name, "was changed, or was signed with another master key: its signature does not hold");
  try {
    return to_roll(payload);
  } catch (const std::exception& error) {  // signed by us, and yet nothing that this version understands
    refuse(name, fmt::format("cannot be read: {}", error.what()));
  }
}

std::filesystem::path snapshot_folder(const config::Settings& settings) {
  return settings.state_directory / "muster";
}

void write_snapshot(const config::Settings& settings, RollCall roll, const Vault& vault) {
  const auto folder = snapshot_folder(settings);
  make_directories(folder, 0750);
  roll.written_by = host_name();
  write_file(folder / file_name(roll.written_by), to_snapshot(roll, vault), 0640);
}

NewestSnapshot newest_snapshot(const config::Settings& settings) {
  const auto folder = snapshot_folder(settings);
  std::vector<std::filesystem::path> files;
  std::error_code error;
  for (std::filesystem::directory_iterator it{folder, error}, end; !error && it != end; it.increment(error))
    if (it->path().extension() == kSuffix) files.push_back(it->path());
  if (error && error != std::errc::no_such_file_or_directory)
    throw Error(Errc::config, fmt::format("cannot read the snapshots in {}: {}", folder.string(), error.message()),
                "Run this as the user that visitord runs as, or as root.");
  if (files.empty())
    throw Error(Errc::not_found, fmt::format("there is no snapshot of the roll call in {}", folder.string()),
                "A running visitord writes one every minute.");
  std::sort(files.begin(), files.end());

  const auto vault = Vault::open(settings.secrets.key_file);
  std::optional<NewestSnapshot> newest;
  std::vector<Error> refused;
  for (const auto& file : files) {
    try {
      const auto content = read_file(file, kLargest);
      if (!content) continue;
      auto roll = read_snapshot(*content, vault, file.string());
      if (!newest || roll.at > newest->roll.at) newest = {std::move(roll), file, {}};
    } catch (const Error& problem) {
      refused.push_back(problem);
    }
  }
  if (!newest) throw refused.empty() ? Error(Errc::not_found, "the snapshots have gone meanwhile") : refused.front();
  for (const auto& problem : refused) newest->refused.push_back(problem.message());
  return *std::move(newest);
}

}  // namespace visitor::app
