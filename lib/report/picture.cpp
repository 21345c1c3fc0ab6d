#include "report/picture.hpp"

#include <fmt/format.h>
#include <turbojpeg.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

#include "core/error.hpp"
#include "core/loaded_library.hpp"
#include "domain/photo.hpp"
#include "report/cairo.hpp"

namespace visitor::report {
namespace {

constexpr std::int64_t kMostDots = 16'000'000;
/// A photo on a badge is drawn at 300 dots an inch, an inch or so wide.
constexpr int kEnoughSide = 600;

void* turbojpeg_function(const char* name) {
  static const LoadedLibrary library{"libturbojpeg.so.0", "the library that reads JPEG", "Install libturbojpeg0."};
  return library.function(name);
}

template <class F>
using TurbojpegFunction = LoadedFunction<turbojpeg_function, F>;
constinit const TurbojpegFunction<decltype(::tjInitDecompress)> init_decompress{"tjInitDecompress"};
constinit const TurbojpegFunction<decltype(::tjDecompressHeader3)> decompress_header{"tjDecompressHeader3"};
constinit const TurbojpegFunction<decltype(::tjDecompress2)> decompress{"tjDecompress2"};
constinit const TurbojpegFunction<decltype(::tjDestroy)> destroy{"tjDestroy"};
constinit const TurbojpegFunction<decltype(::tjGetErrorStr2)> error_text{"tjGetErrorStr2"};
constinit const TurbojpegFunction<decltype(::tjGetErrorCode)> error_code{"tjGetErrorCode"};

[[noreturn]] void refuse(const std::string& what, std::string_view how) {
  throw Error(Errc::usage, fmt::format("{} {}", what, how), "Store another one.");
}

/// Reads numbers of a TIFF, which says itself which end of them comes first; nothing beyond its end.
class Tiff {
 public:
  explicit Tiff(std::span<const std::byte> bytes) : bytes_(bytes) {
    const auto mark = number(0, 2).value_or(0);
    little_ = mark == 0x4949;
    known_ = (little_ || mark == 0x4D4D) && number(2, 2) == 42U;
  }
  /// Of the first directory; nothing where there is none that makes sense.
  std::optional<std::uint32_t> tag(std::uint32_t wanted) const {
    constexpr std::size_t kEntry = 12;
    const auto directory = known_ ? number(4, 4) : std::nullopt;
    const auto count = directory ? number(*directory, 2) : std::nullopt;
    for (std::size_t i = 0; count && i < *count; ++i) {
      const auto at = std::size_t{*directory} + 2 + i * kEntry;
      const auto found = number(at, 2);
      if (!found) return std::nullopt;
      if (*found == wanted) return number(at + 8, 2);
    }
    return std::nullopt;
  }

 private:
  std::optional<std::uint32_t> number(std::size_t at, std::size_t size) const {
    if (at > bytes_.size() || bytes_.size() - at < size) return std::nullopt;
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < size; ++i)
      value = value << 8U | std::to_integer<std::uint32_t>(bytes_[at + (little_ ? size - 1 - i : i)]);
    return value;
  }

