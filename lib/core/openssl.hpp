#pragma once

namespace visitor {

/// Addresses of functions of OpenSSL 3, which is loaded by the first call: linked, it would make up a quarter of each
/// start of visitorctl. For LoadedFunction.
/// \throws Error config  there is no OpenSSL, or one that lacks the function
void* libcrypto_function(const char* name);
void* libssl_function(const char* name);

}  // namespace visitor
