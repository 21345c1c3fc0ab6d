#include "daemon/http/tls.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>

#include "core/file.hpp"
#include "daemon/http/server.hpp"
#include "net/http.hpp"
#include "support/has_code.hpp"
#include "support/temporary_folder.hpp"
#include "support/tls_server.hpp"

using namespace visitor;
using test::has_code;

namespace {

struct Fixture {
  test::TemporaryFolder folder;
  test::TestCertificate identity{"localhost"};
  app::Registry registry;

  http::Tls tls_of(const test::TestCertificate& one, const std::string& name) {
    const auto certificate = folder.path / (name + ".pem");
    const auto key = folder.path / (name + ".key");
    write_file(certificate, one.pem());
    write_file(key, one.key_and_certificate_pem(), 0600);
    return http::make_tls(certificate, key);
  }

  http::ServerOptions options() {
    http::ServerOptions options;
    options.tls = tls_of(identity, "first");
    return options;
  }

  static http::Router router() {
    http::Router router;
    router.add("GET", "/hello", http::Where::here, [](const http::Request& request) {
      http::Response response;
      response.body = "hello " + request.remote;
      return response;
    });
    router.add("POST", "/echo", http::Where::worker, [](const http::Request& request) {
      http::Response response;
      response.body = request.body;
      return response;
    });
    return router;
  }

  static net::HttpOptions trusting(const test::TestCertificate& one) {
    net::HttpOptions options;
    options.trust = {.kind = net::TlsTrust::Kind::pinned, .pin = one.fingerprint()};
    return options;
  }

  static std::string url(const http::Server& server, std::string_view path, std::string_view scheme = "https") {
    return fmt::format("{}://127.0.0.1:{}{}", scheme, server.port(), path);
  }

  /// Whether a client that knows nothing newer than \p newest gets through.
  static bool gets_through(const http::Server& server, int newest) {
    auto* context = SSL_CTX_new(TLS_client_method());
    SSL_CTX_set_cipher_list(context, "ALL:@SECLEVEL=0");
    SSL_CTX_set_max_proto_version(context, newest);
    SSL_CTX_set_min_proto_version(context, TLS1_VERSION);
    auto* session = SSL_new(context);
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(server.port());
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    BOOST_REQUIRE(::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
    SSL_set_fd(session, fd);
    const bool through = SSL_connect(session) == 1;
    SSL_free(session);
    SSL_CTX_free(context);
    ::close(fd);
    return through;
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(http_tls, Fixture)

BOOST_AUTO_TEST_CASE(requests_are_answered_over_tls_and_browsers_are_told_to_stay_there) {
  http::Server server{options(), router(), registry};
  net::HttpClient client{trusting(identity)};
  for (int i = 0; i < 3; ++i) {
    const auto result = client.send({.url = url(server, "/hello")});
    BOOST_TEST_REQUIRE(std::holds_alternative<net::HttpResponse>(result));
    const auto& response = std::get<net::HttpResponse>(result);
    BOOST_TEST(response.status == 200);
    BOOST_TEST(response.body == "hello 127.0.0.1");
    BOOST_TEST(response.header("Strict-Transport-Security").value_or("") == "max-age=15768000");
  }
  const std::string large(300'000, 'x');
  const auto echo = client.send({.method = "POST", .url = url(server, "/echo"), .body = large});
  BOOST_TEST_REQUIRE(std::holds_alternative<net::HttpResponse>(echo));
  BOOST_TEST((std::get<net::HttpResponse>(echo).body == large));
}

BOOST_AUTO_TEST_CASE(in_the_clear_nothing_is_answered) {
  http::Server server{options(), router(), registry};
  net::HttpClient client;
  BOOST_TEST(std::holds_alternative<net::HttpFailure>(client.send({.url = url(server, "/hello", "http")})));
  net::HttpClient other{trusting(identity)};
  BOOST_TEST(std::holds_alternative<net::HttpResponse>(other.send({.url = url(server, "/hello")})));
}

BOOST_AUTO_TEST_CASE(tls_before_1_2_is_refused) {
  http::Server server{options(), router(), registry};
  BOOST_TEST(gets_through(server, TLS1_3_VERSION));
  BOOST_TEST(gets_through(server, TLS1_2_VERSION));
  BOOST_TEST(!gets_through(server, TLS1_1_VERSION));
  BOOST_TEST(!gets_through(server, TLS1_VERSION));
}

BOOST_AUTO_TEST_CASE(a_renewed_certificate_is_shown_to_whoever_comes_from_then_on) {
  http::Server server{options(), router(), registry};
  net::HttpClient before{trusting(identity)};
  BOOST_TEST(std::holds_alternative<net::HttpResponse>(before.send({.url = url(server, "/hello")})));
  const test::TestCertificate renewed{"localhost"};
  server.change(tls_of(renewed, "second"), {});
  net::HttpClient after{trusting(renewed)};
  BOOST_TEST(std::holds_alternative<net::HttpResponse>(after.send({.url = url(server, "/hello")})));
  server.change(nullptr, {});
  after.close();
  BOOST_TEST(std::holds_alternative<net::HttpResponse>(after.send({.url = url(server, "/hello")})));
}

BOOST_AUTO_TEST_CASE(files_that_cannot_be_used_are_named) {
  const test::TestCertificate other{"other"};
  const auto certificate = folder.path / "c.pem";
  const auto key = folder.path / "k.pem";
  BOOST_CHECK_EXCEPTION(http::make_tls(certificate, key), Error, has_code(Errc::config));
  write_file(certificate, identity.pem());
  write_file(key, identity.key_and_certificate_pem(), 0644);
  BOOST_CHECK_EXCEPTION(http::make_tls(certificate, key), Error, [&](const Error& error) {
    return error.message().find("others than its owner may read " + key.string()) != std::string::npos;
  });
  std::filesystem::remove(key);
  write_file(key, other.key_and_certificate_pem(), 0600);
  BOOST_CHECK_EXCEPTION(http::make_tls(certificate, key), Error, has_code(Errc::config));
  std::filesystem::remove(key);
  write_file(key, identity.key_and_certificate_pem(), 0600);
  BOOST_TEST((http::make_tls(certificate, key) != nullptr));
  write_file(certificate, "no certificate\n");
  BOOST_CHECK_EXCEPTION(http::make_tls(certificate, key), Error, has_code(Errc::config));
}

BOOST_AUTO_TEST_SUITE_END()
