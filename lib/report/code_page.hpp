#pragma once

#include <string>
#include <string_view>

namespace visitor::report {

/// Appends \p text, which is well-formed UTF-8, in Windows-1251 to \p out; "?" for each character that it lacks.
/// \returns whether there was none such
bool put_windows_1251(std::string& out, std::string_view text);

}  // namespace visitor::report
