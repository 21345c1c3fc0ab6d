#include "domain/photo.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

using namespace visitor;
using namespace visitor::domain;

namespace {

std::string bytes(std::initializer_list<int> values) {
  std::string text;
  for (const auto value : values) text += static_cast<char>(value);
  return text;
}

PhotoInfo inspect(const std::string& file) {
  return inspect_photo(std::as_bytes(std::span{file}));
}

std::string be32(std::uint32_t value) {
  return bytes({static_cast<int>(value >> 24U), static_cast<int>(value >> 16U & 0xFFU),
                static_cast<int>(value >> 8U & 0xFFU), static_cast<int>(value & 0xFFU)});
}

std::string jpeg(int width, int height, const std::string& before_frame = "") {
  return bytes({0xFF, 0xD8, 0xFF, 0xE0, 0, 16}) + std::string(14, 'J') + before_frame +
         bytes({0xFF, 0xC2, 0, 17, 8, height >> 8, height & 0xFF, width >> 8, width & 0xFF, 3}) + std::string(9, 'c') +
         bytes({0xFF, 0xDA, 0, 12}) + std::string(10, 's') + "scan" + bytes({0xFF, 0xD9});
}

std::string chunk(const std::string& type, const std::string& data) {
  return be32(static_cast<std::uint32_t>(data.size())) + type + data + "CRC!";
}

std::string png(std::uint32_t width, std::uint32_t height) {
  return bytes({0x89, 'P', 'N', 'G', 0x0D, 0x0A, 0x1A, 0x0A}) +
         chunk("IHDR", be32(width) + be32(height) + bytes({8, 2, 0, 0, 0})) + chunk("IDAT", "data") + chunk("IEND", "");
}

auto because(const std::string& why) {
  return [why](const Error& error) {
    BOOST_TEST(error.message().find(why) != std::string::npos, error.message());
    return error.code() == Errc::usage;
  };
}

}  // namespace

BOOST_AUTO_TEST_SUITE(photos)

BOOST_AUTO_TEST_CASE(format_and_size_are_read_from_the_header) {
  const auto file = jpeg(480, 640);
  const auto a = inspect(file);
  BOOST_TEST((a.format == PhotoFormat::jpeg));
  BOOST_TEST(a.width == 480);
  BOOST_TEST(a.height == 640);
  BOOST_TEST(a.bytes == file.size());
  const auto b = inspect(png(1000, 48));
  BOOST_TEST((b.format == PhotoFormat::png));
  BOOST_TEST(b.width == 1000);
  BOOST_TEST(b.height == 48);
}

BOOST_AUTO_TEST_CASE(fill_bytes_and_segments_before_the_frame_are_skipped_and_a_thumbnail_in_them_does_not_count) {
  const auto exif = bytes({0xFF, 0xFF, 0xE1, 0, 14}) + bytes({0xFF, 0xD8, 0xFF, 0xC0, 0, 17, 8, 0, 9, 0, 9, 3});
  BOOST_TEST(inspect(jpeg(480, 640, exif)).width == 480);
  BOOST_TEST(inspect(jpeg(480, 640) + "what a camera appends").width == 480);
}

BOOST_AUTO_TEST_CASE(sides_have_bounds) {
  BOOST_CHECK_NO_THROW(inspect(jpeg(kPhotoLeastSide, kPhotoMostSide)));
  BOOST_CHECK_EXCEPTION(inspect(jpeg(kPhotoLeastSide - 1, 640)), Error, because("pixels"));
  BOOST_CHECK_EXCEPTION(inspect(jpeg(480, kPhotoMostSide + 1)), Error, because("pixels"));
  BOOST_CHECK_EXCEPTION(inspect(jpeg(0, 640)), Error, because("no size"));
  BOOST_CHECK_EXCEPTION(inspect(png(0xFFFFFFFF, 0x80000000)), Error, because("pixels"));
  BOOST_CHECK_EXCEPTION(inspect(png(0, 640)), Error, because("pixels"));
}

BOOST_AUTO_TEST_CASE(a_file_is_as_large_as_may_be_and_not_larger) {
  auto large = jpeg(480, 640);
  large += std::string(kPhotoMostBytes - large.size(), 'x');
  BOOST_CHECK_NO_THROW(inspect(large));
  BOOST_CHECK_EXCEPTION(inspect(large + "x"), Error, because("larger"));
}

BOOST_AUTO_TEST_CASE(what_is_no_picture_is_refused) {
  BOOST_CHECK_EXCEPTION(inspect(""), Error, because("empty"));
  BOOST_CHECK_EXCEPTION(inspect("GIF89a"), Error, because("neither"));
  BOOST_CHECK_EXCEPTION(inspect("<svg/>"), Error, because("neither"));
  BOOST_CHECK_EXCEPTION(inspect(png(100, 100) + "<?php"), Error, because("follows"));
  BOOST_CHECK_EXCEPTION(inspect(bytes({0xFF, 0xD8, 0xFF, 0xDA, 0, 2, 0xFF, 0xD9})), Error, because("no frame"));
  BOOST_CHECK_EXCEPTION(inspect(bytes({0xFF, 0xD8, 0xFF, 0xE0, 0, 1})), Error, because("no length"));
  BOOST_CHECK_EXCEPTION(inspect(bytes({0xFF, 0xD8, 0xFF, 0xE0, 0, 2, 0x00})), Error, because("marker"));
  const auto frame = bytes({0xFF, 0xC0, 0, 8, 8, 1, 0, 1, 0, 3});
  BOOST_CHECK_EXCEPTION(inspect(jpeg(480, 640, frame)), Error, because("two frames"));
  const auto no_data = bytes({0x89, 'P', 'N', 'G', 0x0D, 0x0A, 0x1A, 0x0A}) +
                       chunk("IHDR", be32(99) + be32(99) + bytes({8, 2, 0, 0, 0})) + chunk("IEND", "");
  BOOST_CHECK_EXCEPTION(inspect(no_data), Error, because("no data"));
}

BOOST_AUTO_TEST_CASE(a_picture_that_is_cut_short_anywhere_is_refused) {
  for (const auto& whole : {jpeg(480, 640), png(480, 640)})
    for (std::size_t size = 0; size < whole.size(); ++size) BOOST_CHECK_THROW(inspect(whole.substr(0, size)), Error);
}

BOOST_AUTO_TEST_CASE(any_byte_may_be_anything) {
  for (const auto& whole : {jpeg(480, 640), png(480, 640)})
    for (std::size_t at = 0; at < whole.size(); ++at)
      for (const int value : {0x00, 0x01, 0x7F, 0x80, 0xFF}) {
        auto broken = whole;
        broken[at] = static_cast<char>(value);
        try {
          const auto info = inspect(broken);
          BOOST_TEST((info.width >= kPhotoLeastSide && info.width <= kPhotoMostSide));
        } catch (const Error& error) {
          BOOST_TEST((error.code() == Errc::usage));
        }
      }
}

BOOST_AUTO_TEST_CASE(face_terminals_want_a_small_jpeg) {
  BOOST_TEST(suits_terminals({PhotoFormat::jpeg, 480, 640, kTerminalPhotoBytes}));
  BOOST_TEST(!suits_terminals({PhotoFormat::jpeg, 480, 640, kTerminalPhotoBytes + 1}));
  BOOST_TEST(!suits_terminals({PhotoFormat::png, 480, 640, 1000}));
}

BOOST_AUTO_TEST_SUITE_END()
