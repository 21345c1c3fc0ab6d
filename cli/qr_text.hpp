#pragma once

#include <cstddef>
#include <string>

#include "report/qr_code.hpp"

namespace visitor::cli {

/// \p code for a terminal: two rows of modules to a line in half blocks, with its border. Says black and white in so
/// many words, so that it can be read whatever the colours of the terminal are.
std::string qr_text(const report::QrCode& code);

/// How many columns that takes.
std::size_t qr_columns(const report::QrCode& code);

}  // namespace visitor::cli
