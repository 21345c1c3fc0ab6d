#include "support/report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/text.hpp"

namespace visitor::bench {
namespace {

std::string text_of(const Goal& goal, const std::string& unit) {
  return fmt::format("{}{} {:g}{}", goal.of == Goal::Of::ratio ? "ratio " : "",
                     goal.bound == Goal::Bound::at_most ? "<=" : ">=", goal.limit,
                     goal.of == Goal::Of::value ? " " + unit : "");
}

std::string_view verdict(std::optional<bool> met) {
  return !met ? "" : *met ? "met" : "MISSED";
}

std::string json_of(const Figure& figure) {
  auto text = fmt::format(R"({{"figure":{},"value":{:.6g},"unit":{},"baseline":{:.6g},"baseline_is":{},"ratio":{:.4g})",
                          json_quote(figure.name), figure.value, json_quote(figure.unit), figure.baseline,
                          json_quote(figure.baseline_is), figure.ratio());
  if (figure.goal)
    text += fmt::format(R"(,"goal":{},"met":{})", json_quote(text_of(*figure.goal, figure.unit)), *figure.met());
  return text + "}";
}

}  // namespace

Goal at_most(double value) {
  return {Goal::Of::value, Goal::Bound::at_most, value};
}
Goal ratio_at_most(double ratio) {
  return {Goal::Of::ratio, Goal::Bound::at_most, ratio};
}
Goal ratio_at_least(double ratio) {
  return {Goal::Of::ratio, Goal::Bound::at_least, ratio};
}

std::optional<bool> Figure::met() const {
  if (!goal) return std::nullopt;
  const double held = goal->of == Goal::Of::ratio ? ratio() : value;
  return goal->bound == Goal::Bound::at_most ? held <= goal->limit : held >= goal->limit;
}

void print(const std::string& bench, const std::vector<Figure>& figures, bool json) {
  if (json) {
    std::string results;
    for (const auto& figure : figures) results += (results.empty() ? "" : ",") + json_of(figure);
    fmt::print("{{\"bench\":{},\"results\":[{}]}}\n", json_quote(bench), results);
    return;
  }
  for (const auto& figure : figures)
    fmt::print("{:<52} {:>10.4g} {:<10} {:>10.4g} {:<36} {:>7.2f}  {:<14} {}\n", figure.name, figure.value, figure.unit,
               figure.baseline, figure.baseline_is, figure.ratio(),
               figure.goal ? text_of(*figure.goal, figure.unit) : "", verdict(figure.met()));
}

double quantile(std::vector<double> values, double share) {
  std::sort(values.begin(), values.end());
  const auto at = static_cast<std::size_t>(std::floor(share * static_cast<double>(values.size())));
  return values[std::min(at, values.size() - 1)];
}

}  // namespace visitor::bench
