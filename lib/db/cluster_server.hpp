#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "core/file.hpp"
#include "db/cluster_place.hpp"

// The server process of the embedded cluster. For cluster*.cpp only.
namespace visitor::db::server {

/// Lets one program at a time make, start, stop or exchange the cluster in \p directory, as long as this lives.
/// \throws Error database  another one has had it until \p end
Fd lock(const std::filesystem::path& directory, std::chrono::steady_clock::time_point end);

/// Cuts the first line off \p rest and returns it without blanks around; empty at the end.
std::string_view next_line(std::string_view& rest);

/// What postmaster.pid says, and the process behind it.
struct PidFile {
  pid_t pid = 0;
  std::filesystem::path socket_directory;
  int shared_memory = -1;  ///< its System V id, or -1
  bool ready = false;
  bool stopping = false;
};

/// Nothing where there is none, or none that can be understood.
std::optional<PidFile> read_pid_file(const std::filesystem::path& data);

/// The process exists and has not ended (a zombie has).
bool is_alive(pid_t pid);
/// \p pid is a server on \p data that belongs to \p account.
bool is_server(pid_t pid, const std::filesystem::path& data, const place::Account& account);

/// \p pid is some PostgreSQL server that belongs to \p account.
bool is_postgres(pid_t pid, const place::Account& account);

/// Starts postgres as \p account in a session of its own, writing to \p log. It keeps nothing of ours: no descriptor,
/// no terminal, no environment.
/// \throws Error failed
pid_t launch(const place::Binaries& binaries, const std::filesystem::path& data, const std::filesystem::path& log,
             const place::Account& account);

/// How long \p log is now.
off_t log_size(const std::filesystem::path& log);
/// The line of \p text, the output of one of PostgreSQL's programs, that says why it failed.
std::string telling_line(std::string_view text);
/// The same of what \p log holds after \p from.
std::string last_word(const std::filesystem::path& log, off_t from);

/// Turns \p said, the last word of initdb or postgres, into an error with a hint that fits.
[[noreturn]] void raise_failed(const std::string& doing, const std::string& said, const place::Paths& paths);

}  // namespace visitor::db::server
