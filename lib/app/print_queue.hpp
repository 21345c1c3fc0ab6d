#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "domain/badge.hpp"

/// Printers, through the programs lp and lpstat of CUPS, which are searched in PATH.
namespace visitor::app {

/// Hands a badge to the queue of a printer. ZPL goes as it is, past the filters.
/// \param printer  as config::wrong_printer allows
/// \returns the job as the queue names it: "FRONTDESK-17"
/// \throws Error delivery  the queue does not take it, and why
/// \throws Error failed    lp cannot be run
std::string send_to_printer(const std::string& printer, const std::string& bytes, domain::BadgeFormat format,
                            const std::string& title);

/// What became of a job.
struct PrintFate {
  domain::BadgeState state = domain::BadgeState::sent;  ///< sent, completed or failed
  std::string problem;                                  ///< of a failure
};
/// Nothing where the queue does not know the job (any more), or does not answer.
std::optional<PrintFate> fate_of_job(const std::string& printer, const std::string& job);

/// What `lpstat -l -W all -o` says of \p job.
std::optional<PrintFate> parse_print_fate(std::string_view listing, std::string_view job);

}  // namespace visitor::app
