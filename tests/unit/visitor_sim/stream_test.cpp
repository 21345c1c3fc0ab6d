#include <boost/test/unit_test.hpp>
#include <thread>

#include "raw_socket.hpp"
#include "sim_client.hpp"

namespace visitor::sim {
namespace {

using namespace std::chrono_literals;

constexpr auto kStream = "/ISAPI/Event/notification/alertStream";

struct StreamFixture : SimFixture {
  /// The stream's socket, after log-in; what came with the header is in RawSocket's buffer.
  RawSocket open() const {
    RawSocket socket{terminal->port()};
    const auto header = authorization({.nonce = fresh_nonce()}, "GET", kStream);
    socket.send(std::string{"GET "} + kStream + " HTTP/1.1\r\nHost: x\r\nAuthorization: " + header + "\r\n\r\n");
    return socket;
  }
};

BOOST_FIXTURE_TEST_CASE(a_stream_replays_the_log_and_goes_on_with_what_happens, StreamFixture) {
  start("K1T342MWX");
  terminal->walk({{"1001", "Ann"}});
  auto socket = open();
  const auto replay = socket.read_until("\"subEventType\":\t121");
  BOOST_TEST(replay.find("HTTP/1.1 200 OK") == 0U);
  BOOST_TEST(replay.find("boundary=MIME_boundary") != std::string::npos);
  BOOST_TEST(replay.find("\"employeeNoString\":\t\"1001\"") != std::string::npos);
  BOOST_TEST(replay.find("\"currentEvent\":\tfalse") != std::string::npos);
  BOOST_TEST(replay.find("\"currentEvent\":\ttrue") == std::string::npos);

  terminal->walk({{"1002"}});
  const auto live = socket.read_until("\"1002\"") + socket.read_until("\"frontSerialNo\"");
  BOOST_TEST(live.find("\"currentEvent\":\ttrue") != std::string::npos);
}

BOOST_FIXTURE_TEST_CASE(a_stream_beats_while_nothing_happens, StreamFixture) {
  auto quick = profile("K1T342MWX");
  quick.heartbeat = 50ms;
  start(quick);
  auto socket = open();
  const auto beat = socket.read_until("\"videoloss alarm\"");
  BOOST_TEST(beat.find("\"eventState\":\t\"inactive\"") != std::string::npos);
}

BOOST_FIXTURE_TEST_CASE(there_is_one_slot_and_a_clean_end_frees_it, StreamFixture) {
  start("K1T342MWX");
  auto socket = open();
  socket.read_until("HTTP/1.1 200 OK");
  BOOST_TEST(call("GET", kStream).status == 404);
  BOOST_TEST(call("GET", "/ISAPI/System/time").status == 200);  // the stream does not occupy the device
  socket.close_cleanly();
  for (int i = 0; i < 200 && terminal->events().back().minor != 122; ++i) std::this_thread::sleep_for(10ms);
  auto again = open();
  BOOST_TEST(again.read_until("HTTP/1.1 200 OK").find("200 OK") != std::string::npos);
}

BOOST_FIXTURE_TEST_CASE(a_broken_stream_keeps_the_slot_for_a_while, StreamFixture) {
  start("K1T342MWX");
  {
    auto socket = open();
    socket.read_until("HTTP/1.1 200 OK");
    socket.reset_on_close();
  }
  for (int i = 0; i < 200 && terminal->events().back().minor != 122; ++i) std::this_thread::sleep_for(10ms);
  BOOST_TEST(call("GET", kStream).status == 404);
  clock.advance(121s);
  auto again = open();
  BOOST_TEST(again.read_until("HTTP/1.1 ").find("HTTP") != std::string::npos);
  BOOST_TEST(again.read_until("OK").find("200") != std::string::npos);
}

}  // namespace
}  // namespace visitor::sim
