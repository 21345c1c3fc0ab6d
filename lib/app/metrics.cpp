#include "app/metrics.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace visitor::app {
namespace {

constexpr std::array<double, 12> kDurationBounds{0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10};
constexpr std::array<double, 14> kLagBounds{0.05, 0.1, 0.25, 0.5, 1, 2, 3, 5, 10, 30, 60, 300, 3600, 86400};

/// Source: Prometheus, "Exposition formats", text format.
std::string escaped(std::string_view text, bool quote) {
  std::string out;
  for (const char c : text) {
    if (c == '\\')
      out += "\\\\";
    else if (c == '\n')
      out += "\\n";
    else if (c == '"' && quote)
      out += "\\\"";
    else
      out += c;
  }
  return out;
}

std::string number(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "+Inf" : "-Inf";
  return fmt::format("{}", value);
}

std::string series(std::string_view name, const Labels& labels) {
  std::string out{name};
  char before = '{';
  for (const auto& [label, value] : labels) {
    out += fmt::format("{}{}=\"{}\"", before, label, escaped(value, true));
    before = ',';
  }
  if (before == ',') out += '}';
  return out;
}

}  // namespace

Histogram::Histogram(std::span<const double> bounds)
    : bounds_(bounds.begin(), bounds.end()), buckets_(bounds.size() + 1) {}

void Histogram::observe(double value) noexcept {
  if (std::isnan(value)) return;
  const auto bucket = std::lower_bound(bounds_.begin(), bounds_.end(), value) - bounds_.begin();
  buckets_[static_cast<std::size_t>(bucket)].fetch_add(1, std::memory_order_relaxed);
  sum_.fetch_add(value, std::memory_order_relaxed);
}

Histogram::Snapshot Histogram::snapshot() const {
  Snapshot out;
  for (const auto& bucket : buckets_) {
    out.buckets.push_back(bucket.load(std::memory_order_relaxed));
    out.count += out.buckets.back();
  }
  out.sum = sum_.load(std::memory_order_relaxed);
  return out;
}

std::span<const double> duration_bounds() {
  return kDurationBounds;
}

std::span<const double> lag_bounds() {
  return kLagBounds;
}

void MetricsText::family(std::string_view name, std::string_view type, std::string_view help) {
  text_ += fmt::format("# HELP {} {}\n# TYPE {} {}\n", name, escaped(help, false), name, type);
}

void MetricsText::sample(std::string_view name, const Labels& labels, double value) {
  text_ += fmt::format("{} {}\n", series(name, labels), number(value));
}

void MetricsText::histogram(std::string_view name, const Labels& labels, const Histogram& histogram) {
  const auto snapshot = histogram.snapshot();
  std::uint64_t below = 0;
  for (std::size_t i = 0; i < snapshot.buckets.size(); ++i) {
    below += snapshot.buckets[i];
    auto with_bound = labels;
    with_bound.emplace_back("le", i < histogram.bounds().size() ? number(histogram.bounds()[i]) : "+Inf");
    text_ += fmt::format("{} {}\n", series(fmt::format("{}_bucket", name), with_bound), below);
  }
  text_ += fmt::format("{} {}\n", series(fmt::format("{}_sum", name), labels), number(snapshot.sum));
  text_ += fmt::format("{} {}\n", series(fmt::format("{}_count", name), labels), snapshot.count);
}

void MetricsText::gauge(std::string_view name, std::string_view help, double value) {
  family(name, "gauge", help);
  sample(name, {}, value);
}

Counter& Registry::counter(const std::string& name, const std::string& help, const Labels& labels) {
  const std::lock_guard lock{mutex_};
  auto& family = counter_families_[name];
  family.help = help;
  auto*& member = family.members[labels];
  if (member == nullptr) member = &counters_.emplace_back();
  return *member;
}

Histogram& Registry::histogram(const std::string& name, const std::string& help, std::span<const double> bounds,
                               const Labels& labels) {
  const std::lock_guard lock{mutex_};
  auto& family = histogram_families_[name];
  family.help = help;
  auto*& member = family.members[labels];
  if (member == nullptr) member = &histograms_.emplace_back(bounds);
  return *member;
}

void Registry::collect(std::function<void(MetricsText&)> collector) {
  const std::lock_guard lock{mutex_};
  collectors_.push_back(std::move(collector));
}

std::string Registry::text() const {
  MetricsText out;
  std::vector<std::function<void(MetricsText&)>> collectors;
  {
    const std::lock_guard lock{mutex_};
    for (const auto& [name, family] : counter_families_) {
      out.family(name, "counter", family.help);
      for (const auto& [labels, counter] : family.members)
        out.sample(name, labels, static_cast<double>(counter->value()));
    }
    for (const auto& [name, family] : histogram_families_) {
      out.family(name, "histogram", family.help);
      for (const auto& [labels, histogram] : family.members) out.histogram(name, labels, *histogram);
    }
    collectors = collectors_;
  }
  // A collector may take its time, or register something.
  for (const auto& collector : collectors) collector(out);
  return out.text();
}

Metrics::Metrics(Registry& registry)
    : events_stored(registry.counter("visitor_events_stored_total", "Events of terminals that were new.")),
      events_duplicate(registry.counter("visitor_events_duplicate_total", "Events that were known already.")),
      check_ins(registry.counter("visitor_check_ins_total", "Guests checked in by a door.")),
      check_outs(registry.counter("visitor_check_outs_total", "Guests checked out by a door.")),
      alerts_sent(registry.counter("visitor_alerts_sent_total", "Deliveries that the other side accepted.")),
      alerts_deferred(registry.counter("visitor_alerts_deferred_total", "Deliveries put off for another try.")),
      alerts_failed(registry.counter("visitor_alerts_failed_total", "Deliveries given up.")),
      poll_duration(registry.histogram("visitor_poll_duration_seconds", "How long a poll of a terminal took.",
                                       duration_bounds())),
      poll_lag(registry.histogram("visitor_poll_lag_seconds", "How late a poll of a terminal began.", lag_bounds())),
      event_lag(
          registry.histogram("visitor_event_lag_seconds", "Device time of an event to its commit.", lag_bounds())) {
  polls_.resize(domain::names<domain::TerminalState>().size());
  for (const auto& row : domain::names<domain::TerminalState>()) {
    const bool online = row.value == domain::TerminalState::online;
    polls_.at(static_cast<std::size_t>(row.value)) =
        &registry.counter("visitor_polls_total", "Polls of terminals, by the state in which they left the terminal.",
                          {{"result", online ? "ok" : std::string{row.name}}});
  }
  incidents_.resize(domain::names<domain::IncidentType>().size());
  for (const auto& row : domain::names<domain::IncidentType>())
    incidents_.at(static_cast<std::size_t>(row.value)) = &registry.counter(
        "visitor_incidents_opened_total", "Incidents opened, by type.", {{"type", std::string{row.name}}});
}

}  // namespace visitor::app
