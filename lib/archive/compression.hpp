#pragma once

#include <memory>
#include <vector>

#include "archive/bytes.hpp"

namespace visitor::archive {

/// zstd, level 3, with as many threads as there are cores (four at most, so that memory stays bounded), and a checksum
/// of its own. Source: zstd manual, "Advanced streaming API".
class CompressingSink final : public Sink {
 public:
  explicit CompressingSink(Sink& next);
  ~CompressingSink() override;
  void write(std::span<const std::byte> bytes) override;
  void finish() override;

 private:
  struct State;
  std::unique_ptr<State> state_;
  Sink& next_;
  std::vector<std::byte> out_;
};

class DecompressingSource final : public Source {
 public:
  explicit DecompressingSource(Source& from);
  ~DecompressingSource() override;
  /// \throws Error integrity  the data are damaged or cut off, or would need more memory than ours ever do
  std::size_t read(std::span<std::byte> to) override;

 private:
  struct State;
  std::unique_ptr<State> state_;
  Source& from_;
  std::vector<std::byte> in_;
  std::size_t taken_ = 0;
  std::size_t have_ = 0;
  bool frame_open_ = true;
  bool source_ended_ = false;
};

}  // namespace visitor::archive
