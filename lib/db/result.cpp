#include <fmt/format.h>

#include "core/error.hpp"
#include "db/pq.hpp"
#include "db/row.hpp"

namespace visitor::db {

namespace {

/// A few of its letters are enough: there are some dozens of names at most, and they are compared in the end.
std::size_t hash_of(std::string_view name) {
  if (name.empty()) return 0;
  const auto at = [name](std::size_t i) { return static_cast<std::size_t>(static_cast<unsigned char>(name[i])); };
  const auto size = name.size();
  return size + at(0) * 3 + at(size / 2) * 5 + at(size - 1) * 17 + at(size - 1 - size / 4) * 29;
}

}  // namespace

Columns::Columns(const PGresult& result) {
  const int count = PQnfields(&result);
  std::size_t capacity = 4;
  while (capacity < static_cast<std::size_t>(count) * 2) capacity *= 2;
  slots_.assign(capacity, kAbsent);
  twice_.assign(static_cast<std::size_t>(count), false);
  names_.reserve(static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i) {
    names_.emplace_back(PQfname(&result, i));
    auto at = hash_of(names_.back()) & (capacity - 1);
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
  for (auto at = hash_of(name) & mask; slots_[at] != kAbsent; at = (at + 1) & mask) {
    const auto index = static_cast<std::size_t>(slots_[at]);
    if (names_[index] == name) return twice_[index] ? kTwice : static_cast<int>(index);
  }
  return kAbsent;
}

std::size_t Result::position(std::string_view column) const {
  const int index = columns_->find(column);
  if (index < 0)
    throw Error(Errc::integrity, fmt::format("the result has {} column '{}'",
                                             index == Columns::kTwice ? "more than one" : "no", column));
  return static_cast<std::size_t>(index);
}

Cell Result::cell(std::size_t row, std::size_t position) const {
  const int line = static_cast<int>(row);
  const int index = static_cast<int>(position);
  const auto* pg = result_.get();
  return {{PQgetvalue(pg, line, index), static_cast<std::size_t>(PQgetlength(pg, line, index))},
          PQftype(pg, index),
          PQgetisnull(pg, line, index) != 0,
          columns_->name(position)};
}

Cell Row::cell(std::string_view column) const {
  return result_->cell(index_, result_->position(column));
}

std::size_t Row::position(std::string_view column) const {
  return result_->position(column);
}

Cell Row::cell_at(std::size_t position) const {
  return result_->cell(index_, position);
}

Rows::Rows(std::shared_ptr<const Result> result) : result_(std::move(result)), size_(result_->size()) {}

}  // namespace visitor::db
