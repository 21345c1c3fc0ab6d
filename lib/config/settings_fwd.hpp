#pragma once

/// For headers that only hand settings on: what stands in config/settings.hpp changes with every option.
namespace visitor::config {
struct Settings;
}
