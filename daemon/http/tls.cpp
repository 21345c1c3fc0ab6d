#include "daemon/http/tls.hpp"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/stat.h>

#include "core/error.hpp"

namespace visitor::http {
namespace {

constexpr auto kCiphers = "ECDHE+AESGCM:ECDHE+CHACHA20";

Error unusable(const std::filesystem::path& file, std::string_view what) {
  const auto code = ERR_peek_last_error();
  const auto* reason = code == 0 ? nullptr : ERR_reason_error_string(code);
  ERR_clear_error();
  return {Errc::config,
          fmt::format("{} {}{}{}", file.string(), what, reason == nullptr ? "" : ": ", reason == nullptr ? "" : reason),
          "Correct [http] certificate_file and private_key_file: PEM, and the key that the certificate was made for."};
}

/// Nobody types a password for a daemon.
int no_password(char* /*buffer*/, int /*size*/, int /*writing*/, void* /*user*/) {
  return 0;
}

void require_private(const std::filesystem::path& key) {
  struct stat found {};
  if (stat(key.c_str(), &found) != 0)
    throw Error(Errc::config, fmt::format("{} cannot be read", key.string()), "Correct [http] private_key_file.");
  if ((found.st_mode & (S_IRWXG | S_IRWXO)) != 0)
    throw Error(Errc::config, fmt::format("others than its owner may read {}", key.string()),
                fmt::format("Run 'chmod 600 {}'.", key.string()));
}

}  // namespace

Tls make_tls(const std::filesystem::path& certificate, const std::filesystem::path& key) {
  require_private(key);
  ERR_clear_error();
  Tls tls{SSL_CTX_new(TLS_server_method()), SSL_CTX_free};
  auto* context = tls.get();
  if (context == nullptr || SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) != 1 ||
      SSL_CTX_set_cipher_list(context, kCiphers) != 1)
    throw Error(Errc::config, "OpenSSL does not offer TLS 1.2", "Install libssl3.");
  SSL_CTX_set_options(context, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE);
  SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_default_passwd_cb(context, no_password);
  if (SSL_CTX_use_certificate_chain_file(context, certificate.c_str()) != 1)
    throw unusable(certificate, "is no certificate that can be used");
  if (SSL_CTX_use_PrivateKey_file(context, key.c_str(), SSL_FILETYPE_PEM) != 1 ||
      SSL_CTX_check_private_key(context) != 1)
    throw unusable(key, "is no key of that certificate that can be used");
  return tls;
}

}  // namespace visitor::http
