#pragma once

#include <cstdint>
#include <memory>
#include <stop_token>
#include <string_view>

#include "archive/target.hpp"
#include "config/settings.hpp"
#include "core/clock.hpp"

namespace visitor::app {

/// What [[s3]] says about the bucket of \p url; defaults for others, and for file targets.
archive::TargetOptions backup_target_options(const config::Settings& settings, std::string_view url);

/// The target of backups at \p url, spoken to as the settings say.
/// \param expected_bytes  as archive::TargetOptions has it
/// \throws Error  as archive::open_target
std::unique_ptr<archive::Target> open_backup_target(const config::Settings& settings, std::string_view url,
                                                    const Clock& clock, std::stop_token stop = {},
                                                    std::uint64_t expected_bytes = 0);

}  // namespace visitor::app
