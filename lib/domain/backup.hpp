#pragma once

#include "domain/names.hpp"

namespace visitor::domain {

/// How deeply a backup is looked at.
enum class VerifyLevel {
  quick,   ///< manifest and hashes of what is stored
  full,    ///< decrypted, and every table's rows counted and compared
  restore  ///< restored into a database of its own, and compared there
};

template <>
std::span<const Name<VerifyLevel>> names();

}  // namespace visitor::domain
