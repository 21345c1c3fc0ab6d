#include "hikvision/picture_url.hpp"

#include <boost/test/unit_test.hpp>

namespace visitor::hikvision {

BOOST_AUTO_TEST_CASE(a_picture_is_asked_for_by_its_path_whatever_host_is_named) {
  constexpr auto kPath = "/LOCALS/pic/acsLinkCap/202609_00/01_083000_30075_0.jpeg@WEB000000000011";
  for (const std::string host : {"http://192.0.2.1", "https://elsewhere.example:8443", "HTTP://user@[2001:db8::1]", ""})
    BOOST_TEST(picture_target(host + kPath).value_or("") == kPath);
  BOOST_TEST(picture_target("http://192.0.2.1/a.jpg?b=c#d").value_or("") == "/a.jpg?b=c");
}

BOOST_AUTO_TEST_CASE(what_is_no_address_of_a_picture_is_not_asked_for) {
  for (const std::string url : {"", "/", "//elsewhere.example/a.jpg", "http://192.0.2.1", "http://192.0.2.1/", "a.jpg",
                                "ftp://192.0.2.1/a.jpg", "file:///etc/passwd", "http://h/a b", "http://h/a\r\nX: y",
                                "http://h/\xD0\xB0.jpg", "http://h//elsewhere.example/a"})
    BOOST_TEST(!picture_target(url).has_value(), url);
  BOOST_TEST(!picture_target("/" + std::string(1'000, 'a')).has_value());
}

}  // namespace visitor::hikvision
