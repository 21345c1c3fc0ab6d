#pragma once

#include <span>
#include <string_view>

namespace visitor::auth {

/// What is tried first by whoever guesses, in lower case and in order: words, names, rows of keys (also of the Russian
/// keyboard), digits, and what this product and its neighbours call themselves.
std::span<const std::string_view> common_passwords();

}  // namespace visitor::auth
