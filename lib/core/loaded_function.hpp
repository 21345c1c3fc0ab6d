#pragma once

#include <atomic>

namespace visitor {

/// A function of a library that is loaded by the first call, and is called as if it were linked.
///
/// For libraries that few commands need and that bring many others along: linked, all of them would be loaded at every
/// start.
///
/// \tparam find  gives the address of the function of that name, or throws
/// \tparam F     its type, "decltype(::PQclear)"
template <void* (*find)(const char*), class F>
class LoadedFunction;

template <void* (*find)(const char*), class R, class... A>
class LoadedFunction<find, R(A...)> {
 public:
  constexpr explicit LoadedFunction(const char* name) : name_(name) {}

  R operator()(A... arguments) const { return address()(arguments...); }

 private:
  using Pointer = R (*)(A...);
  Pointer address() const {
    auto* function = function_.load(std::memory_order_relaxed);
    if (function == nullptr) {
      function = reinterpret_cast<Pointer>(find(name_));
      function_.store(function, std::memory_order_relaxed);
    }
    return function;
  }

  const char* name_;
  mutable std::atomic<Pointer> function_ = nullptr;
};

/// One with an ellipsis: what is given for that must have the very type that the library wants there.
template <void* (*find)(const char*), class R, class... A>
class LoadedFunction<find, R(A..., ...)> {
 public:
  constexpr explicit LoadedFunction(const char* name) : name_(name) {}

  template <class... More>
  R operator()(A... arguments, More... more) const {
    return reinterpret_cast<R (*)(A..., ...)>(find(name_))(arguments..., more...);
  }

 private:
  const char* name_;
};

}  // namespace visitor
