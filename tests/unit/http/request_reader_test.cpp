#include "daemon/http/request_reader.hpp"

#include <fmt/format.h>

#include <boost/test/unit_test.hpp>
#include <string>
#include <vector>

using namespace visitor;
using State = http::RequestReader::State;

namespace {

constexpr http::RequestReader::Limits kLimits{512, 1000};

/// What came out of a connection: requests, and what ended it.
struct Read {
  std::vector<http::Request> requests;
  int refused = 0;  ///< status
  std::string why;
  std::string rest;  ///< what belongs to no request
};

/// Hands the bytes over as a connection does, \p piece at a time.
Read read_in_pieces(std::string_view stream, std::size_t piece) {
  Read result;
  std::string buffer;
  auto reader = std::make_unique<http::RequestReader>(kLimits);
  for (std::size_t at = 0; at < stream.size() && result.refused == 0; at += piece) {
    buffer += stream.substr(at, piece);
    for (;;) {
      buffer.erase(0, reader->feed(buffer));
      if (reader->state() == State::refused) {
        result.refused = reader->refusal().status;
        result.why = reader->refusal().body;
      }
      if (reader->state() != State::whole) break;
      result.requests.push_back(reader->request());
      reader = std::make_unique<http::RequestReader>(kLimits);
    }
  }
  result.rest = buffer;
  return result;
}

/// The same whatever the pieces.
Read read(std::string_view stream) {
  const auto whole = read_in_pieces(stream, stream.size());
  for (const std::size_t piece : {1U, 2U, 7U, 64U}) {
    const auto other = read_in_pieces(stream, piece);
    BOOST_TEST(other.refused == whole.refused, stream);
    BOOST_TEST(other.requests.size() == whole.requests.size(), stream);
    for (std::size_t i = 0; i < std::min(other.requests.size(), whole.requests.size()); ++i)
      BOOST_TEST(other.requests[i].body == whole.requests[i].body, stream);
  }
  return whole;
}

std::string post(std::string_view headers, std::string_view body) {
  return fmt::format("POST /echo HTTP/1.1\r\nHost: a\r\n{}\r\n{}", headers, body);
}

void check_refused(std::string_view stream, std::string_view why = "") {
  const auto result = read(stream);
  BOOST_TEST(result.refused == 400, stream);
  BOOST_TEST(result.requests.empty(), stream);
  BOOST_TEST(result.why.find(why) != std::string::npos, stream << " gave " << result.why);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(request_reader)

BOOST_AUTO_TEST_CASE(requests_follow_one_another_and_a_body_is_never_one) {
  const auto inner = std::string{"GET /inner HTTP/1.1\r\nHost: a\r\n\r\n"};
  const auto result =
      read(post(fmt::format("Content-Length: {}\r\n", inner.size()), inner) +
           post("Transfer-Encoding: chunked\r\n", fmt::format("{:x}\r\n{}\r\n0\r\n\r\n", inner.size(), inner)) +
           "GET /after?a=1&b HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  BOOST_REQUIRE(result.requests.size() == 3U);
  BOOST_TEST(result.requests[0].body == inner);
  BOOST_TEST(result.requests[1].body == inner);
  BOOST_TEST(result.requests[2].path == "/after");
  BOOST_TEST(result.requests[2].query == "a=1&b");
  BOOST_TEST(result.rest == "");
}

BOOST_AUTO_TEST_CASE(a_length_is_said_once_and_in_digits) {
  check_refused(post("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"));
  check_refused(post("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", "0\r\n\r\n"));
  check_refused(post("Content-Length: 5\r\nContent-Length: 6\r\n", "hello"));
  for (const auto* length :
       {"5\r\nContent-Length: 5", "5, 5", "5,6", "+5", "-5", "0x5", "", "5;", "5 5", "٥", "99999999999999999999999"})
    check_refused(post(fmt::format("Content-Length: {}\r\n", length), "hello"));
  // A blank around a value is no part of it.
  BOOST_TEST(read(post("Content-Length: 5 \r\n", "hello")).requests.size() == 1U);
}

BOOST_AUTO_TEST_CASE(chunked_is_the_only_encoding) {
  for (const auto* encoding :
       {"xchunked", "identity", "gzip, chunked", "chunked, identity", "chunked\r\nTransfer-Encoding: chunked",
        "chunked\r\nTransfer-Encoding: identity", "chunked;q=1", "\"chunked\"", "",
        "\x0b"
        "chunked"})
    check_refused(post(fmt::format("Transfer-Encoding: {}\r\n", encoding), "0\r\n\r\n"));
  // Whoever believes the one, and whoever believes the other, must not be fooled.
  check_refused(post("Transfer-Encoding: xchunked\r\nContent-Length: 5\r\n", "0\r\n\r\n"));
  check_refused("POST /echo HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "HTTP/1.0");
  BOOST_TEST(read(post("Transfer-Encoding: CHUNKED\r\n", "3\r\nabc\r\n0\r\n\r\n")).requests.size() == 1U);
}

BOOST_AUTO_TEST_CASE(lines_end_as_they_should_and_are_not_folded) {
  check_refused("GET / HTTP/1.1\r\nHost: a\r\nX-Long: one\r\n two\r\n\r\n", "folded");
  check_refused("GET / HTTP/1.1\r\n Host: a\r\nHost: a\r\n\r\n", "folded");
  check_refused("GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding:\r\n\tchunked\r\n\r\n", "folded");
  check_refused("GET / HTTP/1.1\nHost: a\n\n");
  check_refused("GET / HTTP/1.1\r\nHost: a\nX: b\r\n\r\n");
  check_refused("GET / HTTP/1.1\r\nHost: a\r\nX: b\rContent-Length: 5\r\n\r\n");
  check_refused("GET / HTTP/1.1\r\nHost: a\r\r\n\r\n");
}

BOOST_AUTO_TEST_CASE(names_and_values_hold_nothing_that_others_may_cut_at) {
  using namespace std::string_literals;
  for (const auto& line : {"Content-Length : 5"s, "Content-Length\t: 5"s, "X-Odd: a\0b"s, "X\0Odd: a"s, "X-Odd: a\x01"s,
                           "X-Odd: a\x7f"s, "X Odd: a"s, ": a"s, "no colon"s, "X-(Odd): a"s})
    check_refused(post(line + "\r\n", "hello"));
  for (const auto& start : {"GET /\0 HTTP/1.1"s, "GET  / HTTP/1.1"s, " GET / HTTP/1.1"s, "GET / HTTP/1.1 "s,
                            "GET / HTTP/2.0"s, "GET / http/1.1"s, "GET /"s, "GE T / HTTP/1.1"s, "\r\nGET / HTTP/1.1"s})
    check_refused(start + "\r\nHost: a\r\n\r\n");
}

BOOST_AUTO_TEST_CASE(there_is_one_host_and_the_target_is_there) {
  check_refused("GET / HTTP/1.1\r\n\r\n", "one Host");
  check_refused("GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", "one Host");
  check_refused("GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n", "one Host");
  for (const auto* target : {"http://b/", "https://b", "http://a@b/", "http://a.b/", "http:///"})
    check_refused(fmt::format("GET {} HTTP/1.1\r\nHost: a\r\n\r\n", target), "another host");
  for (const auto* target : {"a", "*", "ftp://a/", "a:80", "http://a?x"})
    check_refused(fmt::format("GET {} HTTP/1.1\r\nHost: a\r\n\r\n", target), "slash");
  const auto result = read("GET http://A HTTP/1.1\r\nHost: a\r\n\r\nGET HTTP://a/ HTTP/1.1\r\nHost: a\r\n\r\n");
  BOOST_REQUIRE(result.requests.size() == 1U);
  BOOST_TEST(result.requests[0].path == "/");
  BOOST_TEST(result.refused == 400);
}

BOOST_AUTO_TEST_CASE(chunks_are_as_they_are_announced) {
  const auto chunked = [](std::string_view body) { return post("Transfer-Encoding: chunked\r\n", body); };
  const auto good = read(chunked("3;name=\"va;lue\"\r\nabc\r\n0;end\r\nX-Forwarded-For: 1.2.3.4\r\n\r\n"));
  BOOST_REQUIRE(good.requests.size() == 1U);
  BOOST_TEST(good.requests[0].body == "abc");
  // What comes behind the body is no header.
  BOOST_TEST(good.requests[0].header("X-Forwarded-For") == "");
  for (const auto* body :
       {"3\r\nabcd\r\n0\r\n\r\n", "3\nabc\r\n0\r\n\r\n", "0x3\r\nabc\r\n0\r\n\r\n", "-3\r\nabc\r\n0\r\n\r\n",
        "ffffffffffffffffff\r\nabc\r\n0\r\n\r\n", "\r\n3\r\nabc\r\n0\r\n\r\n", "3\r\nabc0\r\n\r\n\r\n",
        "3 \r\nabc\r\n0\r\n\r\n", "3 ;a\r\nabc\r\n0\r\n\r\n", "3;a=\"\n\"\r\nabc\r\n0\r\n\r\n", "0\r\nno colon\r\n\r\n",
        "0\r\n folded: 1\r\n\r\n", "0\r\nContent-Length: 5\r\n\r\n", "0\r\nTransfer-Encoding: chunked\r\n\r\n"})
    check_refused(chunked(body));
  check_refused(chunked("3;" + std::string(600, 'x') + "\r\nabc\r\n0\r\n\r\n"), "too long");
  check_refused(chunked("0\r\nX-Trailer: " + std::string(600, 'x') + "\r\n\r\n"), "too long");
  std::string many = "0\r\n";
  for (int i = 0; i < 100; ++i) many += "X: 12345\r\n";
  check_refused(chunked(many + "\r\n"), "too long");
}

BOOST_AUTO_TEST_CASE(what_is_too_large_is_said_so) {
  BOOST_TEST(read("GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(600, 'x')).refused == 431);
  BOOST_TEST(read(post("Content-Length: 1001\r\n", "")).refused == 413);
  BOOST_TEST(read(post("Transfer-Encoding: chunked\r\n", "3e9\r\n")).refused == 413);
  const auto most = read(post("Content-Length: 1000\r\n", std::string(1000, 'b')));
  BOOST_REQUIRE(most.requests.size() == 1U);
  BOOST_TEST(most.requests[0].body.size() == 1000U);
}

BOOST_AUTO_TEST_SUITE_END()
