#pragma once

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include "core/loaded_function.hpp"
#include "core/openssl.hpp"

// The functions of OpenSSL under their own names, for tls.cpp alone. Its macros find them, too.
namespace visitor::net {

#define VISITOR_OPENSSL(library, name)                                               \
  inline constinit const LoadedFunction<library##_function, decltype(::name)> name { \
#name                                                                            \
  }
VISITOR_OPENSSL(libcrypto, BIO_clear_flags);
VISITOR_OPENSSL(libcrypto, BIO_get_data);
VISITOR_OPENSSL(libcrypto, BIO_get_new_index);
VISITOR_OPENSSL(libcrypto, BIO_meth_new);
VISITOR_OPENSSL(libcrypto, BIO_meth_set_ctrl);
VISITOR_OPENSSL(libcrypto, BIO_meth_set_read);
VISITOR_OPENSSL(libcrypto, BIO_meth_set_write);
VISITOR_OPENSSL(libcrypto, BIO_new);
VISITOR_OPENSSL(libcrypto, BIO_set_data);
VISITOR_OPENSSL(libcrypto, BIO_set_flags);
VISITOR_OPENSSL(libcrypto, BIO_set_init);
VISITOR_OPENSSL(libcrypto, ERR_clear_error);
VISITOR_OPENSSL(libcrypto, ERR_peek_last_error);
VISITOR_OPENSSL(libcrypto, ERR_reason_error_string);
VISITOR_OPENSSL(libcrypto, EVP_sha256);
VISITOR_OPENSSL(libcrypto, X509_VERIFY_PARAM_set1_ip_asc);
VISITOR_OPENSSL(libcrypto, X509_digest);
VISITOR_OPENSSL(libcrypto, X509_free);
VISITOR_OPENSSL(libcrypto, X509_verify_cert_error_string);
VISITOR_OPENSSL(libssl, SSL_CTX_ctrl);
VISITOR_OPENSSL(libssl, SSL_CTX_free);
VISITOR_OPENSSL(libssl, SSL_CTX_load_verify_locations);
VISITOR_OPENSSL(libssl, SSL_CTX_new);
VISITOR_OPENSSL(libssl, SSL_CTX_set_cipher_list);
VISITOR_OPENSSL(libssl, SSL_CTX_set_default_verify_paths);
VISITOR_OPENSSL(libssl, SSL_CTX_set_options);
VISITOR_OPENSSL(libssl, SSL_CTX_set_verify);
VISITOR_OPENSSL(libssl, SSL_connect);
VISITOR_OPENSSL(libssl, SSL_ctrl);
VISITOR_OPENSSL(libssl, SSL_free);
VISITOR_OPENSSL(libssl, SSL_get0_param);
VISITOR_OPENSSL(libssl, SSL_get1_peer_certificate);
VISITOR_OPENSSL(libssl, SSL_get_error);
VISITOR_OPENSSL(libssl, SSL_get_verify_result);
VISITOR_OPENSSL(libssl, SSL_has_pending);
VISITOR_OPENSSL(libssl, SSL_is_init_finished);
VISITOR_OPENSSL(libssl, SSL_new);
VISITOR_OPENSSL(libssl, SSL_read_ex);
VISITOR_OPENSSL(libssl, SSL_set1_host);
VISITOR_OPENSSL(libssl, SSL_set_bio);
VISITOR_OPENSSL(libssl, SSL_shutdown);
VISITOR_OPENSSL(libssl, SSL_write_ex);
VISITOR_OPENSSL(libssl, TLS_client_method);
#undef VISITOR_OPENSSL

}  // namespace visitor::net
