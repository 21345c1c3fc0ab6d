#pragma once

#include <memory>

#include "archive/target.hpp"

namespace visitor::app {

/// A target whose data have one bit flipped in the middle when they are read: shows that a check would notice. Nothing
/// at the target itself is touched; what would write is refused.
class SabotagedTarget final : public archive::Target {
 public:
  /// \param size  of the object whose middle is flipped; the others are read as they are
  SabotagedTarget(archive::Target& real, std::uint64_t size) : real_(real), at_(size / 2) {}

  std::string_view address() const override { return real_.address(); }
  std::unique_ptr<archive::Upload> put(std::string_view name) override;
  std::unique_ptr<archive::Download> get(std::string_view name, std::uint64_t from = 0) override;
  std::vector<archive::ObjectInfo> list(std::string_view prefix) override { return real_.list(prefix); }
  void remove(std::string_view name) override;
  std::size_t sweep(Instant) override { return 0; }

 private:
  archive::Target& real_;
  std::uint64_t at_;
};

}  // namespace visitor::app
