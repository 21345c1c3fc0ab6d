#include "report/picture.hpp"

#include <fmt/format.h>
#include <turbojpeg.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <type_traits>

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
  return picture;
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
