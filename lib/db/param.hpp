#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "db/codec.hpp"

namespace visitor::db {

/// The parameters $1, $2, … of one statement, already in binary form. db/codec.hpp lists the types.
///
/// Stores do not name this class: Transaction's calls take the values themselves.
class Params {
 public:
  template <class... Args>
  static Params of(const Args&... args) {
    Params params;
    params.slots_.reserve(sizeof...(args));
    (params.add(args), ...);
    return params;
  }

  template <class T>
  void add(const T& value) {
    if constexpr (std::is_same_v<T, std::nullptr_t>)
      slots_.push_back({0, kNull, bytes_.size()});
    else if constexpr (std::is_convertible_v<const T&, std::string_view>)
      put<std::string_view>(value);
    else
      put<T>(value);
  }
  template <class T>
  void add(const std::optional<T>& value) {
    if (value)
      add(*value);
    else
      slots_.push_back({Codec<T>::kType, kNull, bytes_.size()});
  }

  struct Slot {
    TypeId type;
    std::int64_t length;  ///< kNull, or bytes from offset on
    std::size_t offset;
  };
  static constexpr std::int64_t kNull = -1;

  const std::vector<Slot>& slots() const { return slots_; }
  const char* data(const Slot& slot) const { return slot.length == kNull ? nullptr : bytes_.data() + slot.offset; }

 private:
  template <class T>
  void put(const T& value) {
    const auto offset = bytes_.size();
    Codec<T>::encode(bytes_, value);
    slots_.push_back({Codec<T>::kType, static_cast<std::int64_t>(bytes_.size() - offset), offset});
  }

  std::string bytes_;
  std::vector<Slot> slots_;
};

}  // namespace visitor::db
