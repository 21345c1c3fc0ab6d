#include "db/libpq.hpp"

#include <dlfcn.h>

#include <string>

#include "core/error.hpp"

namespace visitor::db {
namespace {

constexpr auto kLibrary = "libpq.so.5";

[[noreturn]] void raise_not_loaded() {
  const char* said = dlerror();
  throw Error(Errc::config, "the client library of PostgreSQL cannot be used: " + std::string{said ? said : kLibrary},
              "Install libpq5, version 14 or newer.");
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

void* libpq_function(const char* name) {
  void* function = dlsym(library(), name);
  if (function == nullptr) raise_not_loaded();
  return function;
}

}  // namespace visitor::db
