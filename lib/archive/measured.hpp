#pragma once

#include <cstdint>
#include <string>

#include "archive/bytes.hpp"
#include "archive/sealing.hpp"
#include "archive/target.hpp"

namespace visitor::archive {

/// Counts and hashes what flows to the next.
class Measured final : public Sink {
 public:
  explicit Measured(Sink& next) : next_(next) {}
  void write(std::span<const std::byte> bytes) override {
    digest_.add(bytes);
    size_ += bytes.size();
    next_.write(bytes);
  }
  void finish() override { next_.finish(); }

  std::uint64_t size() const { return size_; }
  /// Once, at the end.
  std::string digest() { return digest_.finish(); }

 private:
  Sink& next_;
  Digest digest_;
  std::uint64_t size_ = 0;
};

/// The end of a chain: an object of a target.
class UploadSink final : public Sink {
 public:
  explicit UploadSink(Upload& upload) : upload_(upload) {}
  void write(std::span<const std::byte> bytes) override { upload_.write(bytes); }
  void finish() override { upload_.commit(); }

 private:
  Upload& upload_;
};

}  // namespace visitor::archive
