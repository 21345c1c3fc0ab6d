#include "core/message_digest.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>

#include "core/error.hpp"
#include "core/loaded_function.hpp"
#include "core/openssl.hpp"

namespace visitor {
namespace {

#define VISITOR_LIBCRYPTO(name)                                               \
  constinit const LoadedFunction<libcrypto_function, decltype(::name)> name { \
#name                                                                     \
  }
VISITOR_LIBCRYPTO(EVP_DigestFinal_ex);
VISITOR_LIBCRYPTO(EVP_DigestInit_ex);
VISITOR_LIBCRYPTO(EVP_DigestUpdate);
VISITOR_LIBCRYPTO(EVP_MD_CTX_free);
VISITOR_LIBCRYPTO(EVP_MD_CTX_new);
VISITOR_LIBCRYPTO(EVP_md5);
VISITOR_LIBCRYPTO(EVP_sha1);
VISITOR_LIBCRYPTO(EVP_sha256);
VISITOR_LIBCRYPTO(EVP_sha512);
#undef VISITOR_LIBCRYPTO

const EVP_MD* function_of(DigestKind kind) {
  switch (kind) {
    case DigestKind::md5:
      return EVP_md5();
    case DigestKind::sha1:
      return EVP_sha1();
    case DigestKind::sha256:
      return EVP_sha256();
    case DigestKind::sha512:
      return EVP_sha512();
  }
  return EVP_sha256();
}

std::string_view name_of(DigestKind kind) {
  switch (kind) {
    case DigestKind::md5:
      return "MD5";
    case DigestKind::sha1:
      return "SHA-1";
    case DigestKind::sha256:
      return "SHA-256";
    case DigestKind::sha512:
      return "SHA-512";
  }
  return "SHA-256";
}

EVP_MD_CTX* context_of(void* context) {
  return static_cast<EVP_MD_CTX*>(context);
}

}  // namespace

MessageDigest::MessageDigest(DigestKind kind) : kind_(kind), context_(EVP_MD_CTX_new()) {
  if (!context_ || EVP_DigestInit_ex(context_of(context_.get()), function_of(kind), nullptr) != 1) raise();
}

void MessageDigest::add(std::string_view bytes) {
  if (EVP_DigestUpdate(context_of(context_.get()), bytes.data(), bytes.size()) != 1) raise();
}

std::vector<std::byte> MessageDigest::finish() {
  std::vector<std::byte> hash(EVP_MAX_MD_SIZE);
  unsigned size = 0;
  if (EVP_DigestFinal_ex(context_of(context_.get()), reinterpret_cast<unsigned char*>(hash.data()), &size) != 1) {
    raise();
  }
  hash.resize(size);
  return hash;
}

void MessageDigest::raise() const {
  throw Error(Errc::failed, fmt::format("OpenSSL refuses to compute {}", name_of(kind_)),
              "Check whether this machine's OpenSSL runs in a mode that forbids it (FIPS).");
}

void MessageDigest::Free::operator()(void* context) const {
  EVP_MD_CTX_free(context_of(context));
}

}  // namespace visitor
