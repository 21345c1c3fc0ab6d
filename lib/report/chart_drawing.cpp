#include "report/chart_drawing.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <numeric>

namespace visitor::report {
namespace {

constexpr std::array<Colour, 8> kPalette{{{0.12, 0.31, 0.47},
                                          {0.90, 0.49, 0.13},
                                          {0.27, 0.60, 0.33},
                                          {0.70, 0.20, 0.22},
                                          {0.48, 0.35, 0.64},
                                          {0.55, 0.42, 0.28},
                                          {0.25, 0.64, 0.70},
                                          {0.60, 0.60, 0.60}}};
constexpr Colour kGrid{0.86, 0.88, 0.90}, kInk{0.25, 0.25, 0.25};
constexpr Type kTitleType{10, true}, kSmallType{7, false};
constexpr double kTitleHeight = 16, kLegendHeight = 12, kAxisHeight = 12, kAxisWidth = 30;
constexpr double kNameGap = 6, kLeastBar = 14, kPieLine = 11;
constexpr std::size_t kFewColumns = 8;
constexpr Label kOthers{"Others", "Прочие"};

const Colour& colour_of(std::size_t at) {
  return kPalette[at % kPalette.size()];
}

double value_of(const Series& series, std::size_t at) {
  const double value = at < series.values.size() ? series.values[at] : 0;
  return std::isfinite(value) ? std::max(value, 0.0) : 0;
}

std::string number_text(double value) {
  return fmt::format("{:.12g}", value);
}

/// 1, 2 or 5 times a power of ten, so that four or so lines reach over \p most.
double step_for(double most) {
  constexpr double kLines = 4;
  if (most <= 0) return 1;
  const double power = std::pow(10, std::floor(std::log10(most / kLines)));
  for (const double factor : {1.0, 2.0, 5.0})
    if (factor * power * kLines >= most) return factor * power;
  return 10 * power;
}

/// \p chart with at most \p most categories: the largest, in the order that they had, and the sum of the others.
Chart with_others(const Chart& chart, std::size_t most, domain::Language language) {
  const auto count = chart.categories.size();
  if (count <= most) return chart;
  const auto size_of = [&](std::size_t at) {
    double sum = 0;
    for (const auto& series : chart.series) sum += value_of(series, at);
    return sum;
  };
  std::vector<std::size_t> kept(count);
  std::iota(kept.begin(), kept.end(), std::size_t{0});
  std::ranges::stable_sort(kept, std::greater{}, size_of);
  const std::vector<std::size_t> rest(kept.begin() + static_cast<std::ptrdiff_t>(most - 1), kept.end());
  kept.resize(most - 1);
  std::ranges::sort(kept);

  Chart few{chart.key, chart.title, chart.kind, {}, {}};
  for (const auto at : kept) few.categories.push_back(chart.categories[at]);
  few.categories.push_back(fmt::format("{} ({})", kOthers.in(language), rest.size()));
  for (const auto& series : chart.series) {
    Series shorter{series.name, {}};
    for (const auto at : kept) shorter.values.push_back(value_of(series, at));
    double sum = 0;
    for (const auto at : rest) sum += value_of(series, at);
    shorter.values.push_back(sum);
    few.series.push_back(std::move(shorter));
  }
  return few;
}

class Drawing {
 public:
  Drawing(Canvas& canvas, const Chart& chart, const Box& box) : canvas_(canvas), chart_(chart), box_(box) {}

  void draw() {
    canvas_.draw({chart_.title, kTitleType, Side::left, kInk}, {box_.x, box_.y, box_.width, kTitleHeight});
    box_.y += kTitleHeight;
    box_.height -= kTitleHeight;
    if (chart_.categories.empty() || chart_.series.empty()) return;
    switch (chart_.kind) {
      case ChartKind::pie:
        return pie();
      case ChartKind::bars:
        legend();
        return bars();
      case ChartKind::columns:
      case ChartKind::line:
        legend();
        return upright();
    }
  }

 private:
  void small(const std::string& text, double x, double y, double width, Side side) {
    canvas_.draw_fitting({text, kSmallType, side, kInk}, {x, y, width, kSmallType.size * 1.4}, 4);
  }

  void legend() {
    if (chart_.series.size() < 2) return;
    double x = box_.x;
    const double room = box_.width / static_cast<double>(chart_.series.size());
    for (std::size_t i = 0; i < chart_.series.size(); ++i) {
      canvas_.fill({x, box_.y + 2, 6, 6}, colour_of(i));
      small(chart_.series[i].name, x + 9, box_.y, room - 12, Side::left);
      x += room;
    }
    box_.y += kLegendHeight;
    box_.height -= kLegendHeight;
  }

  double most() const {
    double found = 0;
    for (const auto& series : chart_.series)
      for (std::size_t i = 0; i < chart_.categories.size(); ++i) found = std::max(found, value_of(series, i));
    return found;
  }

  /// Where names have no room beside each other, every second, third … one stands. One that is much longer than the
  /// others is made smaller, or cut, instead.
  std::size_t names_apart(double slot) {
    constexpr double kMostRoom = 60;
    double widest = 0;
    for (const auto& name : chart_.categories) widest = std::max(widest, canvas_.width_of({name, kSmallType, {}, {}}));
    const double wanted = std::min(widest, kMostRoom) + kNameGap;
    // A wrapped name has two lines: columns that are few and wide need no more.
    if (chart_.categories.size() <= kFewColumns) return 1;
    return static_cast<std::size_t>(std::max(1.0, std::ceil(wanted / slot)));
  }

