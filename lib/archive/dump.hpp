#pragma once

#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "archive/bytes.hpp"
#include "archive/dump_reader.hpp"
#include "core/child.hpp"
#include "core/secret.hpp"

namespace visitor::archive {

/// One of PostgreSQL's client programs, with a way to the database that shows neither in its arguments nor in its
/// environment: the password lies in a file without a name that goes with us.
class ClientProgram {
 public:
  /// \param name   "pg_dump"
  /// \param major  of the server: the program may not be older; the nearest is taken
  /// \throws Error config  none is installed that is new enough
  ClientProgram(const std::string& name, int major, const Secret& conninfo, std::vector<std::string> arguments,
                std::stop_token stop);
  ~ClientProgram();

  Child& child() { return *child_; }
  /// Waits for its end.
  /// \throws Error database  it failed; with its own word
  void finish();

 private:
  std::string name_;
  Fd password_;
  std::unique_ptr<Child> child_;
};

/// \throws Error config  there is no pg_dump for that server
void require_dump_program(int server_version, const Secret& conninfo);

/// What pg_dump writes of a whole database: its custom format, not compressed.
class DumpSource final : public Source {
 public:
  /// \param snapshot  of pg_export_snapshot(); empty: of now
  DumpSource(const Secret& conninfo, int server_version, const std::string& snapshot, std::stop_token stop = {});
  /// \throws Error database  pg_dump failed: nothing of what was read may be used
  std::size_t read(std::span<std::byte> to) override;

 private:
  ClientProgram program_;
};

/// Gives a dump to pg_restore, which brings it into an empty database in one transaction: all of it, or nothing.
/// Owners and grants are those of whoever restores.
class RestoreSink final : public Sink {
 public:
  RestoreSink(const Secret& conninfo, int server_version, std::stop_token stop = {});
  void write(std::span<const std::byte> bytes) override;
  /// \throws Error database  pg_restore failed: nothing was restored
  void finish() override;

 private:
  ClientProgram program_;
};

/// What a database holds right now, by reading all of it.
std::vector<TableSum> sums_of(const Secret& conninfo, int server_version, std::stop_token stop = {});

/// Reads \p from to its end through \p see.
/// \returns how many bytes there were
std::uint64_t pump(Source& from, const std::function<void(std::span<const std::byte>)>& see);

}  // namespace visitor::archive
