#pragma once

#include <memory>
#include <string>

namespace visitor::test {

/// Fixture: holds what is logged while it lives, a line each with its level first: "warning loop a: …". Nothing of it
/// is written elsewhere.
class CapturedLog {
 public:
  CapturedLog();
  ~CapturedLog();
  CapturedLog(const CapturedLog&) = delete;
  CapturedLog& operator=(const CapturedLog&) = delete;

  /// Also while others log.
  std::string text() const;
  /// What has come since the last call.
  std::string take();
  /// How often \p words stand in it.
  int count(const std::string& words) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace visitor::test
