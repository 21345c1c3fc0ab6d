#pragma once

#include <cstddef>
#include <span>

namespace visitor::archive {

/// Where bytes go to, one station after another: each holds on to the next.
class Sink {
 public:
  virtual ~Sink() = default;
  /// Takes all of \p bytes, or throws; after it has thrown nothing more may be written.
  virtual void write(std::span<const std::byte> bytes) = 0;
  /// Nothing more comes: what is still held is passed on, here and in all stations after this. Once.
  virtual void finish() = 0;
};

/// Where bytes come from.
class Source {
 public:
  virtual ~Source() = default;
  /// How many bytes were put into \p to: at least one, or 0 at the end (and for an empty \p to).
  virtual std::size_t read(std::span<std::byte> to) = 0;
};

/// Reads until \p to is full or the source ends. \returns how many bytes there are
inline std::size_t read_full(Source& source, std::span<std::byte> to) {
  std::size_t have = 0;
  while (have < to.size()) {
    const auto got = source.read(to.subspan(have));
    if (got == 0) break;
    have += got;
  }
  return have;
}

}  // namespace visitor::archive
