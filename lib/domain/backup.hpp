#pragma once

#include <cstdint>
#include <string>

#include "domain/figures.hpp"
#include "domain/names.hpp"

namespace visitor::domain {

/// How deeply a backup is looked at.
enum class VerifyLevel {
  quick,   ///< manifest and hashes of what is stored
  full,    ///< decrypted, and every table's rows counted and compared
  restore  ///< restored into a database of its own, and compared there
};

template <>
std::span<const Name<VerifyLevel>> names();

/// "3.0 GiB".
std::string bytes_words(std::int64_t bytes, Language language);

/// What is wrong with backups, from the figures of app::assess_backups: "the last backup failed". Figures may be
/// missing in incidents of older versions.
std::string backup_words(const Figures& figures, Language language);

/// The same as the sentence of an incident: "Backups: the last backup failed.".
std::string backup_summary(const Figures& figures, Language language);

}  // namespace visitor::domain
