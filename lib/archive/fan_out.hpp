#pragma once

#include <exception>
#include <memory>
#include <string>
#include <vector>

#include "archive/bytes.hpp"
#include "archive/target.hpp"

namespace visitor::archive {

/// Writes one object to several targets at once, each in a thread of its own, so that a slow one costs no more than its
/// own time. A target that fails is left out; the others go on.
///
/// Two MiB at most wait for each target.
class FanOut final : public Sink {
 public:
  FanOut(const std::vector<Target*>& targets, const std::string& name);
  /// Without finish(): every upload is given up.
  ~FanOut() override;

  /// \throws  what the last of the targets has thrown, once none is left
  void write(std::span<const std::byte> bytes) override;
  /// Returns when each target has the whole object, or has failed. Throws nothing for those.
  void finish() override;

  /// What went wrong at that target, in the order given; null where nothing did. After finish().
  std::exception_ptr failure(std::size_t index) const;

 private:
  class Lane;
  std::vector<std::unique_ptr<Lane>> lanes_;
};

}  // namespace visitor::archive
