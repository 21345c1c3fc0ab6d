#include "hikvision/search_sweep.hpp"

#include <fmt/format.h>
#include <sodium.h>

#include <algorithm>
#include <array>
#include <set>
#include <tuple>

namespace visitor::hikvision {
namespace {

constexpr int kUsualPage = 30;
constexpr int kSmallestLimit = 10;  // of every model that is known

/// Follows one key along the rows.
template <class Key>
class OrderWatch {
 public:
  void see(const std::optional<Key>& key) {
    if (!key) return;
    if (last_) {
      rose_ = rose_ || *key > *last_;
      fell_ = fell_ || *key < *last_;
    }
    last_ = key;
  }
  RowOrder order() const {
    if (rose_) return fell_ ? RowOrder::mixed : RowOrder::ascending;
    return fell_ ? RowOrder::descending : RowOrder::unknown;
  }

 private:
  std::optional<Key> last_;
  bool rose_ = false;
  bool fell_ = false;
};

/// What makes a page recognisable: its first and last row and how many lie between.
using RowMark = std::tuple<std::uint64_t, int, int, std::string>;
using PageMark = std::tuple<RowMark, RowMark, std::size_t>;

RowMark mark(const AcsEvent& event) {
  return {event.serial.value_or(0), event.major, event.minor, event.time.text};
}

std::string numeric_id() {
  return sodium_init() < 0 ? "1" : std::to_string(1 + randombytes_uniform(9'999));
}

int first_page_size(const SweepPlan& plan) {
  const auto size =
      plan.habits.page_size ? std::int64_t{*plan.habits.page_size} : plan.capabilities.max_results.value_or(kUsualPage);
  return static_cast<int>(std::clamp<std::int64_t>(size, 1, static_cast<std::int64_t>(kMaxPageEvents)));
}

void drop_times(SearchRequest& request) {
  request.start_time.reset();
  request.end_time.reset();
}

SearchRequest first_request(const SweepPlan& plan) {
  SearchRequest request{.search_id = plan.habits.numeric_ids ? numeric_id() : make_search_id(),
                        .position = plan.start_position,
                        .max_results = first_page_size(plan),
                        .major = plan.major,
                        .minor = plan.minor,
                        .start_time = plan.from,
                        .end_time = plan.to};
  if (const auto longest = plan.capabilities.max_search_id; longest && *longest > 0) {
    request.search_id.resize(std::min(request.search_id.size(), static_cast<std::size_t>(*longest)));
  }
  if (plan.capabilities.begin_serial_no) {
    request.begin_serial = plan.begin_serial;
    request.end_serial = plan.end_serial;
  }
  if (plan.capabilities.pic_enable && !plan.habits.bare) request.pictures = false;
  if (plan.may_drop_times && plan.habits.without_times) drop_times(request);
  return request;
}

/// Makes \p request simpler in the next way that may help; false when there is none left.
bool simplify(SearchRequest& request, SearchHabits& habits, bool may_drop_times) {
  if (request.max_results > kUsualPage) {
    request.max_results = kUsualPage;
  } else if (request.max_results > kSmallestLimit) {
    request.max_results = kSmallestLimit;
  } else if (request.pictures) {
    request.pictures.reset();
    habits.bare = true;
  } else if (!habits.numeric_ids) {
    request.search_id = numeric_id();
    habits.numeric_ids = true;
  } else if (may_drop_times && (request.start_time || request.end_time)) {
    drop_times(request);
    habits.without_times = true;
  } else {
    return false;
  }
  return true;
}

class Sweeper {
 public:
  Sweeper(const SweepPlan& plan, const PageSource& source, const PageSink& sink)
      : plan_(plan), source_(source), sink_(sink), request_(first_request(plan)) {
    sweep_.position = plan.start_position;
    sweep_.habits = plan.habits;
  }

  Sweep run() {
    while (step()) {
    }
    return std::move(sweep_);
  }

 private:
  /// One request; false when the sweep is over.
  bool step() {
    if (sweep_.pages >= plan_.most_pages) return end(SweepEnd::page_cap);
    const auto highest = plan_.capabilities.max_position.value_or(0);
    if (highest > 0 && sweep_.position > highest) return end(SweepEnd::position_cap);
    request_.position = sweep_.position;
    auto outcome = source_(request_);
    if (!outcome) return refused(outcome.failure());
    sweep_.habits.page_size = request_.max_results;
    answered_ = true;
    return take(*outcome);
  }

  bool refused(const Failure& failure) {
    const bool simple = failure.kind == FailureKind::bad_parameters;
    if (simple && !answered_) {
      // What was tried in vain is no habit; only the form that works is remembered.
      if (simplify(request_, sweep_.habits, plan_.may_drop_times)) {
        ++sweep_.refused;
        return true;
      }
      sweep_.habits = plan_.habits;
    }
    // Behind the last row some firmware answers so. A total may be off by a few rows, not by pages.
    const bool near_end = missing() < request_.max_results;
    if (simple && sweep_.position > plan_.start_position && near_end) {
      sweep_.fewer_than_promised = promised_more();
      return end(SweepEnd::complete);
    }
    sweep_.failure = failure;
    return end(SweepEnd::failed);
  }

  bool take(const Page& page) {
    note_total(page);
    sweep_.more_without_end = page.status == PageStatus::more;
    if (page.arrived() == 0) {
      sweep_.fewer_than_promised = promised_more();
      return end(SweepEnd::complete);
    }
    if (!page.events.empty() &&
        !seen_.emplace(mark(page.events.front()), mark(page.events.back()), page.arrived()).second) {
      return end(SweepEnd::repeated_page);
    }

    for (const auto& event : page.events) {
      serials_.see(event.serial);
      times_.see(event.time.local);
    }
    sweep_.by_serial = serials_.order();
    sweep_.by_time = times_.order();
    ++sweep_.pages;
    sweep_.rows += page.events.size();
    sweep_.unreadable += page.unreadable;
    sweep_.position += static_cast<std::int64_t>(page.arrived());
    if (!sink_(page, sweep_)) return end(SweepEnd::stopped);

    if (sweep_.last_total && page.over_limit == 0) return promised_more() || end(SweepEnd::complete);
    const bool short_page = page.arrived() < static_cast<std::size_t>(request_.max_results);
    const bool last = short_page && page.over_limit == 0 && page.status != PageStatus::more;
    return !last || end(SweepEnd::complete);
  }

  /// 0 with rows in the page is a member that the firmware fills in without knowing.
  void note_total(const Page& page) {
    if (!page.total_matches || *page.total_matches <= 0) return;
    if (!sweep_.first_total) sweep_.first_total = page.total_matches;
    sweep_.last_total = page.total_matches;
  }

  /// Rows that the total promises behind the position; negative where it fell behind.
  std::int64_t missing() const { return sweep_.last_total.value_or(sweep_.position) - sweep_.position; }
  bool promised_more() const { return missing() > 0; }

  bool end(SweepEnd reason) {
    sweep_.end = reason;
    return false;
  }

  const SweepPlan& plan_;
  const PageSource& source_;
  const PageSink& sink_;
  SearchRequest request_;
  Sweep sweep_;
  bool answered_ = false;
  OrderWatch<std::uint64_t> serials_;
  OrderWatch<LocalTime> times_;
  std::set<PageMark> seen_;
};

}  // namespace

std::string_view to_string(RowOrder order) {
  constexpr std::array<std::string_view, 4> kNames = {"unknown", "ascending", "descending", "mixed"};
  return kNames.at(static_cast<std::size_t>(order));
}

std::string_view to_string(SweepEnd end) {
  constexpr std::array<std::string_view, 7> kNames = {"none",         "complete", "repeated_page", "page_cap",
                                                      "position_cap", "stopped",  "failed"};
  return kNames.at(static_cast<std::size_t>(end));
}

Sweep sweep(const SweepPlan& plan, const PageSource& source, const PageSink& sink) {
  return Sweeper{plan, source, sink}.run();
}

}  // namespace visitor::hikvision
