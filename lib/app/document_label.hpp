#pragma once

#include <string_view>

namespace visitor::app {

/// What document numbers of guests are sealed and looked up under (core/vault.hpp).
inline constexpr std::string_view kDocumentLabel = "guest.document";

}  // namespace visitor::app
