#pragma once

#include <functional>
#include <string_view>

#include "core/error.hpp"

namespace visitor::test {

/// For BOOST_CHECK_EXCEPTION(…, Error, has_code(Errc::conflict)).
inline std::function<bool(const Error&)> has_code(Errc code) {
  return [code](const Error& error) { return error.code() == code; };
}

/// The same, and the message holds \p text.
inline std::function<bool(const Error&)> says(Errc code, std::string_view text) {
  return [code, text](const Error& error) {
    return error.code() == code && error.message().find(text) != std::string_view::npos;
  };
}

}  // namespace visitor::test
