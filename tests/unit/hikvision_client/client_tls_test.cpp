#include "client_fixture.hpp"
#include "support/tls_server.hpp"

namespace visitor::hikvision {

BOOST_FIXTURE_TEST_SUITE(client_tls, ClientFixture)

BOOST_AUTO_TEST_CASE(the_first_certificate_is_believed_from_then_on_and_another_one_is_not) {
  const test::TestCertificate first{"terminal"};
  const test::TestCertificate second{"terminal"};
  std::string url;
  int port = 0;
  std::optional<Client> ours;
  {
    test::TlsServer server{first};
    port = server.port();
    url = "https://127.0.0.1:" + std::to_string(port);
    ours.emplace(options(url), clock);
    ours->device_info();
    BOOST_REQUIRE(ours->certificate().has_value());
    BOOST_TEST((*ours->certificate() == first.fingerprint()));
  }
  test::TlsServer server{second, port};
  const auto failure = ours->device_info().failure();
  BOOST_TEST((failure.kind == FailureKind::certificate_changed));
  BOOST_TEST((failure.certificate.value() == second.fingerprint()));
  BOOST_TEST((*ours->certificate() == first.fingerprint()));

  auto pinned = options(url);
  pinned.certificate = first.fingerprint();
  BOOST_TEST((Client(pinned, clock).device_info().failure().kind == FailureKind::certificate_changed));
  pinned.certificate = second.fingerprint();
  BOOST_TEST((Client(pinned, clock).device_info().failure().kind != FailureKind::certificate_changed));
}

BOOST_AUTO_TEST_CASE(a_port_where_no_handshake_is_possible_says_to_try_http) {
  TestTerminal plain{[](const Seen&, int) { return Reply{}; }};
  auto given = options("https" + plain.url().substr(4));
  const auto failure = Client(given, clock).device_info().failure();
  BOOST_TEST((failure.kind == FailureKind::tls));
  BOOST_TEST(failure.hint.find("http://") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace visitor::hikvision
