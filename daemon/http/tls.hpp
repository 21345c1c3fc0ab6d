#pragma once

#include <filesystem>
#include <memory>

struct ssl_ctx_st;

namespace visitor::http {

/// What the server shows and how it speaks: TLS 1.2 and 1.3, forward secrecy, authenticated ciphers.
using Tls = std::shared_ptr<ssl_ctx_st>;

/// \param certificate  PEM: the server's, then those between it and its authority
/// \param key          PEM without a password, readable by its owner only
/// \throws Error config  a file cannot be read or others may read the key, it is no PEM, or the two do not belong
///                       together; names the file
Tls make_tls(const std::filesystem::path& certificate, const std::filesystem::path& key);

}  // namespace visitor::http
