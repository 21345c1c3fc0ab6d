#pragma once

#include "app/json_writer.hpp"
#include "app/silences.hpp"

/// How what a silence would have held back looks in JSON; the silence itself stands in app/json_views.hpp.
namespace visitor::app {

void write(JsonWriter& json, const SilencePreview& preview);

}  // namespace visitor::app
