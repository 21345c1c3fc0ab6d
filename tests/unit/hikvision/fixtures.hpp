#pragma once

#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

/// Captures that other people published, read where they are and never copied. Payloads of the same shapes stand in the
/// files that need no captures.
namespace visitor::hikvision {

/// The folder that holds them.
const std::filesystem::path& fixtures_folder();

/// For a suite that reads them: a decorator that reports it as skipped, with the folder, where they are missing.
boost::unit_test::precondition only_with_fixtures();

std::string read_fixture(const std::filesystem::path& file);

/// The capture hikvision/NAME.
std::string capture(std::string_view name);

template <class T>
void check_member(std::string_view member, const std::optional<T>& found, const std::optional<T>& expected) {
  BOOST_TEST_CONTEXT("member " << member) {
    BOOST_TEST(found.has_value() == expected.has_value());
    if (found && expected) BOOST_TEST((*found == *expected));
  }
}

}  // namespace visitor::hikvision
