#include <fmt/format.h>

#include <functional>

#include "core/error.hpp"
#include "db/pq.hpp"
#include "db/row.hpp"

namespace visitor::db {

Columns::Columns(const PGresult& result) {
  const int count = PQnfields(&result);
  std::size_t capacity = 4;
  while (capacity < static_cast<std::size_t>(count) * 2) capacity *= 2;
  slots_.assign(capacity, kAbsent);
  twice_.assign(static_cast<std::size_t>(count), false);
  names_.reserve(static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i) {
    names_.emplace_back(PQfname(&result, i));
    auto at = std::hash<std::string_view>{}(names_.back()) & (capacity - 1);
    while (slots_[at] != kAbsent && names_[static_cast<std::size_t>(slots_[at])] != names_.back())
      at = (at + 1) & (capacity - 1);
    if (slots_[at] == kAbsent)
      slots_[at] = static_cast<std::int16_t>(i);
    else
      twice_[static_cast<std::size_t>(slots_[at])] = true;
  }
}

int Columns::find(std::string_view name) const {
  const auto mask = slots_.size() - 1;
  for (auto at = std::hash<std::string_view>{}(name)&mask; slots_[at] != kAbsent; at = (at + 1) & mask) {
    const auto index = static_cast<std::size_t>(slots_[at]);
    if (names_[index] == name) return twice_[index] ? kTwice : static_cast<int>(index);
  }
  return kAbsent;
}

Cell Result::cell(std::size_t row, std::string_view column) const {
  const int index = columns_->find(column);
  if (index < 0)
    throw Error(Errc::integrity, fmt::format("the result has {} column '{}'",
                                             index == Columns::kTwice ? "more than one" : "no", column));
  const int line = static_cast<int>(row);
  const auto* pg = result_.get();
  return {{PQgetvalue(pg, line, index), static_cast<std::size_t>(PQgetlength(pg, line, index))},
          PQftype(pg, index),
          PQgetisnull(pg, line, index) != 0,
          column};
}

Cell Row::cell(std::string_view column) const {
  return result_->cell(index_, column);
}

Rows::Rows(std::shared_ptr<const Result> result) : result_(std::move(result)), size_(result_->size()) {}

}  // namespace visitor::db
