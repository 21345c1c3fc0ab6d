#include <boost/test/unit_test.hpp>
#include <fstream>
#include <optional>

#include "core/error.hpp"
#include "net/http.hpp"
#include "support/raw_server.hpp"
#include "support/tls_server.hpp"

namespace visitor::net {
namespace {

using namespace std::chrono_literals;
using test::RawPeer;
using test::RawServer;
using test::TestCertificate;
using test::TlsServer;

HttpOptions pinned(std::optional<Fingerprint> pin = {}) {
  HttpOptions options;
  options.connect_timeout = 1s;
  options.request_timeout = 2s;
  options.trust = {.kind = TlsTrust::Kind::pinned, .pin = pin};
  return options;
}

HttpFailure failed(const HttpResult& result) {
  BOOST_REQUIRE_MESSAGE(std::holds_alternative<HttpFailure>(result), "an answer came");
  return std::get<HttpFailure>(result);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(tls)

BOOST_AUTO_TEST_CASE(first_contact_with_a_self_signed_certificate_hands_out_its_fingerprint) {
  const TestCertificate identity{"a name that nobody asked for"};
  TlsServer server{identity};
  HttpClient client{pinned()};
  const auto result = client.send({.url = server.url()});
  BOOST_REQUIRE(std::holds_alternative<HttpResponse>(result));
  const auto& response = std::get<HttpResponse>(result);
  BOOST_TEST(response.body == "hello");
  BOOST_REQUIRE(response.certificate.has_value());
  BOOST_TEST(to_text(*response.certificate) == to_text(identity.fingerprint()));
}

BOOST_AUTO_TEST_CASE(the_pinned_certificate_is_believed) {
  const TestCertificate identity{"terminal"};
  TlsServer server{identity};
  HttpClient client{pinned(identity.fingerprint())};
  BOOST_TEST(std::holds_alternative<HttpResponse>(client.send({.url = server.url()})));
}

BOOST_AUTO_TEST_CASE(a_changed_certificate_is_refused_before_a_request_goes_out) {
  const TestCertificate first{"terminal"};
  const TestCertificate second{"terminal"};
  int port = 0;
  HttpClient client{pinned()};
  {
    TlsServer server{first};
    port = server.port();
    const auto result = client.send({.url = server.url()});
    BOOST_REQUIRE(std::holds_alternative<HttpResponse>(result));
    client.pin(*std::get<HttpResponse>(result).certificate);
    client.close();
  }
  TlsServer server{second, port};
  const auto failure = failed(client.send({.url = server.url()}));
  BOOST_TEST((failure.kind == NetFailure::certificate_changed));
  BOOST_REQUIRE(failure.certificate.has_value());
  BOOST_TEST((*failure.certificate == second.fingerprint()));
  BOOST_TEST(server.requests() == 0);
}

BOOST_AUTO_TEST_CASE(a_port_without_tls_and_one_that_hangs_up_fail_the_handshake) {
  RawServer plain{[](RawPeer& peer) {
    peer.send("HTTP/1.1 400 Bad Request\r\n\r\n");
    peer.hang();
  }};
  HttpClient client{pinned()};
  const auto url = [](const RawServer& server) { return "https://127.0.0.1:" + std::to_string(server.port()) + "/"; };
  BOOST_TEST((failed(client.send({.url = url(plain)})).kind == NetFailure::tls_handshake));
  RawServer gone{[](RawPeer&) {}};
  const auto failure = failed(client.send({.url = url(gone)}));
  BOOST_TEST((failure.kind == NetFailure::tls_handshake));
  BOOST_TEST(failure.message.find("no TLS session") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_handshake_that_never_ends_is_left_at_the_connect_deadline) {
  RawServer silent{[](RawPeer& peer) { peer.hang(); }};
  auto options = pinned();
  options.connect_timeout = 200ms;
  options.request_timeout = 60s;
  HttpClient client{options};
  const auto begun = std::chrono::steady_clock::now();
  const auto failure = failed(client.send({.url = "https://127.0.0.1:" + std::to_string(silent.port()) + "/"}));
  BOOST_TEST((failure.kind == NetFailure::timeout));
  BOOST_TEST((std::chrono::steady_clock::now() - begun < 2s));
}

BOOST_AUTO_TEST_CASE(without_a_pin_only_a_known_authority_and_the_right_name_are_believed) {
  const TestCertificate identity{"localhost"};
  TlsServer server{identity};
  HttpOptions options;
  HttpClient stranger{options};
  const auto unknown = failed(stranger.send({.url = server.url("localhost")}));
  BOOST_TEST((unknown.kind == NetFailure::tls_handshake));
  BOOST_TEST(unknown.message.find("self-signed") != std::string::npos);

  const std::string ca_file = "unit_net_ca.pem";
  std::ofstream{ca_file} << identity.pem();
  options.trust.ca_file = ca_file;
  HttpClient friendly{options};
  BOOST_TEST(std::holds_alternative<HttpResponse>(friendly.send({.url = server.url("localhost")})));
  const auto misnamed = failed(friendly.send({.url = server.url("127.0.0.1")}));
  BOOST_TEST((misnamed.kind == NetFailure::tls_handshake));
  std::remove(ca_file.c_str());
}

BOOST_AUTO_TEST_CASE(a_missing_ca_file_is_a_configuration_error) {
  HttpOptions options;
  options.trust.ca_file = "/nonexistent/ca.pem";
  BOOST_CHECK_EXCEPTION(HttpClient{options}, Error, [](const Error& error) {
    return error.code() == Errc::config && error.message().find("/nonexistent/ca.pem") != std::string::npos;
  });
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace visitor::net
