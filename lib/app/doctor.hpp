#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/health.hpp"
#include "app/work.hpp"
#include "core/error.hpp"

/// What is wrong with an installation, why, and what mends it. The judgement of health stands in app/health; this adds
/// what only a person can do something about.
namespace visitor::app {

/// One thing that was looked at.
struct Diagnosis {
  std::string area;  ///< config, time_zones, state, master_key, database, disk, daemon, jobs, outbox, reports,
                     ///< terminals, clocks, backlog, gaps, doors
  CheckStatus status = CheckStatus::ok;
  std::string code;  ///< stable word for what is wrong, "ok" where nothing is; neither names nor addresses
  std::string what;
  std::string why;   ///< empty where nothing is wrong
  std::string mend;  ///< a command, or a sentence that names one; empty where nothing is wrong
  std::optional<TerminalId> terminal;
};

/// \p error as what is wrong with \p area.
Diagnosis diagnosis_of(const Error& error, std::string_view area, std::string_view code);

/// State directory and master key, as the user who runs this sees them.
/// \param settings  those of an Instance
std::vector<Diagnosis> diagnose_place(const config::Settings& settings);

/// Whether the time zones of all sites are known to the system.
Diagnosis diagnose_zones(const Work& work);

/// Everything else, at least one for each area.
/// \param health  the five checks, with what the database says
/// \param house   of the same moment
std::vector<Diagnosis> diagnose_house(const Work& work, const Health& health, const HouseFacts& house);

/// The worst one; unknown is between warning and critical.
CheckStatus worst(const std::vector<Diagnosis>& diagnoses);

}  // namespace visitor::app
