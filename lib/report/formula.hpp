#pragma once

#include <string_view>

namespace visitor::report {

/// Whether a spreadsheet that opens a CSV file would take \p text for a formula: it begins with = + - @, one of their
/// full-width forms, a tab or a carriage return, and is neither a number nor a telephone number.
/// Source: OWASP, "CSV Injection".
bool looks_like_formula(std::string_view text);

}  // namespace visitor::report
