#pragma once

#include "domain/names.hpp"

namespace visitor::domain {

template <>
std::span<const Name<Language>> names();  // "en", "ru"

}  // namespace visitor::domain
