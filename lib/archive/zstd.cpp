#include "archive/zstd.hpp"

#include <dlfcn.h>

#include <string>

#include "core/error.hpp"

namespace visitor::archive {
namespace {

constexpr auto kLibrary = "libzstd.so.1";

[[noreturn]] void raise_not_loaded() {
  const char* said = dlerror();
  throw Error(Errc::config,
              "the library that compresses backups cannot be used: " + std::string{said ? said : kLibrary},
              "Install libzstd1, version 1.5 or newer.");
}

void* library() {
  static void* const loaded = [] {
    void* handle = dlopen(kLibrary, RTLD_NOW | RTLD_LOCAL);
    if (handle == nullptr) raise_not_loaded();
    return handle;
  }();
  return loaded;
}

}  // namespace

void* libzstd_function(const char* name) {
  void* function = dlsym(library(), name);
  if (function == nullptr) raise_not_loaded();
  return function;
}

}  // namespace visitor::archive
