#pragma once

#include <string>

#include "core/instant.hpp"
#include "domain/names.hpp"
#include "domain/roll_call.hpp"

namespace visitor::report {

struct RollLayout {
  domain::Language language = domain::Language::english;
  bool pages = false;  ///< pages of 60 lines, each with a heading, with form feeds between them
};

/// The roll call for paper: lines of at most 80 columns, a box to tick before each person, telephone numbers never cut.
/// Times are those of each site.
/// \param printed_at  when; a snapshot is said to be older by as much
std::string roll_call_text(const domain::RollCall& roll, Instant printed_at, const RollLayout& layout = {});

}  // namespace visitor::report
