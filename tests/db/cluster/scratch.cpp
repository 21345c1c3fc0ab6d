#include "scratch.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>

#include "core/file.hpp"
#include "core/process.hpp"

namespace visitor::test {

boost::unit_test::precondition only_root() {
  return boost::unit_test::precondition([](boost::unit_test::test_unit_id) {
    boost::test_tools::assertion_result is_root{geteuid() == 0};
    is_root.message() << "needs root";
    return is_root;
  });
}

Scratch::Scratch() {
  std::string pattern = "/tmp/visitor-cluster-XXXXXX";
  BOOST_REQUIRE(mkdtemp(pattern.data()) != nullptr);
  BOOST_REQUIRE(chmod(pattern.c_str(), 0711) == 0);
  root = pattern;
}

void Scratch::given_a_stopped_cluster() const {
  // Making one takes most of a second: it is made once, and copied.
  static const Scratch original;
  static const bool made = [] {
    auto cluster = original.cluster();
    cluster.start();
    return cluster.stop();
  }();
  BOOST_REQUIRE(made);
  const auto copied = run_process({.argv = {"cp", "-a", (original.root / "db").string(), (root / "db").string()},
                                   .environment = {},
                                   .run_as = {},
                                   .detach = false,
                                   .input = {}});
  BOOST_REQUIRE_EQUAL(copied.status, 0);
}

Scratch::~Scratch() {
  try {
    cluster().stop();
  } catch (const std::exception& error) {
    BOOST_TEST_MESSAGE("not stopped: " << error.what());
  }
  std::error_code ignored;
  std::filesystem::remove_all(root, ignored);
}

db::ClusterOptions Scratch::options() const {
  db::ClusterOptions all;
  all.directory = root / "db";
  all.settings = {{"fsync", "off"}};
  return all;
}

std::string ask(const db::Cluster& cluster, const std::string& sql) {
  db::ConnectionOptions options;
  options.conninfo = cluster.conninfo();
  db::Connection connection{options};
  db::Transaction tx{connection};
  return tx.row(fmt::format("SELECT ({})::text AS value", sql)).get<std::string>("value");
}

void write_script(const std::filesystem::path& path, const std::string& text) {
  write_file(path, "#!/bin/sh\n" + text, 0755);
}

}  // namespace visitor::test
