#include "domain/photo.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>

namespace visitor::domain {
namespace {

[[noreturn]] void refuse(const std::string& why) {
  throw Error(Errc::usage, "this is no photo: " + why, "Give a JPEG or PNG picture of up to 5 MiB.");
}

/// Reads forward and never beyond the end.
class Reader {
 public:
  explicit Reader(std::span<const std::byte> bytes) : bytes_(bytes) {}

  bool skip(std::size_t count) {
    if (count > bytes_.size()) return false;
    bytes_ = bytes_.subspan(count);
    return true;
  }
  bool starts_with(std::span<const std::uint8_t> wanted) const {
    return bytes_.size() >= wanted.size() &&
           std::equal(wanted.begin(), wanted.end(), bytes_.begin(),
                      [](std::uint8_t a, std::byte b) { return a == std::to_integer<std::uint8_t>(b); });
  }
  template <std::size_t Bytes>
  std::uint32_t big_endian() {
    if (bytes_.size() < Bytes) refuse("it ends within its header");
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < Bytes; ++i) value = value << 8U | std::to_integer<std::uint32_t>(bytes_[i]);
    bytes_ = bytes_.subspan(Bytes);
    return value;
  }
  std::span<const std::byte> rest() const { return bytes_; }

 private:
  std::span<const std::byte> bytes_;
};

constexpr std::uint8_t kJpegMagic[] = {0xFF, 0xD8, 0xFF};
constexpr std::uint8_t kPngMagic[] = {0x89, 'P', 'N', 'G', 0x0D, 0x0A, 0x1A, 0x0A};
constexpr std::uint32_t kIhdr = 0x49484452, kIdat = 0x49444154, kIend = 0x49454E44;

bool is_frame_header(std::uint32_t marker) {
  return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
}

/// A camera may append more after the end mark, so it only has to be there.
bool has_end_of_image(std::span<const std::byte> scan) {
  for (std::size_t i = scan.size(); i >= 2; --i)
    if (scan[i - 2] == std::byte{0xFF} && scan[i - 1] == std::byte{0xD9}) return true;
  return false;
}

PhotoInfo inspect_jpeg(Reader in) {
  in.skip(2);
  PhotoInfo photo;
  for (;;) {
    if (in.big_endian<1>() != 0xFF) refuse("a segment of the JPEG does not begin with a marker");
    auto marker = in.big_endian<1>();
    while (marker == 0xFF) marker = in.big_endian<1>();
    const auto length = in.big_endian<2>();
    if (length < 2) refuse("a segment of the JPEG has no length");
    if (marker == 0xDA) {
      if (photo.width == 0) refuse("the JPEG has no frame before its data");
      if (!in.skip(length - 2) || !has_end_of_image(in.rest())) refuse("the JPEG is cut short");
      return photo;
    }
    if (!is_frame_header(marker)) {
      if (!in.skip(length - 2)) refuse("the JPEG is cut short");
      continue;
    }
    if (photo.width != 0) refuse("the JPEG has two frames");
    auto frame = in;
    frame.skip(1);  // the precision of a sample
    photo.height = static_cast<int>(frame.big_endian<2>());
    photo.width = static_cast<int>(frame.big_endian<2>());
    if (photo.width == 0 || photo.height == 0) refuse("the JPEG has no size in its header");
    if (!in.skip(length - 2)) refuse("the JPEG is cut short");
  }
}

PhotoInfo inspect_png(Reader in) {
  in.skip(sizeof kPngMagic);
  PhotoInfo photo;
  photo.format = PhotoFormat::png;
  bool first = true;
  bool data = false;
  for (;;) {
    const auto length = in.big_endian<4>();
    const auto type = in.big_endian<4>();
    if (first) {
      if (type != kIhdr || length != 13) refuse("the PNG does not begin with its header");
      auto header = in;
      const auto width = header.big_endian<4>();
      const auto height = header.big_endian<4>();
      photo.width = static_cast<int>(std::min<std::uint32_t>(width, kPhotoMostSide + 1));
      photo.height = static_cast<int>(std::min<std::uint32_t>(height, kPhotoMostSide + 1));
    }
    first = false;
    if (length > kPhotoMostBytes || !in.skip(std::size_t{length} + 4)) refuse("the PNG is cut short");
    data = data || type == kIdat;
    if (type != kIend) continue;
    if (!data) refuse("the PNG has no data");
    if (!in.rest().empty()) refuse("something follows the end of the PNG");
    return photo;
  }
}

}  // namespace

template <>
std::span<const Name<PhotoFormat>> names() {
  static constexpr Name<PhotoFormat> kNames[] = {
      {PhotoFormat::jpeg, "jpeg", "JPEG", "JPEG"},
      {PhotoFormat::png, "png", "PNG", "PNG"},
  };
  return kNames;
}

PhotoInfo inspect_photo(std::span<const std::byte> file) {
  if (file.empty()) refuse("the file is empty");
  if (file.size() > kPhotoMostBytes) refuse("the file is larger than 5 MiB");
  const Reader in{file};
  PhotoInfo photo;
  if (in.starts_with(kJpegMagic))
    photo = inspect_jpeg(in);
  else if (in.starts_with(kPngMagic))
    photo = inspect_png(in);
  else
    refuse("it is neither JPEG nor PNG");
  const auto [least, most] = std::minmax(photo.width, photo.height);
  if (least < kPhotoLeastSide || most > kPhotoMostSide)
    refuse(fmt::format("a side has fewer than {} or more than {} pixels", kPhotoLeastSide, kPhotoMostSide));
  photo.bytes = file.size();
  return photo;
}

}  // namespace visitor::domain
