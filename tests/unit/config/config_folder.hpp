#pragma once

#include <boost/test/unit_test.hpp>
#include <string>
#include <vector>

#include "config/load.hpp"
#include "core/file.hpp"
#include "support/temporary_folder.hpp"

namespace visitor::test {

/// Fixture: a folder with a visitor.toml in it.
struct ConfigFolder : TemporaryFolder {
  std::filesystem::path file() const { return path / "visitor.toml"; }
  config::Reading read(const std::string& text) const {
    write_file(file(), text);
    return config::read(file());
  }
  /// The problems of \p text, as "3: route.all.to: what is wrong".
  std::vector<std::string> problems(const std::string& text) const {
    std::vector<std::string> out;
    for (const auto& problem : read(text).problems)
      out.push_back(std::to_string(problem.line) + ": " + problem.key + ": " + problem.message);
    return out;
  }
  /// The only problem of \p text.
  std::string problem(const std::string& text) const {
    const auto all = problems(text);
    BOOST_REQUIRE_EQUAL(all.size(), 1U);
    return all.front();
  }
};

}  // namespace visitor::test
