#pragma once

#include <string>
#include <vector>

#include "app/alert_routing.hpp"
#include "app/digests.hpp"
#include "app/json_views.hpp"
#include "app/silences.hpp"
#include "cli/json_writer.hpp"
#include "cli/table.hpp"
#include "store/alerts.hpp"

/// How routing and silences look; the rest stands in cli/views.hpp.
namespace visitor::cli {

/// What became of an alert, and what routing would make of it now.
struct AlertExplained {
  store::AlertLedger ledger;
  app::RouteTest test;
};

void write(JsonWriter& json, const app::RouteTest& test);
void write(JsonWriter& json, const AlertExplained& explained);
void write(JsonWriter& json, const app::DigestSent& sent);

/// Routes, then who gets it and who does not.
Table route_table(const app::RouteTest& test);
/// Deliveries, then who else got nothing.
Table explain_table(const AlertExplained& explained);
Table silence_table(const std::vector<app::SilenceListed>& rows, Instant now, const std::string& time_zone);

/// A silence and what it would have held back.
struct SilenceShown {
  app::SilenceListed listed;
  app::SilencePreview preview;
};
void write(JsonWriter& json, const SilenceShown& shown);

}  // namespace visitor::cli
