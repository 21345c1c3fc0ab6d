#include "fixtures.hpp"

#include <fstream>
#include <iterator>

namespace visitor::hikvision {

const std::filesystem::path& fixtures_folder() {
  static const std::filesystem::path folder = std::filesystem::path{VISITOR_SOURCE_DIR} / "../shared/fixtures";
  return folder;
}

boost::unit_test::precondition only_with_fixtures() {
  return boost::unit_test::precondition([](boost::unit_test::test_unit_id) {
    boost::test_tools::assertion_result there{std::filesystem::is_directory(fixtures_folder() / "hikvision")};
    there.message() << "the published captures are not at " << fixtures_folder().string();
    return there;
  });
}

std::string read_fixture(const std::filesystem::path& file) {
  std::ifstream in{file, std::ios::binary};
  BOOST_REQUIRE_MESSAGE(in, file.string() << " cannot be opened");
  return {std::istreambuf_iterator<char>{in}, {}};
}

std::string capture(std::string_view name) {
  return read_fixture(fixtures_folder() / "hikvision" / name);
}

}  // namespace visitor::hikvision
