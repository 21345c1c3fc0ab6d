#pragma once

#include <optional>
#include <string>
#include <vector>

namespace visitor::bench {

/// What a figure is held to. It is printed and judged, and nothing fails by it: figures depend on the machine and on
/// what else it does.
struct Goal {
  enum class Of { value, ratio };
  enum class Bound { at_most, at_least };
  Of of = Of::value;
  Bound bound = Bound::at_most;
  double limit = 0;
};
Goal at_most(double value);
Goal ratio_at_most(double ratio);
Goal ratio_at_least(double ratio);

/// One line of the table.
struct Figure {
  std::string name;  ///< "first page of 'visit list'"
  double value = 0;
  std::string unit;         ///< "ms", "events/s"
  double baseline = 0;      ///< of the same run, in the same unit
  std::string baseline_is;  ///< "the same on an empty database"
  std::optional<Goal> goal{};

  double ratio() const { return baseline == 0 ? 0 : value / baseline; }
  /// Without a goal, nothing.
  std::optional<bool> met() const;
};

/// \p figures on standard output: a table, or for tests/bench/run one JSON object
/// {"bench","results":[{"figure","value","unit","baseline","baseline_is","ratio","goal","met"}]}.
void print(const std::string& bench, const std::vector<Figure>& figures, bool json);

/// \p values is not empty. \param share  0.5 for the median, 1 for the largest
double quantile(std::vector<double> values, double share);
inline double median(std::vector<double> values) {
  return quantile(std::move(values), 0.5);
}

}  // namespace visitor::bench
