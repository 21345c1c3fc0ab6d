#pragma once

#include <cstddef>
#include <span>

#include "domain/names.hpp"

namespace visitor::domain {

enum class PhotoFormat { jpeg, png };

/// What the header of a picture says of it.
struct PhotoInfo {
  PhotoFormat format = PhotoFormat::jpeg;
  int width = 0;
  int height = 0;
  std::size_t bytes = 0;
};

constexpr std::size_t kPhotoMostBytes = std::size_t{5} << 20;
constexpr int kPhotoLeastSide = 48, kPhotoMostSide = 8192;
/// What a face terminal takes: a JPEG, and no larger. Source: HIKVISION.md, FDLib.
constexpr std::size_t kTerminalPhotoBytes = std::size_t{200} * 1024;

/// Format and size, read from the headers alone; nothing is decoded. A picture must be whole from its magic number to
/// its end mark.
/// \throws Error usage  it is neither JPEG nor PNG, broken, cut short, or out of the bounds above
/// Source: ITU-T T.81 annex B; PNG (W3C) chapters 5 and 11.
PhotoInfo inspect_photo(std::span<const std::byte> file);

/// Whether face terminals take it as it is.
inline bool suits_terminals(const PhotoInfo& photo) {
  return photo.format == PhotoFormat::jpeg && photo.bytes <= kTerminalPhotoBytes;
}

template <>
std::span<const Name<PhotoFormat>> names();

}  // namespace visitor::domain
