#pragma once

#include <httplib.h>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <atomic>
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
  /// The key and the certificate, as servers want them in one file.
  std::string key_and_certificate_pem() const;
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

inline TestCertificate::TestCertificate(const std::string& common_name)
    : certificate(X509_new()), key(EVP_EC_gen("P-256")) {
  static std::atomic<long> serial{1};
  X509_set_version(certificate, X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), serial++);
  X509_gmtime_adj(X509_getm_notBefore(certificate), -60);
  X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
  X509_set_pubkey(certificate, key);
  auto* name = X509_get_subject_name(certificate);
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, reinterpret_cast<const unsigned char*>(common_name.c_str()), -1,
                             -1, 0);
  X509_set_issuer_name(certificate, name);
  auto* extension = X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, ("DNS:" + common_name).c_str());
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
  X509_sign(certificate, key, EVP_sha256());
}

inline TestCertificate::~TestCertificate() {
  X509_free(certificate);
  EVP_PKEY_free(key);
}

inline net::Fingerprint TestCertificate::fingerprint() const {
  net::Fingerprint result;
  X509_digest(certificate, EVP_sha256(), reinterpret_cast<unsigned char*>(result.bytes.data()), nullptr);
  return result;
}

inline std::string TestCertificate::pem() const {
  auto* bio = BIO_new(BIO_s_mem());
  PEM_write_bio_X509(bio, certificate);
  char* data = nullptr;
  const auto size = BIO_get_mem_data(bio, &data);
  std::string text(data, static_cast<std::size_t>(size));
  BIO_free(bio);
  return text;
}

inline std::string TestCertificate::key_and_certificate_pem() const {
  auto* bio = BIO_new(BIO_s_mem());
  PEM_write_bio_PrivateKey(bio, key, nullptr, nullptr, 0, nullptr, nullptr);
  char* data = nullptr;
  const auto size = BIO_get_mem_data(bio, &data);
  std::string text(data, static_cast<std::size_t>(size));
  BIO_free(bio);
  return text + pem();
}

inline TlsServer::TlsServer(const TestCertificate& identity, int port)
    : server_(std::make_unique<httplib::SSLServer>(identity.certificate, identity.key)) {
  server_->set_keep_alive_max_count(1);  // or stop() waits for the idle connections
  server_->Get("/hello", [this](const httplib::Request&, httplib::Response& response) {
    ++requests_;
    response.set_content("hello", "text/plain");
  });
  if (port == 0) {
    port_ = server_->bind_to_any_port("127.0.0.1");
  } else {
    server_->bind_to_port("127.0.0.1", port);
    port_ = port;
  }
  thread_ = std::thread{[this] { server_->listen_after_bind(); }};
  while (!server_->is_running()) std::this_thread::yield();
}

inline TlsServer::~TlsServer() {
  server_->stop();
  thread_.join();
}

}  // namespace visitor::test
