#pragma once

#include <string>

#include "app/work.hpp"
#include "core/zone.hpp"

/// When a [[report]] is due, and what its file is called.
namespace visitor::app {

/// Of its schedule: its time_zone, else that of its site, else that of the first site, else UTC. Never fails: a site
/// that is not there is for the making to complain about.
Zone report_zone(const Work& work, const config::Settings::Report& report);

/// "07:00 monday,first Asia/Almaty": another text where it is due at other moments.
std::string schedule_text(const config::Settings::Report& report, const Zone& zone);

/// The newest moment up to \p now at which it fell due, and the first one after it. Where the clock goes forward over
/// the time of day, the moment of the change; where that time comes twice, the first.
Instant report_due_since(const config::Settings::Report& report, const Zone& zone, Instant now);
Instant next_report_after(const config::Settings::Report& report, const Zone& zone, Instant now);

/// "week-2026-11-23.xlsx".
std::string report_file_name(const config::Settings::Report& report, const Zone& zone, Instant due);

}  // namespace visitor::app
