#pragma once

#include <filesystem>

namespace visitor::test {

/// Fixture: a folder of the test's own, which only its owner may enter; removed with everything in it.
struct TemporaryFolder {
  std::filesystem::path path;

  /// \throws std::system_error  it cannot be made
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
};

}  // namespace visitor::test
