#include "db/libpq.hpp"

#include "core/loaded_library.hpp"

namespace visitor::db {

void* libpq_function(const char* name) {
  static const LoadedLibrary library{"libpq.so.5", "the client library of PostgreSQL",
                                     "Install libpq5, version 14 or newer."};
  return library.function(name);
}

}  // namespace visitor::db