  std::span<const std::byte> bytes_;
  bool little_ = false, known_ = false;
};

/// How a camera was held: 1 (upright) to 8. Source: Exif 2.3, 4.6.4, tag 274; JPEG segments as ITU-T T.81, B.1.1.
/// \param file  a JPEG that was looked at (domain::inspect_photo)
std::uint32_t orientation_of(std::span<const std::byte> file) {
  constexpr std::string_view kExif{"Exif\0\0", 6};
  constexpr std::uint32_t kOrientation = 274;
  const auto byte = [&](std::size_t at) { return std::to_integer<std::uint32_t>(file[at]); };
  for (std::size_t at = 2; at + 4 <= file.size();) {
    if (byte(at + 1) == 0xFF) {  // may fill up before a marker
      ++at;
      continue;
    }
    const auto marker = byte(at + 1);
    const std::size_t length = byte(at + 2) << 8U | byte(at + 3);
    if (marker == 0xDA || length < 2 || length > file.size() - at - 2) break;
    const auto content = file.subspan(at + 4, length - 2);
    if (marker == 0xE1 && content.size() > kExif.size() &&
        std::memcmp(content.data(), kExif.data(), kExif.size()) == 0) {
      const auto found = Tiff{content.subspan(kExif.size())}.tag(kOrientation).value_or(1);
      return found >= 1 && found <= 8 ? found : 1;
    }
    at += 2 + length;
  }
  return 1;
}

/// \p lying as it was seen.
Picture upright(Picture lying, std::uint32_t orientation) {
  if (orientation == 1) return lying;
  const int right = lying.width - 1, bottom = lying.height - 1;
  Picture picture{lying.width, lying.height, {}};
  if (orientation >= 5) std::swap(picture.width, picture.height);
  picture.dots.reserve(lying.dots.size());
  const auto from = [&](int x, int y) -> std::pair<int, int> {
    switch (orientation) {
      case 2:
        return {right - x, y};
      case 3:
        return {right - x, bottom - y};
      case 4:
        return {x, bottom - y};
      case 5:
        return {y, x};
      case 6:
        return {y, bottom - x};
      case 7:
        return {right - y, bottom - x};
      default:
        return {right - y, x};
    }
  };
  for (int y = 0; y < picture.height; ++y)
    for (int x = 0; x < picture.width; ++x) {
      const auto [column, row] = from(x, y);
      picture.dots.push_back(lying.dots[static_cast<std::size_t>(row) * static_cast<std::size_t>(lying.width) +
                                        static_cast<std::size_t>(column)]);
    }
  return picture;
}

Picture decode_jpeg(std::span<const std::byte> file, const std::string& what) {
  const auto destroyed = [](void* handle) { destroy(handle); };
  const std::unique_ptr<void, decltype(destroyed)> handle{init_decompress(), destroyed};
  if (!handle) throw Error(Errc::failed, "the JPEG library has no memory");
  const auto* data = reinterpret_cast<const unsigned char*>(file.data());
  Picture picture;
  int sampling = 0, colours = 0;
  const auto damaged = [&](int result) {
    // What it only warns of has all of its dots.
    if (result != 0 && error_code(handle.get()) != TJERR_WARNING)
      refuse(what, fmt::format("cannot be decoded: {}", error_text(handle.get())));
  };
  damaged(decompress_header(handle.get(), data, file.size(), &picture.width, &picture.height, &sampling, &colours));
  int divisor = 1;
  while (divisor < 8 && std::min(picture.width, picture.height) / (divisor * 2) >= kEnoughSide) divisor *= 2;
  picture.width = (picture.width + divisor - 1) / divisor;
  picture.height = (picture.height + divisor - 1) / divisor;
  picture.dots.resize(static_cast<std::size_t>(picture.width) * static_cast<std::size_t>(picture.height));
  // TJPF_BGRA is blue first, which is what the words of a little-endian machine begin with.
  damaged(decompress(handle.get(), data, file.size(), reinterpret_cast<unsigned char*>(picture.dots.data()),
                     picture.width, picture.width * 4, picture.height, TJPF_BGRA, TJFLAG_LIMITSCANS));
  return upright(std::move(picture), orientation_of(file));
}

struct Source {
  std::span<const std::byte> rest;
};

cairo_status_t read_from(void* closure, unsigned char* into, unsigned int count) {
  auto& rest = static_cast<Source*>(closure)->rest;
  if (rest.size() < count) return CAIRO_STATUS_READ_ERROR;
  std::memcpy(into, rest.data(), count);
  rest = rest.subspan(count);
  return CAIRO_STATUS_SUCCESS;
}

Picture decode_png(std::span<const std::byte> file, const std::string& what) {
  Source source{file};
  const auto destroyed = [](cairo_surface_t* surface) { cairo_surface_destroy(surface); };
  const std::unique_ptr<cairo_surface_t, decltype(destroyed)> loaded{
      cairo_image_surface_create_from_png_stream(read_from, &source), destroyed};
  if (const auto status = cairo_surface_status(loaded.get()); status != CAIRO_STATUS_SUCCESS)
    refuse(what, fmt::format("cannot be decoded: {}", cairo_status_to_string(status)));
  // Whatever format Cairo chose for it: painted onto one that is known.
  Picture picture{cairo_image_surface_get_width(loaded.get()), cairo_image_surface_get_height(loaded.get()), {}};
  const std::unique_ptr<cairo_surface_t, decltype(destroyed)> surface{
      cairo_image_surface_create(CAIRO_FORMAT_ARGB32, picture.width, picture.height), destroyed};
  auto* cairo = cairo_create(surface.get());
  cairo_set_source_surface(cairo, loaded.get(), 0, 0);
  cairo_paint(cairo);
  const auto status = cairo_status(cairo);
  cairo_destroy(cairo);
  if (status != CAIRO_STATUS_SUCCESS)
    throw Error(Errc::failed, fmt::format("cannot draw {}: {}", what, cairo_status_to_string(status)));
  cairo_surface_flush(surface.get());
  const auto stride = static_cast<std::size_t>(cairo_image_surface_get_stride(surface.get()));
  const auto* data = cairo_image_surface_get_data(surface.get());
  const auto row = static_cast<std::size_t>(picture.width);
  picture.dots.resize(row * static_cast<std::size_t>(picture.height));
  for (std::size_t y = 0; y < static_cast<std::size_t>(picture.height); ++y)
    std::memcpy(picture.dots.data() + y * row, data + y * stride, row * 4);
  return picture;
}

}  // namespace

Picture decode_picture(std::span<const std::byte> file, const std::string& what) {
  domain::PhotoInfo info;
  try {
    info = domain::inspect_photo(file);
  } catch (const Error& error) {
    refuse(what, fmt::format("is no picture: {}", error.message()));
  }
  if (std::int64_t{info.width} * info.height > kMostDots)
    refuse(what, fmt::format("has {} x {} dots; 16 million are what can be printed", info.width, info.height));
  return info.format == domain::PhotoFormat::jpeg ? decode_jpeg(file, what) : decode_png(file, what);
}

}  // namespace visitor::report
