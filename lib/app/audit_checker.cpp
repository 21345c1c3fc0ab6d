#include "app/audit_checker.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace visitor::app {
namespace {

constexpr std::size_t kKept = 100;

std::string positions(std::int64_t from, std::int64_t to) {
  return from == to ? fmt::format("link {}", from) : fmt::format("links {} to {}", from, to);
}

}  // namespace

AuditChecker::AuditChecker(const store::AuditHead& start, std::vector<AuditMark> marks)
    : last_(start), marks_(std::move(marks)), good_until_(start.position) {
  std::ranges::stable_sort(marks_, {}, [](const AuditMark& mark) { return mark.head.position; });
  hold_against_marks(start);
}

void AuditChecker::add(AuditFinding finding) {
  ++wrong_;
  if (findings_.size() < kKept) findings_.push_back(std::move(finding));
}

void AuditChecker::see(const store::AuditLinked& linked) {
  const auto& [position, previous, hash, record, missing] = linked;
  ++count_;
  if (position <= last_.position) {
    add({AuditTampering::inserted, position, record.id,
         fmt::format("link {} stands after link {}", position, last_.position)});
    return;
  }
  if (position > last_.position + 1) {
    const auto first = last_.position + 1;
    add({AuditTampering::deleted, first, 0,
         fmt::format("{} are gone with their rows", positions(first, position - 1))});
  } else if (previous != last_.hash) {
    add({AuditTampering::edited, last_.position, last_row_,
         fmt::format("link {} does not follow from link {}: row {} was changed, and its link made anew", position,
                     last_.position, last_row_)});
  }
  if (missing)
    add({AuditTampering::deleted, position, record.id, fmt::format("row {} of link {} is gone", record.id, position)});
  else if (store::audit_hash({position - 1, previous}, record) != hash)
    add({AuditTampering::edited, position, record.id,
         fmt::format("row {} of link {} is not what was written", record.id, position)});
  last_ = {position, hash};
  last_row_ = record.id;
  hold_against_marks(last_);
}

void AuditChecker::hold_against_marks(const store::AuditHead& head) {
  while (next_mark_ < marks_.size() && marks_[next_mark_].head.position < head.position) ++next_mark_;
  for (; next_mark_ < marks_.size() && marks_[next_mark_].head.position == head.position; ++next_mark_) {
    const auto& mark = marks_[next_mark_];
    ++marks_met_;
    if (mark.head.hash == head.hash) {
      good_until_ = head.position;
      continue;
    }
    add({AuditTampering::rewritten, good_until_ + 1, 0,
         fmt::format("the chain was made anew between links {} and {}: the checkpoint of {} in {} has another hash",
                     good_until_ + 1, head.position, to_iso(mark.at), mark.place)});
  }
}

void AuditChecker::end() {
  if (marks_.empty() || marks_.back().head.position <= last_.position) return;
  const auto& newest = marks_.back();
  add({AuditTampering::truncated, last_.position + 1, 0,
       fmt::format("the chain ends at link {}, and the checkpoint of {} in {} has {}: the newest rows are gone",
                   last_.position, to_iso(newest.at), newest.place, newest.head.position)});
}

}  // namespace visitor::app

namespace visitor::domain {
template <>
std::span<const Name<app::AuditTampering>> names() {
  using enum app::AuditTampering;
  static constexpr std::array<Name<app::AuditTampering>, 5> kNames{{
      {edited, "edited", "Edited", "Изменено"},
      {deleted, "deleted", "Deleted", "Удалено"},
      {inserted, "inserted", "Inserted", "Вставлено"},
      {truncated, "truncated", "Truncated", "Обрезано"},
      {rewritten, "rewritten", "Rewritten", "Переписано"},
  }};
  return kNames;
}
}  // namespace visitor::domain
