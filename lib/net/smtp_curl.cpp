#include "net/smtp_curl.hpp"

#include "core/error.hpp"
#include "core/loaded_library.hpp"

namespace visitor::net {
namespace {

LoadedLibrary started() {
  const LoadedLibrary library{"libcurl.so.4", "the library that sends mail",
                              "Install libcurl4, version 7.85 or newer."};
  const auto start = reinterpret_cast<decltype(&::curl_global_init)>(library.function("curl_global_init"));
  if (start(CURL_GLOBAL_DEFAULT) != CURLE_OK) throw Error(Errc::failed, "libcurl does not start");
  return library;
}

}  // namespace

void* libcurl_function(const char* name) {
  static const LoadedLibrary library = started();
  return library.function(name);
}

}  // namespace visitor::net
