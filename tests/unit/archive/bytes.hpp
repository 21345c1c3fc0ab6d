#pragma once

#include <algorithm>
#include <cstring>
#include <string>
#include <string_view>

#include "archive/bytes.hpp"

namespace visitor::test {

/// Keeps what it is given.
class Collected final : public archive::Sink {
 public:
  void write(std::span<const std::byte> bytes) override {
    text.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  }
  void finish() override { finished = true; }

  std::string text;
  bool finished = false;
};

/// Gives a text in pieces of a few bytes, as a network does.
class Pieces final : public archive::Source {
 public:
  explicit Pieces(std::string_view text, std::size_t piece = 1000) : text_(text), piece_(piece) {}
  std::size_t read(std::span<std::byte> to) override {
    const auto count = std::min({to.size(), text_.size(), piece_});
    std::memcpy(to.data(), text_.data(), count);
    text_.remove_prefix(count);
    return count;
  }

 private:
  std::string_view text_;
  std::size_t piece_;
};

inline std::string all_of(archive::Source& source) {
  std::string text(std::size_t{64} << 10, '\0');
  std::string out;
  while (const auto got = source.read(std::as_writable_bytes(std::span{text}))) out.append(text, 0, got);
  return out;
}

}  // namespace visitor::test
