#include "core/checksum.hpp"

#include <boost/test/unit_test.hpp>

#include "core/text.hpp"

using namespace visitor;

// By a second implementation, which gives the vectors of the reference.
BOOST_AUTO_TEST_CASE(checksum_is_siphash_2_4_of_128_bits_without_a_key) {
  BOOST_TEST(to_hex(checksum("")) == "5049d74780a3e07d4202ab47d4cef2f4");
  BOOST_TEST(to_hex(checksum("visit")) == "b52b7d466652966c0ec9514b507e276f");
  BOOST_TEST(to_hex(checksum(R"({"id":4711,"status":"AWAITING"})")) == "9ca5ec501bcf99529dbfa35df27f4e40");
}
