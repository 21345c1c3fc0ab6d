#include "core/loaded_library.hpp"

#include <dlfcn.h>
#include <fmt/format.h>

#include "core/error.hpp"

namespace visitor {

LoadedLibrary::LoadedLibrary(const char* file, const char* what, const char* mend)
    : file_(file), what_(what), mend_(mend), handle_(dlopen(file, RTLD_NOW | RTLD_LOCAL)) {
  if (handle_ == nullptr) raise();
}

void* LoadedLibrary::function(const char* name) const {
  auto* found = dlsym(handle_, name);
  if (found == nullptr) raise();
  return found;
}

void LoadedLibrary::raise() const {
  const char* said = dlerror();
  throw Error(Errc::config, fmt::format("{} cannot be used: {}", what_, said != nullptr ? said : file_), mend_);
}

}  // namespace visitor
