#pragma once

#include <chrono>
#include <ostream>
#include <string>

namespace visitor {

/// A point in UTC, to the microsecond, as PostgreSQL's timestamptz holds it.
using Instant = std::chrono::sys_time<std::chrono::microseconds>;

/// "2026-09-01T17:27:53Z"; with ".123456" only where there is a fraction. Source: RFC 3339.
std::string to_iso(Instant instant);

}  // namespace visitor

namespace boost::test_tools::tt_detail {
template <class T>
struct print_log_value;
/// Lets BOOST_TEST print an Instant.
template <>
struct print_log_value<visitor::Instant> {
  void operator()(std::ostream& out, const visitor::Instant& instant) { out << visitor::to_iso(instant); }
};
}  // namespace boost::test_tools::tt_detail
