#pragma once

#include <algorithm>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/json_views.hpp"
#include "daemon/api/cursor.hpp"
#include "daemon/api/route.hpp"

/// Answers out of rows.
namespace visitor::api {

/// Which part of a list is asked for.
struct Wanted {
  bool by_cursor = false;
  int size = kPageSize;
  int page = 1;                   ///< not by cursor
  std::optional<Position> after;  ///< by cursor; nothing: from the beginning

  int offset() const { return by_cursor ? 0 : (page - 1) * size; }
  /// One more than is shown, to see whether there is more.
  int limit() const { return size + 1; }
};
/// \throws Refusal invalid_value  both page and cursor, or no cursor that was handed out
Wanted wanted(const Call& call);

/// ref: the one thing that people call so.
Field reference();

/// What a list that is all there may be ordered by: any of \p keys, and with a minus before it the other way round;
/// what the first leaves equal is ordered by the next.
Field ordering(const std::vector<std::string>& keys, std::string fallback);
/// What a list may be ordered by that the database gives page by page: \p key alone. What is equal in it is in the
/// order of numbers, which may be said, too: "-expected_from,-id".
Field ordering_by(const std::string& key, std::string fallback);
/// Of ordering_by(): whether the order that is asked for begins with the least; nothing is asked for: whether \p
/// fallback does.
bool ascending(const Call& call, std::string_view fallback);

/// \p elements are one too many where there is more.
/// \param count  of all, where it is known
/// \param last   position of the last element that is shown; by cursor only
/// \throws Refusal not_found  the page lies behind the last one
Answer answer_list(const Call& call, const Wanted& wanted, std::vector<std::string> elements,
                   std::optional<std::int64_t> count, const std::optional<Position>& last);

/// With no more than the members that are asked for.
std::string chosen(const Call& call, std::string object);

template <class T>
std::string to_json(const T& value) {
  app::JsonWriter json{app::JsonWriter::Layout::line};
  write(json, value);
  auto out = json.take();
  out.pop_back();  // the line feed
  return out;
}

template <class T>
Answer one(const Call& call, const T& value, std::optional<int> version = {}) {
  return {chosen(call, to_json(value)), version};
}

/// What a list that is all there may be ordered by.
template <class T>
struct Order {
  std::string_view key;
  bool (*less)(const T&, const T&);
};

/// A page of a list that is all there.
/// \param orders  each key of the route's ordering()
template <class T>
Answer page_of(const Call& call, std::vector<T> rows, std::initializer_list<Order<T>> orders = {}) {
  const auto what = wanted(call);
  const auto wishes = call.query.texts("ordering");
  for (auto wish = wishes.rbegin(); wish != wishes.rend(); ++wish) {
    for (const auto& order : orders) {
      if (*wish == order.key)
        std::ranges::stable_sort(rows, order.less);
      else if (wish->starts_with('-') && std::string_view{*wish}.substr(1) == order.key)
        std::ranges::stable_sort(rows, [&](const T& a, const T& b) { return order.less(b, a); });
    }
  }
  const auto begin = std::min(rows.size(), static_cast<std::size_t>(what.offset()));
  const auto end = std::min(rows.size(), begin + static_cast<std::size_t>(what.limit()));
  std::vector<std::string> elements;
  for (auto i = begin; i < end; ++i) elements.push_back(to_json(rows[i]));
  return answer_list(call, what, std::move(elements), static_cast<std::int64_t>(rows.size()), {});
}

/// A page of a list as the database gave it.
/// \param rows      up to Wanted::limit()
/// \param position  of a row
template <class T, class PositionOf>
Answer rows_of(const Call& call, const Wanted& what, const std::vector<T>& rows, std::optional<std::int64_t> count,
               PositionOf&& position) {
  std::vector<std::string> elements;
  for (const auto& row : rows) elements.push_back(to_json(row));
  std::optional<Position> last;
  const auto size = static_cast<std::size_t>(what.size);
  if (what.by_cursor && rows.size() > size) last = position(rows[size - 1]);
  return answer_list(call, what, std::move(elements), count, last);
}

}  // namespace visitor::api
