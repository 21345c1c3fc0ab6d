#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/child.hpp"
#include "core/file.hpp"
#include "db/cluster.hpp"

namespace visitor::db {

/// A second embedded cluster that is made from the files of one, beside the first: recovered to a moment, it may take
/// the place of that. All files are written by the account that the server runs as. What is left goes with this object,
/// and what an earlier one left that was killed goes first.
class ClusterImport {
 public:
  /// \param options  of the cluster beside which it lies, in "restore-…" of its directory, which need not exist
  /// \throws Error conflict  another one is under way there
  /// \throws Error config    as Cluster::start
  explicit ClusterImport(const ClusterOptions& options);
  ~ClusterImport();
  ClusterImport(const ClusterImport&) = delete;
  ClusterImport& operator=(const ClusterImport&) = delete;

  /// Bytes on their way into a file, or several.
  class Inlet {
   public:
    Inlet(std::string what, const ProcessOptions& options) : what_(std::move(what)), child_(options) {}
    /// \throws Error failed  it cannot be written; with the reason ("No space left on device")
    void write(std::span<const std::byte> bytes);
    /// Once, at the end. \throws Error failed  as write
    void finish();

   private:
    std::string what_;
    Child child_;
  };

  /// Takes the tar of a base backup.
  std::unique_ptr<Inlet> data();
  /// Takes a segment of the log that belongs to it.
  /// \param name  24 hexadecimal digits
  std::unique_ptr<Inlet> segment(const std::string& name);

  /// Starts it: it replays those segments up to \p at, no further, and goes on from there on a timeline of its own.
  /// \param at     as PostgreSQL reads it, with a time zone
  /// \param taken  timelines after that of the base ("00000002") that there are already, without a gap; it gets the
  /// next \returns a manager of it while it runs \throws Error database  it did not get that far; nothing can be used
  Cluster& recover(const std::string& at, const std::vector<std::string>& taken);

  /// Stops both clusters, and puts this one's data in the place of the other's.
  /// \returns where that one's data are now; empty where there were none
  std::filesystem::path take_over();

 private:
  ProcessOptions as_owner(std::vector<std::string> argv) const;
  void run(std::vector<std::string> argv) const;

  ClusterOptions main_;
  ClusterOptions side_;
  Fd lock_;
  std::unique_ptr<Cluster> cluster_;
};

}  // namespace visitor::db
