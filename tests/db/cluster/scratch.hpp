#pragma once

#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <string>

#include "db/cluster.hpp"
#include "db/connection.hpp"
#include "db/transaction.hpp"

namespace visitor::test {

/// Only where root is: a decorator that reports the test as skipped elsewhere.
boost::unit_test::precondition only_root();

/// A directory under /tmp that the server's account can pass through; a cluster in it is stopped and all is removed.
struct Scratch {
  Scratch();
  ~Scratch();
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  /// A cluster that has been made, started once and stopped.
  void given_a_stopped_cluster() const;
  /// Without fsync: nothing here has to survive a power cut.
  db::ClusterOptions options() const;
  db::Cluster cluster() const { return db::Cluster{options()}; }
  std::filesystem::path data() const { return root / "db" / "data"; }

  std::filesystem::path root;
};

/// One value, as text, from the cluster's database.
std::string ask(const db::Cluster& cluster, const std::string& sql);

/// Writes an executable file.
void write_script(const std::filesystem::path& path, const std::string& text);

}  // namespace visitor::test
