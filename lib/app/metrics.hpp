#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "domain/incident.hpp"
#include "domain/terminal.hpp"

namespace visitor::app {

/// Only grows. Adding takes no lock.
class Counter {
 public:
  void add(std::uint64_t count = 1) noexcept { count_.fetch_add(count, std::memory_order_relaxed); }
  std::uint64_t value() const noexcept { return count_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> count_{0};
};

/// How observations spread over fixed bounds. Observing takes no lock.
class Histogram {
 public:
  /// \param bounds  upper bounds, ascending; what lies above the last one is counted, too
  explicit Histogram(std::span<const double> bounds);

  /// What is no number is left out.
  void observe(double value) noexcept;

  struct Snapshot {
    std::vector<std::uint64_t> buckets;  ///< one per bound and one above; not cumulative
    std::uint64_t count = 0;
    double sum = 0;
  };
  Snapshot snapshot() const;
  const std::vector<double>& bounds() const { return bounds_; }

 private:
  std::vector<double> bounds_;
  std::deque<std::atomic<std::uint64_t>> buckets_;
  std::atomic<double> sum_{0};
};

/// 1 ms to 10 s: how long an HTTP request or a poll takes.
std::span<const double> duration_bounds();
/// 50 ms to 1 day: how late something is.
std::span<const double> lag_bounds();

using Labels = std::vector<std::pair<std::string, std::string>>;

/// Text in the Prometheus exposition format 0.0.4, family by family.
class MetricsText {
 public:
  /// \param type  counter, gauge or histogram
  void family(std::string_view name, std::string_view type, std::string_view help);
  void sample(std::string_view name, const Labels& labels, double value);
  void histogram(std::string_view name, const Labels& labels, const Histogram& histogram);
  const std::string& text() const { return text_; }

  /// One family with one sample.
  void gauge(std::string_view name, std::string_view help, double value);

 private:
  std::string text_;
};

/// Every metric of a process. Names and label values are fixed when something registers, never taken from input, so
/// their number is bounded.
class Registry {
 public:
  /// The one of that name and labels, made at the first call. The reference stays valid; keep it, looking up locks.
  Counter& counter(const std::string& name, const std::string& help, const Labels& labels = {});
  Histogram& histogram(const std::string& name, const std::string& help, std::span<const double> bounds,
                       const Labels& labels = {});
  /// Called at each text(), for what is only known then.
  void collect(std::function<void(MetricsText&)> collector);

  /// Everything, families in the order of their names.
  std::string text() const;

 private:
  template <class Metric>
  struct Family {
    std::string help;
    std::map<Labels, Metric*> members;
  };

  mutable std::mutex mutex_;
  std::deque<Counter> counters_;
  std::deque<Histogram> histograms_;
  std::map<std::string, Family<Counter>> counter_families_;
  std::map<std::string, Family<Histogram>> histogram_families_;
  std::vector<std::function<void(MetricsText&)>> collectors_;
};

/// What the product counts. One per process, made with the registry that shows it.
class Metrics {
 public:
  explicit Metrics(Registry& registry);

  /// visitor_polls_total{result}: by the state in which a poll left the terminal; "ok" for online.
  Counter& polls(domain::TerminalState result) { return *polls_[static_cast<std::size_t>(result)]; }
  /// visitor_incidents_opened_total{type}.
  Counter& incidents_opened(domain::IncidentType type) { return *incidents_[static_cast<std::size_t>(type)]; }

  Counter& events_stored;     ///< visitor_events_stored_total
  Counter& events_duplicate;  ///< visitor_events_duplicate_total
  Counter& check_ins;         ///< visitor_check_ins_total, by the doors
  Counter& check_outs;        ///< visitor_check_outs_total, by the doors
  Counter& alerts_sent;       ///< visitor_alerts_sent_total
  Counter& alerts_deferred;   ///< visitor_alerts_deferred_total
  Counter& alerts_failed;     ///< visitor_alerts_failed_total
  Histogram& poll_duration;   ///< visitor_poll_duration_seconds
  Histogram& poll_lag;        ///< visitor_poll_lag_seconds: start of a poll after it was due
  Histogram& event_lag;       ///< visitor_event_lag_seconds: device time of an event to its commit

 private:
  // One for each value of the enum.
  std::vector<Counter*> polls_;
  std::vector<Counter*> incidents_;
};

}  // namespace visitor::app
