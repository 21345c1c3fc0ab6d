#pragma once

#include <cstddef>
#include <iterator>
#include <memory>
#include <optional>
#include <string_view>

#include "db/codec.hpp"

namespace visitor::db {

class Result;  // what the server sent; shared by its rows

/// One row of a result. Cheap to copy; stays valid after the transaction has ended.
///
/// Columns are read by name, and names are resolved once per statement: a look-up is one hash and one comparison.
class Row {
 public:
  Row(std::shared_ptr<const Result> result, std::size_t index) : result_(std::move(result)), index_(index) {}

  /// The value of \p column. db/codec.hpp lists the types; std::optional<T> for a column that may be NULL.
  /// \throws Error integrity  there is no such column or it is there twice, it is NULL and T is not an optional, its
  ///                          type is another one, or the number does not fit; the message names the column
  template <class T>
  T get(std::string_view column) const {
    return Read<T>::from(cell(column));
  }
  /// \throws Error integrity  there is no such column
  bool is_null(std::string_view column) const { return cell(column).null; }

  /// The value as it came, viewing into this row's result.
  Cell cell(std::string_view column) const;

  /// Where \p column stands in every row of the statement: for whoever reads many.
  /// \throws Error integrity  there is no such column, or it is there twice
  std::size_t position(std::string_view column) const;
  /// \param position  of position(), of a row of the same statement
  Cell cell_at(std::size_t position) const;

 private:
  template <class T>
  struct Read {
    static T from(const Cell& cell) {
      if (cell.null) detail::refuse_null(cell);
      return Codec<T>::decode(cell);
    }
  };
  template <class T>
  struct Read<std::optional<T>> {
    static std::optional<T> from(const Cell& cell) {
      if (cell.null) return std::nullopt;
      return Codec<T>::decode(cell);
    }
  };

  std::shared_ptr<const Result> result_;
  std::size_t index_;
};

/// All rows of a result, in the server's order; may be empty. Held in memory: for what may be big there is
/// Transaction::for_each.
class Rows {
 public:
  explicit Rows(std::shared_ptr<const Result> result);

  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  /// \param index  below size()
  Row operator[](std::size_t index) const { return {result_, index}; }

  class Iterator {
   public:
    using iterator_category = std::input_iterator_tag;
    using value_type = Row;
    using difference_type = std::ptrdiff_t;
    using pointer = const Row*;
    using reference = Row;

    Iterator(const Rows* rows, std::size_t index) : rows_(rows), index_(index) {}
    Row operator*() const { return (*rows_)[index_]; }
    Iterator& operator++() {
      ++index_;
      return *this;
    }
    void operator++(int) { ++index_; }
    bool operator==(const Iterator&) const = default;

   private:
    const Rows* rows_;
    std::size_t index_;
  };
  Iterator begin() const { return {this, 0}; }
  Iterator end() const { return {this, size_}; }

 private:
  std::shared_ptr<const Result> result_;
  std::size_t size_;
};

}  // namespace visitor::db
