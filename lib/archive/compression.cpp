#include "archive/compression.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <new>
#include <thread>

#include "archive/zstd.hpp"
#include "core/error.hpp"

namespace visitor::archive {
namespace {

constexpr int kLevel = 3;
constexpr int kMostWorkers = 4;
// What one thread takes at a time. The default of four windows (8 MiB) would take twice the memory for a size that
// differs by less than a percent.
constexpr int kJobBytes = 4 << 20;
constexpr int kLargestWindowLog = 23;
constexpr std::size_t kBuffer = std::size_t{256} << 10;

std::size_t checked(std::size_t result, const char* doing, Errc code) {
  if (ZSTD_isError(result) != 0U) throw Error(code, fmt::format("{}: {}", doing, ZSTD_getErrorName(result)));
  return result;
}

}  // namespace

struct CompressingSink::State {
  ZSTD_CCtx* context = ZSTD_createCCtx();
  State() {
    if (context == nullptr) throw std::bad_alloc();
  }
  ~State() { ZSTD_freeCCtx(context); }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  void set(ZSTD_cParameter parameter, int value) {
    checked(ZSTD_CCtx_setParameter(context, parameter, value), "cannot set up zstd", Errc::failed);
  }
};

CompressingSink::CompressingSink(Sink& next) : state_(std::make_unique<State>()), next_(next), out_(kBuffer) {
  const auto cores = static_cast<int>(std::thread::hardware_concurrency());
  state_->set(ZSTD_c_compressionLevel, kLevel);
  state_->set(ZSTD_c_checksumFlag, 1);
  state_->set(ZSTD_c_nbWorkers, std::clamp(cores, 1, kMostWorkers));
  state_->set(ZSTD_c_jobSize, kJobBytes);
}

CompressingSink::~CompressingSink() = default;

void CompressingSink::write(std::span<const std::byte> bytes) {
  ZSTD_inBuffer in{bytes.data(), bytes.size(), 0};
  while (in.pos < in.size) {
    ZSTD_outBuffer out{out_.data(), out_.size(), 0};
    checked(ZSTD_compressStream2(state_->context, &out, &in, ZSTD_e_continue), "cannot compress", Errc::failed);
    if (out.pos > 0) next_.write(std::span{out_}.first(out.pos));
  }
}

void CompressingSink::finish() {
  ZSTD_inBuffer in{nullptr, 0, 0};
  for (;;) {
    ZSTD_outBuffer out{out_.data(), out_.size(), 0};
    const auto left =
        checked(ZSTD_compressStream2(state_->context, &out, &in, ZSTD_e_end), "cannot compress", Errc::failed);
    if (out.pos > 0) next_.write(std::span{out_}.first(out.pos));
    if (left == 0) break;
  }
  next_.finish();
}

struct DecompressingSource::State {
  ZSTD_DCtx* context = ZSTD_createDCtx();
  State() {
    if (context == nullptr) throw std::bad_alloc();
  }
  ~State() { ZSTD_freeDCtx(context); }
  State(const State&) = delete;
  State& operator=(const State&) = delete;
};

DecompressingSource::DecompressingSource(Source& from) : state_(std::make_unique<State>()), from_(from), in_(kBuffer) {
  checked(ZSTD_DCtx_setParameter(state_->context, ZSTD_d_windowLogMax, kLargestWindowLog), "cannot set up zstd",
          Errc::failed);
}

DecompressingSource::~DecompressingSource() = default;

std::size_t DecompressingSource::read(std::span<std::byte> to) {
  if (to.empty()) return 0;
  for (;;) {
    if (taken_ == have_ && !source_ended_) {
      have_ = from_.read(in_);
      taken_ = 0;
      source_ended_ = have_ == 0;
    }
    if (!frame_open_) {
      if (taken_ < have_) throw Error(Errc::integrity, "something was added after the end of the compressed data");
      if (source_ended_) return 0;
      continue;
    }
    ZSTD_inBuffer in{in_.data(), have_, taken_};
    ZSTD_outBuffer out{to.data(), to.size(), 0};
    const auto left =
        checked(ZSTD_decompressStream(state_->context, &out, &in), "the compressed data are damaged", Errc::integrity);
    const bool moved = in.pos != taken_ || out.pos != 0;
    taken_ = in.pos;
    frame_open_ = left != 0;
    if (out.pos > 0) return out.pos;
    if (source_ended_ && frame_open_ && !moved) throw Error(Errc::integrity, "the compressed data end too early");
  }
}

}  // namespace visitor::archive
