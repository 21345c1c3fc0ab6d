#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>

namespace {

namespace fs = std::filesystem;

const fs::path kSource = VISITOR_SOURCE_DIR;

/// lib/layers.txt: module → what it may include.
std::map<std::string, std::set<std::string>> read_layers() {
  std::map<std::string, std::set<std::string>> layers;
  std::ifstream file{kSource / "lib/layers.txt"};
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line[0] == '#') continue;
    const auto colon = line.find(':');
    std::istringstream words{line.substr(colon + 1)};
    auto& allowed = layers[line.substr(0, colon)];
    for (std::string word; words >> word;) allowed.insert(word);
  }
  return layers;
}

/// The modules that the files under \p folder include, each with one file that does so.
std::map<std::string, std::string> included_modules(const fs::path& folder, const std::set<std::string>& modules) {
  static const std::regex kInclude{R"re(^\s*#include\s+"([a-z_]+)/)re"};
  std::map<std::string, std::string> found;
  if (!fs::exists(folder)) return found;
  for (const auto& entry : fs::recursive_directory_iterator{folder}) {
    if (entry.path().extension() != ".hpp" && entry.path().extension() != ".cpp") continue;
    std::ifstream file{entry.path()};
    std::smatch match;
    for (std::string line; std::getline(file, line);)
      if (std::regex_search(line, match, kInclude) && modules.count(match[1].str()) != 0)
        found.emplace(match[1].str(), fs::relative(entry.path(), kSource).string());
  }
  return found;
}

}  // namespace

BOOST_AUTO_TEST_CASE(every_module_has_a_row_and_every_row_a_module) {
  const auto layers = read_layers();
  for (const auto& entry : fs::directory_iterator{kSource / "lib"})
    if (entry.is_directory() && !fs::is_empty(entry.path()))
      BOOST_TEST(layers.count(entry.path().filename().string()) == 1U, entry.path() << " is not in lib/layers.txt");
  BOOST_TEST(layers.size() >= 10U);
}

BOOST_AUTO_TEST_CASE(no_file_includes_a_module_that_the_table_forbids) {
  const auto layers = read_layers();
  std::set<std::string> modules;
  for (const auto& [module, allowed] : layers) modules.insert(module);

  for (const auto& [module, allowed] : layers) {
    const auto folder = fs::exists(kSource / "lib" / module) ? kSource / "lib" / module : kSource / module;
    for (const auto& [included, file] : included_modules(folder, modules))
      BOOST_TEST((included == module || allowed.count(included) == 1),
                 file << " includes " << included << ", which lib/layers.txt does not allow to " << module);
  }
}

BOOST_AUTO_TEST_CASE(the_table_has_no_cycle) {
  const auto layers = read_layers();
  std::set<std::string> done;
  for (std::size_t before = 1; before != done.size();) {
    before = done.size();
    for (const auto& [module, allowed] : layers)
      if (std::includes(done.begin(), done.end(), allowed.begin(), allowed.end())) done.insert(module);
    if (done.size() == before) break;
  }
  BOOST_TEST(done.size() == layers.size());
}
