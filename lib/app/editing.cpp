#include "app/editing.hpp"

#include <fmt/ranges.h>

#include <algorithm>

#include "app/journal.hpp"
#include "core/text.hpp"
#include "core/zone.hpp"
#include "store/sites.hpp"

namespace visitor::app {
namespace {

constexpr int kEditsTold = 3;

/// The wall clock of the first site, which is what people here read times in.
Zone house_zone(const Work& work) {
  const auto sites = store::Sites{work.tx, domain::Scope::everything()}.list();
  const auto first = std::min_element(sites.begin(), sites.end(), [](auto& a, auto& b) { return a.id < b.id; });
  return first == sites.end() ? Zone::utc() : Zone::named(first->time_zone);
}

}  // namespace

void Edit::note(std::string_view name) {
  note(name, "(not shown)", "(not shown)");
}

void Edit::note(std::string_view name, const std::string& from, const std::string& to) {
  members_ += fmt::format(R"({}{}:{{"from":{},"to":{}}})", members_.empty() ? "" : ",", json_quote(name),
                          json_quote(from), json_quote(to));
}

void Edit::say(std::string_view name, std::string_view text) {
  said_ += fmt::format(",{}:{}", json_quote(name), json_quote(text));
}

std::string Edit::json(int version) const {
  return fmt::format(R"({{"version":{},"changed":{{{}}}{}}})", version, members_, said_);
}

std::string Edit::text(const std::vector<unsigned>& values) {
  return fmt::format("{}", fmt::join(values, ","));
}

void lost_race(const Work& work, std::string_view kind, std::int64_t id, int seen) {
  auto message = fmt::format("{} {} was changed meanwhile", kind, id);
  const auto zone = house_zone(work);
  for (const auto& edit : store::JournalReader{work.tx}.edits_since(kind, id, seen, kEditsTold))
    message += fmt::format("; {} changed {} at {}", edit.login.empty() ? "somebody" : edit.login, edit.what,
                           zone.stamp(edit.at));
  throw Error(Errc::conflict, message, "Look at it again, and repeat what you did if it still makes sense.");
}

void require_version(const Work& work, std::string_view kind, std::int64_t id, int version, std::optional<int> seen) {
  if (!seen || *seen == version) return;
  if (*seen > version)
    throw Error(Errc::conflict, fmt::format("{} {} has version {}, not {}", kind, id, version, *seen),
                fmt::format("Run 'visitorctl --json {} show {}' to see its version.", kind, id));
  lost_race(work, kind, id, *seen);
}

void record_edit(const Work& work, std::string_view topic, std::int64_t id, int version, const Edit& edit) {
  auto entries = journal(work);
  const store::Journal::Entry entry{domain::AuditAction::update, topic, id, edit.json(version)};
  entries.audit(std::span{&entry, 1});
  entries.change(topic, Id<void>{id}, version);
}

std::string listing_command(std::string_view kind, std::int64_t id, std::string_view what) {
  if (what == "merged guest") return fmt::format("visitorctl guest show {}", id);
  return fmt::format("visitorctl {} list --{} {}", what, kind, id);
}

void refuse_removal(std::string_view kind, std::int64_t id, const std::vector<store::Reference>& references) {
  if (references.empty()) return;
  std::vector<std::string> counts;
  std::vector<std::string> commands;
  for (const auto& [what, count] : references) {
    counts.push_back(fmt::format("{} {}{}", count, what, count == 1 ? "" : "s"));
    commands.push_back("'" + listing_command(kind, id, what) + "'");
  }
  throw Error(Errc::conflict, fmt::format("{} {} is in use by {}", kind, id, fmt::join(counts, ", ")),
              fmt::format("See them with {}.", fmt::join(commands, ", ")));
}

}  // namespace visitor::app
