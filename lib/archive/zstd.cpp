#include "archive/zstd.hpp"

#include "core/loaded_library.hpp"

namespace visitor::archive {

void* libzstd_function(const char* name) {
  static const LoadedLibrary library{"libzstd.so.1", "the library that compresses backups",
                                     "Install libzstd1, version 1.5 or newer."};
  return library.function(name);
}

}  // namespace visitor::archive
