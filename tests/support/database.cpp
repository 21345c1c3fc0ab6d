#include "support/database.hpp"

#include <fmt/format.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string_view>

#include "core/error.hpp"
#include "core/file.hpp"
#include "core/text.hpp"
#include "db/cluster.hpp"
#include "db/migrator.hpp"

namespace visitor::test {
namespace {

namespace fs = std::filesystem;
constexpr std::string_view kPrefix = "visitor-test-";

/// Where the server's user can go, wherever TMPDIR points.
fs::path base() {
  const auto preferred = fs::temp_directory_path();
  return db::cluster_barrier(preferred) ? fs::path{"/tmp"} : preferred;
}

db::ClusterOptions options_in(const fs::path& directory) {
  db::ClusterOptions options;
  options.directory = directory / "db";
  // Nothing here has to survive a power cut.
  options.settings = {
      {"fsync", "off"}, {"full_page_writes", "off"}, {"synchronous_commit", "off"}, {"max_connections", "100"}};
  return options;
}

/// What test processes that were killed have left behind: their clusters would run on for ever.
void sweep() {
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(base(), ignored)) {
    if (!entry.path().filename().string().starts_with(kPrefix)) continue;
    struct stat status {};
    if (lstat(entry.path().c_str(), &status) != 0 || !S_ISDIR(status.st_mode) || status.st_uid != geteuid()) continue;
    const auto text = read_file(entry.path() / "pid");
    const auto pid = text ? to_integer(trim(*text)) : std::nullopt;
    if (!pid || kill(static_cast<pid_t>(*pid), 0) == 0) continue;
    try {
      db::Cluster{options_in(entry.path())}.stop();
      fs::remove_all(entry.path());
    } catch (const std::exception&) {
      // Somebody else is at it, too.
    }
  }
}

/// A directory that the server's user can pass through.
fs::path make_directory() {
  auto pattern = (base() / fmt::format("{}XXXXXX", kPrefix)).string();
  if (mkdtemp(pattern.data()) == nullptr || chmod(pattern.c_str(), 0711) != 0)
    throw Error(Errc::failed, fmt::format("cannot make {}: {}", pattern, errno_text(errno)));
  write_file(fs::path{pattern} / "pid", fmt::format("{}\n", getpid()));
  return pattern;
}

db::ConnectionOptions connection_to(const Secret& conninfo) {
  db::ConnectionOptions options;
  options.conninfo = conninfo;
  options.application_name = "test";
  return options;
}

}  // namespace

struct TestDatabase::Impl {
  fs::path directory = make_directory();
  db::Cluster cluster{options_in(directory)};
  std::unique_ptr<db::Pool> pool;
};

TestDatabase::TestDatabase() {
  sweep();
  impl_ = new Impl;
  impl_->cluster.start();
  db::Connection connection{connection_to(impl_->cluster.conninfo())};
  db::Migrator{connection, db::embedded_migrations()}.migrate();
  db::PoolOptions options;
  options.connection = connection_to(impl_->cluster.conninfo());
  impl_->pool = std::make_unique<db::Pool>(options);
}

TestDatabase::~TestDatabase() {
  impl_->pool.reset();
  try {
    impl_->cluster.stop();
    fs::remove_all(impl_->directory);
  } catch (const std::exception& error) {
    fmt::print(stderr, "{} remains: {}\n", impl_->directory.string(), error.what());
  }
  delete impl_;
}

TestDatabase& TestDatabase::instance() {
  static TestDatabase the_one;
  return the_one;
}

db::Pool& TestDatabase::pool() {
  return *impl_->pool;
}

Secret TestDatabase::conninfo() const {
  return impl_->cluster.conninfo();
}

db::Cluster& TestDatabase::cluster() {
  return impl_->cluster;
}

Secret TestDatabase::make_empty_database(const std::string& name) {
  db::Connection connection{connection_to(conninfo())};
  connection.script(fmt::format("DROP DATABASE IF EXISTS {} WITH (FORCE)", name));
  connection.script(fmt::format("CREATE DATABASE {}", name));
  return impl_->cluster.conninfo(name);
}

}  // namespace visitor::test