  /// Columns side by side, or lines.
  void upright() {
    const double step = step_for(most());
    const double top = std::max(step, std::ceil(most() / step) * step);
    const Box plot{box_.x + kAxisWidth, box_.y + 4, box_.width - kAxisWidth, box_.height - kAxisHeight - 4};
    const auto y_of = [&](double value) { return plot.y + plot.height * (1 - value / top); };
    for (double value = 0; value <= top * 1.0001; value += step) {
      canvas_.line(plot.x, y_of(value), plot.x + plot.width, y_of(value), 0.5, kGrid);
      small(number_text(value), box_.x, y_of(value) - 5, kAxisWidth - 4, Side::right);
    }
    const auto count = chart_.categories.size();
    const double slot = plot.width / static_cast<double>(count);
    const auto every = names_apart(slot);
    for (std::size_t i = 0; i < count; i += every) {
      const double room = std::max(slot, slot * static_cast<double>(every) - kNameGap);
      const double middle = plot.x + slot * (static_cast<double>(i) + 0.5);
      // Below the middle of its columns, but within the chart.
      const double x = std::clamp(middle - room / 2, box_.x, std::max(box_.x, plot.x + plot.width - room));
      if (every > 1) canvas_.line(middle, plot.y + plot.height, middle, plot.y + plot.height + 2, 0.5, kInk);
      small(chart_.categories[i], x, plot.y + plot.height + 2, room, Side::centre);
    }
    for (std::size_t s = 0; s < chart_.series.size(); ++s) {
      const auto& series = chart_.series[s];
      if (chart_.kind == ChartKind::line) {
        for (std::size_t i = 0; i < count; ++i) {
          const double x = plot.x + slot * (static_cast<double>(i) + 0.5);
          const double y = y_of(value_of(series, i));
          if (i > 0) canvas_.line(x - slot, y_of(value_of(series, i - 1)), x, y, 1.2, colour_of(s));
          canvas_.slice(x, y, 1.6, 0, 1, colour_of(s));
        }
        continue;
      }
      const double width = slot * 0.8 / static_cast<double>(chart_.series.size());
      for (std::size_t i = 0; i < count; ++i) {
        const double y = y_of(value_of(series, i));
        canvas_.fill({plot.x + slot * (static_cast<double>(i) + 0.1) + width * static_cast<double>(s), y, width,
                      plot.y + plot.height - y},
                     colour_of(s));
      }
    }
  }

  /// Bars from left to right, a line for each category, with its value at the
  /// end.
  void bars() {
    const double names = box_.width * 0.3, values = 40;
    const double room = box_.width - names - values;
    const double slot = std::min(22.0, box_.height / static_cast<double>(chart_.categories.size()));
    const double top = std::max(most(), 1e-9);
    const double thick = slot * 0.8 / static_cast<double>(chart_.series.size());
    for (std::size_t i = 0; i < chart_.categories.size(); ++i) {
      const double y = box_.y + slot * static_cast<double>(i);
      canvas_.draw_fitting({chart_.categories[i], kSmallType, Side::right, kInk}, {box_.x, y, names - 6, slot}, 3);
      for (std::size_t s = 0; s < chart_.series.size(); ++s) {
        const double value = value_of(chart_.series[s], i);
        const Box bar{box_.x + names, y + slot * 0.1 + thick * static_cast<double>(s), room * value / top, thick};
        canvas_.fill(bar, colour_of(s));
        canvas_.draw_fitting({number_text(value), kSmallType, Side::left, kInk},
                             {bar.x + bar.width + 3, bar.y, values - 3, thick}, 3);
      }
    }
  }

  /// Shares, clockwise from the top, with a legend that says how many and how
  /// much.
  void pie() {
    const auto& series = chart_.series.front();
    double total = 0;
    for (std::size_t i = 0; i < chart_.categories.size(); ++i) total += value_of(series, i);
    const double radius = std::min(box_.height, box_.width / 2) / 2 - 4;
    const double x = box_.x + radius + 4, y = box_.y + box_.height / 2;
    if (total <= 0) canvas_.slice(x, y, radius, 0, 1, kGrid);
    const double left = x + radius + 24;
    const double line = std::min(14.0, box_.height / static_cast<double>(chart_.categories.size()));
    double from = 0;
    for (std::size_t i = 0; i < chart_.categories.size(); ++i) {
      const double value = value_of(series, i), share = total > 0 ? value / total : 0;
      if (share > 0) canvas_.slice(x, y, radius, from, from + share, colour_of(i));
      from += share;
      const double row = box_.y + line * static_cast<double>(i);
      canvas_.fill({left, row + 2, 6, std::min(6.0, line - 2)}, colour_of(i));
      canvas_.draw_fitting({fmt::format("{}: {} ({:.0f} %)", chart_.categories[i], number_text(value), share * 100),
                            kSmallType, Side::left, kInk},
                           {left + 10, row, box_.x + box_.width - left - 10, line}, 3);
    }
  }

  Canvas& canvas_;
  const Chart& chart_;
  Box box_;
};

}  // namespace

void draw_chart(Canvas& canvas, const Chart& chart, const Box& box, domain::Language language) {
  if (chart.kind != ChartKind::bars && chart.kind != ChartKind::pie) return Drawing{canvas, chart, box}.draw();
  const double line = chart.kind == ChartKind::pie ? kPieLine : kLeastBar;
  const double room = box.height - kTitleHeight - (chart.series.size() > 1 ? kLegendHeight : 0);
  const auto fit = static_cast<std::size_t>(std::max(2.0, std::floor(room / line)));
  const auto most = chart.kind == ChartKind::pie ? std::min(fit, kPalette.size()) : fit;
  const auto few = with_others(chart, most, language);
  Drawing{canvas, few, box}.draw();
}

}  // namespace visitor::report
