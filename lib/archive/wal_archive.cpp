#include "archive/wal_archive.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <optional>
#include <set>

#include "archive/wal_segment.hpp"
#include "core/error.hpp"

namespace visitor::archive {
namespace {

constexpr std::string_view kFolder = "wal/";
constexpr std::size_t kMostNamed = 4;
constexpr unsigned long kMostTimelines = 1000;

bool is_base(const Stored& stored) {
  return stored.state == Stored::State::whole && stored.manifest && stored.manifest->wal;
}

std::string segment_of(std::string_view object) {
  return std::string{object.substr(object.rfind('/') + 1)};
}

/// Nothing where a segment is missing that every recovery from \p base needs.
std::optional<Stretch> stretch_of(Target& target, const Manifest& base, const std::set<std::string>& there) {
  const auto& wal = *base.wal;
  std::vector<std::string> unbroken;
  auto segment = wal.start;
  for (; there.contains(wal_object(wal.system, segment)); segment = next_wal_segment(segment, wal.segment_bytes))
    unbroken.push_back(segment);
  if (unbroken.empty() || unbroken.back() < wal.stop) return std::nullopt;
  Stretch stretch{base, unbroken.back(), base.ended, base.ended, {}};
  if (const auto later = there.upper_bound(wal_object(wal.system, segment));
      later != there.end() && later->starts_with(wal_object(wal.system, timeline_of(segment))))
    stretch.gap = segment;
  // The newest that says how far it reaches: as good as always the last one.
  while (!unbroken.empty() && unbroken.back() >= wal.stop) {
    try {
      const auto reaches = read_wal_head(target, wal.system, unbroken.back()).reaches;
      if (reaches != Instant{}) {
        stretch.to = std::max(stretch.to, reaches);
        break;
      }
    } catch (const Error& error) {
      // A damaged one reaches nothing, and what follows it cannot be reached.
      if (error.code() != Errc::integrity && error.code() != Errc::not_found) throw;
    }
    unbroken.pop_back();
  }
  return stretch;
}

}  // namespace

WalContents look_at_wal(Target& target) {
  WalContents contents;
  contents.bases = list_backups(target);
  for (const auto& base : contents.bases) contents.bytes += base.bytes;
  std::set<std::string> there;
  for (auto& object : target.list(kFolder)) {
    if (!is_wal_segment(segment_of(object.name))) continue;
    contents.bytes += object.size;
    there.insert(object.name);
    contents.segments.push_back(std::move(object));
  }
  for (const auto& base : contents.bases)
    if (is_base(base))
      if (auto stretch = stretch_of(target, *base.manifest, there)) contents.stretches.push_back(std::move(*stretch));
  return contents;
}

const Stretch& stretch_for(const WalContents& contents, Instant at) {
  const auto found =
      std::ranges::find_if(contents.stretches, [&](const Stretch& one) { return one.from <= at && at <= one.to; });
  if (found != contents.stretches.end()) return *found;
  if (contents.stretches.empty())
    throw Error(Errc::not_found, "there is no base backup that its WAL goes with",
                "Restore a dump: 'visitorctl backup list' shows them.");
  // What overlaps is one range.
  std::vector<std::pair<Instant, Instant>> ranges;
  for (auto one = contents.stretches.rbegin(); one != contents.stretches.rend(); ++one) {
    if (!ranges.empty() && one->from <= ranges.back().second && one->from >= ranges.back().first)
      ranges.back().second = std::max(ranges.back().second, one->to);
    else
      ranges.emplace_back(one->from, one->to);
  }
  if (ranges.size() > kMostNamed) ranges.erase(ranges.begin(), ranges.end() - kMostNamed);
  std::vector<std::string> texts;
  for (const auto& [from, to] : ranges) texts.push_back(fmt::format("from {} to {}", to_iso(from), to_iso(to)));
  const auto gap = std::ranges::find_if(contents.stretches, [&](const auto& one) { return !one.gap.empty(); });
  throw Error(
      Errc::not_found,
      fmt::format("{} cannot be reached: the archive holds moments {}{}", to_iso(at), fmt::join(texts, ", and "),
                  gap == contents.stretches.end() ? "" : fmt::format("; WAL segment {} is missing", gap->gap)),
      "Choose one of those, or restore a dump.");
}

std::vector<std::string> timelines_after(const WalContents& contents, const Manifest::Wal& wal) {
  std::string newest{timeline_of(wal.start)};
  for (const auto& object : contents.segments) {
    const auto segment = segment_of(object.name);
    if (object.name == wal_object(wal.system, segment)) newest = std::max(newest, std::string{timeline_of(segment)});
  }
  std::vector<std::string> timelines;
  const auto first = std::stoul(std::string{timeline_of(wal.start)}, nullptr, 16) + 1;
  const auto last = std::stoul(newest, nullptr, 16);
  if (last > first + kMostTimelines)
    throw Error(Errc::integrity, fmt::format("the archive has WAL segments of a timeline {}", newest),
                "Remove what is no segment of this cluster.");
  for (auto number = first; number <= last; ++number) timelines.push_back(fmt::format("{:08X}", number));
  return timelines;
}

std::vector<std::string> wal_not_needed(const WalContents& contents, Instant since) {
  std::vector<std::string> names;
  std::vector<const Manifest*> kept;
  bool covered = false;  // a base that is older than since reaches all that follows it
  const auto drop = [&](const std::string& id) {
    names.insert(names.end(), {fmt::format("{}/{}", id, kManifestName), fmt::format("{}/{}", id, kDataName)});
  };
  for (const auto& base : contents.bases) {
    if (!is_base(base)) {
      // One that is being made is newer.
      if (covered && base.modified < since) drop(base.id);
      continue;
    }
    if (covered) {
      drop(base.id);
      continue;
    }
    kept.push_back(&*base.manifest);
    // One whose segments have gaps reaches nothing, and does not replace an older one.
    const bool reaches =
        std::ranges::any_of(contents.stretches, [&](const auto& one) { return one.base.id == base.id; });
    covered = reaches && base.manifest->ended <= since;
  }
  // A base that is being made needs segments that no manifest names yet; without any, everything stays.
  if (kept.empty()) return {};
  for (const auto& object : contents.segments) {
    const auto segment = segment_of(object.name);
    const bool wanted = object.modified >= since || std::ranges::any_of(kept, [&](const Manifest* base) {
                          return object.name == wal_object(base->wal->system, segment) &&
                                 timeline_of(segment) == timeline_of(base->wal->start) && segment >= base->wal->start;
                        });
    if (!wanted) names.push_back(object.name);
  }
  return names;
}

}  // namespace visitor::archive
