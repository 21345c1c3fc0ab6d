#include "app/changes.hpp"

#include <fmt/format.h>

#include <array>

#include "store/journal.hpp"

namespace visitor::app {
namespace {

namespace topic = store::topic;

constexpr std::array kTopics{topic::kAlert, topic::kCredential, topic::kDepartment, topic::kDoor,
                             topic::kEvent, topic::kGuest,      topic::kHost,       topic::kIncident,
                             topic::kSite,  topic::kTerminal,   topic::kVisit};
constexpr int kAtOnce = 1000;
constexpr int kTrimmedAtOnce = 100'000;
constexpr auto kAnew = "Read the present state, and go on from its cursor, which 'visitorctl --json status' shows.";

}  // namespace

std::span<const std::string_view> topics() {
  return kTopics;
}

void require_kept(const Work& work, ChangeId cursor) {
  store::JournalReader feed{work.tx};
  if (const auto horizon = feed.horizon(); cursor < horizon)
    throw Error(Errc::partial, fmt::format("changes after {} are gone; what is left begins after {}", cursor, horizon),
                kAnew);
  if (const auto newest = feed.cursor(); cursor > newest)
    throw Error(
        Errc::partial,
        fmt::format("there is no change {} yet: the newest is {}; the database may have been restored", cursor, newest),
        kAnew);
}

ChangeId newest_change(const Work& work) {
  return store::JournalReader{work.tx}.cursor();
}

ChangeId cursor_since(const Work& work, Instant since) {
  if (const auto cursor = store::JournalReader{work.tx}.cursor_at(since)) return *cursor;
  throw Error(Errc::partial, fmt::format("some of the changes since {} are gone", to_iso(since)), kAnew);
}

std::vector<domain::Change> ChangeFeed::poll(const Work& work) {
  require_kept(work, at_);
  store::JournalReader feed{work.tx};
  auto changes = feed.changes(at_, kAtOnce, topics_);
  // Other topics have been passed by, too; trimming them is no loss.
  at_ = changes.size() == kAtOnce ? changes.back().id : feed.cursor();
  return changes;
}

int trim_changes(const Work& work) {
  return static_cast<int>(store::trim_changes(work.tx, work.now - work.settings.changes.keep, kTrimmedAtOnce));
}

}  // namespace visitor::app
