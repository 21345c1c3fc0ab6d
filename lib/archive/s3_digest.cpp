#include "archive/s3_digest.hpp"

#include <openssl/evp.h>
#include <sodium.h>

#include "core/error.hpp"
#include "core/text.hpp"

namespace visitor::archive {
namespace {

[[noreturn]] void raise() {
  throw Error(Errc::failed, "OpenSSL does not compute the checksum that S3 asks for",
              "A machine in FIPS mode has no MD5; S3 targets need it.");
}

template <std::size_t Size>
std::array<std::byte, Size> digest(std::string_view bytes, const EVP_MD* kind) {
  std::array<std::byte, Size> out{};
  unsigned size = 0;
  if (EVP_Digest(bytes.data(), bytes.size(), reinterpret_cast<unsigned char*>(out.data()), &size, kind, nullptr) != 1 ||
      size != Size)
    raise();
  return out;
}

}  // namespace

std::string sha256_hex(std::string_view bytes) {
  constexpr std::size_t kSize = 32;
  return to_hex(digest<kSize>(bytes, EVP_sha256()));
}

Md5 md5(std::string_view bytes) {
  return digest<std::tuple_size_v<Md5>>(bytes, EVP_md5());
}

Md5Sum::Md5Sum() : context_(EVP_MD_CTX_new(), &EVP_MD_CTX_free) {
  if (!context_ || EVP_DigestInit_ex(context_.get(), EVP_md5(), nullptr) != 1) raise();
}

void Md5Sum::add(std::string_view bytes) {
  if (EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()) != 1) raise();
}

Md5 Md5Sum::value() {
  Md5 out{};
  if (EVP_DigestFinal_ex(context_.get(), reinterpret_cast<unsigned char*>(out.data()), nullptr) != 1) raise();
  return out;
}

std::string base64(std::span<const std::byte> bytes) {
  std::string out(sodium_base64_ENCODED_LEN(bytes.size(), sodium_base64_VARIANT_ORIGINAL), '\0');
  sodium_bin2base64(out.data(), out.size(), reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(),
                    sodium_base64_VARIANT_ORIGINAL);
  out.pop_back();  // the NUL
  return out;
}

}  // namespace visitor::archive
