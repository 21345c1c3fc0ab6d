#pragma once

#include <filesystem>
#include <memory>

#include "archive/target.hpp"

namespace visitor::archive {

/// Objects as files below \p folder, which has to be there: an empty mount point would else take backups that the disk
/// never sees.
///
/// Files have mode 0600, folders 0700. An upload writes to ".upload-…" beside its future name, which is locked while
/// somebody writes; commit is fsync, rename, and fsync of the folders.
std::unique_ptr<Target> open_file_target(const std::filesystem::path& folder, const TargetOptions& options);

}  // namespace visitor::archive
