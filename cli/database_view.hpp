#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "cli/json_writer.hpp"
#include "cli/table.hpp"

namespace visitor::app {
class Instance;
}

namespace visitor::cli {

/// How the database is. What only a running server can say is absent where none runs.
struct DatabaseView {
  bool embedded = true;
  std::string state;             ///< absent, stopped, starting, running
  std::string directory;         ///< of the embedded cluster
  std::string socket_directory;  ///< of the embedded cluster
  std::string owner;             ///< account that the embedded server runs as
  std::int64_t pid = 0;          ///< of the embedded server; 0 while it does not run
  std::optional<std::string> server_version;
  std::optional<std::string> database;
  std::optional<int> schema;
  int latest_schema = 0;  ///< that this program brings
  std::optional<std::int64_t> size_bytes;
};

/// Starts nothing.
/// \throws Error database  a configured database cannot be reached
DatabaseView look_at_database(app::Instance& instance);

void write(JsonWriter& json, const DatabaseView& view);
Card card_of(const DatabaseView& view);

}  // namespace visitor::cli
