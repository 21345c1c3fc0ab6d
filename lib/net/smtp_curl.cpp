#include "net/smtp_curl.hpp"

#include <dlfcn.h>

#include <string>

#include "core/error.hpp"

namespace visitor::net {
namespace {

constexpr auto kLibrary = "libcurl.so.4";

[[noreturn]] void raise_not_loaded() {
  const char* said = dlerror();
  throw Error(Errc::config, "the library that sends mail cannot be used: " + std::string{said ? said : kLibrary},
              "Install libcurl4, version 7.85 or newer.");
}

void* function_of(void* library, const char* name) {
  void* function = dlsym(library, name);
  if (function == nullptr) raise_not_loaded();
  return function;
}

void* library() {
  static void* const loaded = [] {
    void* handle = dlopen(kLibrary, RTLD_NOW | RTLD_LOCAL);
    if (handle == nullptr) raise_not_loaded();
    const auto start = reinterpret_cast<decltype(&::curl_global_init)>(function_of(handle, "curl_global_init"));
    if (start(CURL_GLOBAL_DEFAULT) != CURLE_OK) throw Error(Errc::failed, "libcurl does not start");
    return handle;
  }();
  return loaded;
}

}  // namespace

void* libcurl_function(const char* name) {
  return function_of(library(), name);
}

}  // namespace visitor::net
