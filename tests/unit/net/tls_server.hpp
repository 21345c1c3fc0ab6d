#pragma once

#include <httplib.h>

#include <memory>
#include <string>
#include <thread>

#include "net/fingerprint.hpp"

namespace visitor::test {

/// A self-signed certificate with its key, made on the spot.
struct TestCertificate {
  X509* certificate;
  EVP_PKEY* key;

  explicit TestCertificate(const std::string& common_name);
  ~TestCertificate();
  TestCertificate(const TestCertificate&) = delete;
  TestCertificate& operator=(const TestCertificate&) = delete;

  net::Fingerprint fingerprint() const;
  std::string pem() const;
};

/// An https server on 127.0.0.1 that answers GET /hello with "hello".
class TlsServer {
 public:
  /// \param port  0: any
  explicit TlsServer(const TestCertificate& identity, int port = 0);
  ~TlsServer();

  int port() const { return port_; }
  std::string url(const std::string& host = "127.0.0.1") const {
    return "https://" + host + ":" + std::to_string(port_) + "/hello";
  }
  int requests() const { return requests_; }

 private:
  std::unique_ptr<httplib::SSLServer> server_;
  int port_ = 0;
  std::atomic<int> requests_{0};
  std::thread thread_;
};

}  // namespace visitor::test
