#include "core/openssl.hpp"

#include "core/loaded_library.hpp"

namespace visitor {

void* libcrypto_function(const char* name) {
  static const LoadedLibrary library{"libcrypto.so.3", "OpenSSL", "Install libssl3."};
  return library.function(name);
}

void* libssl_function(const char* name) {
  static const LoadedLibrary library{"libssl.so.3", "OpenSSL", "Install libssl3."};
  return library.function(name);
}

}  // namespace visitor
