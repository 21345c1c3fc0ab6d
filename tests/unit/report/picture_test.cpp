#include "report/picture.hpp"

#include <array>
#include <boost/test/unit_test.hpp>
#include <string>
#include <vector>

#include "core/error.hpp"
#include "core/text.hpp"

using namespace visitor;
using report::decode_picture;

namespace {

/// 48 x 96 dots, and a grey in each quarter: 20, 80, 180, 240.
constexpr auto kQuarters =
    "ffd8ffe000104a46494600010100000100010000ffdb0043000d090a0b0a080d0b0a0b0e0e0d0f13201513121213271c1e17"
    "202e2931302e292d2c333a4a3e333646372c2d405741464c4e525352323e5a615a50604a51524fffc0000b08006000300101"
    "1100ffc4001f0000010501010101010100000000000000000102030405060708090a0bffc400b51000020103030204030505"
    "04040000017d01020300041105122131410613516107227114328191a1082342b1c11552d1f02433627282090a161718191a"
    "25262728292a3435363738393a434445464748494a535455565758595a636465666768696a737475767778797a8384858687"
    "88898a92939495969798999aa2a3a4a5a6a7a8a9aab2b3b4b5b6b7b8b9bac2c3c4c5c6c7c8c9cad2d3d4d5d6d7d8d9dae1e2"
    "e3e4e5e6e7e8e9eaf1f2f3f4f5f6f7f8f9faffda0008010100003f00f3da28ae928a2b9ba28ae928a2b9ba28ae928a2b9ba2"
    "8ae928a2b9ba28ae928a2b9ba28ae928a2bbea28ae968a2b9aa28ae968a2b9aa28ae968a2b9aa28ae968a2b9aa28ae968a2b"
    "9aa28ae968a2bfffd9";

using Bytes = std::vector<std::byte>;

Bytes bytes_of(std::string_view hex) {
  const auto bytes = from_hex(hex);
  BOOST_REQUIRE(bytes.has_value());
  return {bytes->begin(), bytes->end()};
}

/// The picture with an Exif segment of \p tiff, behind the mark that it begins with.
Bytes with_exif(std::string_view tiff) {
  auto content = bytes_of("457869660000" + std::string{tiff});
  const auto length = content.size() + 2;
  Bytes segment{std::byte{0xFF}, std::byte{0xE1}, std::byte(length >> 8U), std::byte(length & 0xFFU)};
  segment.insert(segment.end(), content.begin(), content.end());
  auto file = bytes_of(kQuarters);
  file.insert(file.begin() + 2, segment.begin(), segment.end());
  return file;
}

std::string little_endian(int orientation) {
  return "49492a000800000002000f010200010000000000000012010300010000000" + std::to_string(orientation) +
         "00000000000000";
}
std::string big_endian(int orientation) {
  return "4d4d002a00000008000101120003000000010" + std::string{"00"} + std::to_string(orientation) + "000000000000";
}

/// 1 to 4 for the greys in the quarters of what was decoded: upper left, upper right, lower left, lower right.
std::array<int, 4> quarters(const Bytes& file) {
  const auto picture = decode_picture(file, "the photo of guest 17");
  const bool stands = picture.height == 96 && picture.width == 48;
  BOOST_TEST((stands || (picture.height == 48 && picture.width == 96)));
  const auto grey = [&](int x, int y) {
    const auto level = static_cast<int>(picture.dots[static_cast<std::size_t>(y * picture.width + x)] & 0xFFU);
    return level < 50 ? 1 : level < 130 ? 2 : level < 210 ? 3 : 4;
  };
  const int right = picture.width - 3, bottom = picture.height - 3;
  return {grey(2, 2), grey(right, 2), grey(2, bottom), grey(right, bottom)};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(pictures)

BOOST_AUTO_TEST_CASE(a_photo_is_upright_however_the_camera_was_held) {
  const std::array<std::array<int, 4>, 8> expected{
      {{1, 2, 3, 4}, {2, 1, 4, 3}, {4, 3, 2, 1}, {3, 4, 1, 2}, {1, 3, 2, 4}, {3, 1, 4, 2}, {4, 2, 3, 1}, {2, 4, 1, 3}}};
  for (int orientation = 1; orientation <= 8; ++orientation) {
    BOOST_TEST_CONTEXT(orientation) {
      const auto& wanted = expected[static_cast<std::size_t>(orientation - 1)];
      BOOST_TEST(quarters(with_exif(little_endian(orientation))) == wanted, boost::test_tools::per_element());
      BOOST_TEST(quarters(with_exif(big_endian(orientation))) == wanted, boost::test_tools::per_element());
      const auto picture = decode_picture(with_exif(little_endian(orientation)), "it");
      BOOST_TEST((picture.width == 48) == (orientation <= 4));
    }
  }
}

BOOST_AUTO_TEST_CASE(what_makes_no_sense_beside_a_photo_turns_nothing) {
  const std::array<int, 4> as_it_is{1, 2, 3, 4};
  for (const auto& tiff : {
           std::string{},
           std::string{"49"},
           std::string{"49492a00"},
           std::string{"49492a00ffffffff"},              // its directory lies outside
           std::string{"49492a0008000000ffff"},          // 65535 entries, and none there
           std::string{"49492b0008000000"},              // another mark
           std::string{"5858002a00000008000101120003"},  // neither end
           little_endian(0),
           little_endian(9),
           big_endian(6).substr(0, 24),
       })
    BOOST_TEST_CONTEXT(tiff)
  BOOST_TEST(quarters(with_exif(tiff)) == as_it_is, boost::test_tools::per_element());
  BOOST_TEST(quarters(bytes_of(kQuarters)) == as_it_is, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
