#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <thread>

#include "core/file.hpp"
#include "scratch.hpp"
#include "support/has_code.hpp"

using namespace visitor;
using namespace visitor::test;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

namespace {

mode_t mode_of(const fs::path& path) {
  struct stat status {};
  BOOST_REQUIRE(lstat(path.c_str(), &status) == 0);
  return status.st_mode & 07777;
}

uid_t owner_of(const fs::path& path) {
  struct stat status {};
  BOOST_REQUIRE(lstat(path.c_str(), &status) == 0);
  return status.st_uid;
}

bool ends(pid_t pid) {
  for (int i = 0; i < 500; ++i) {
    if (kill(pid, 0) != 0) return true;
    const auto stat = read_file(fs::path{"/proc"} / std::to_string(pid) / "stat", 65536);
    if (!stat || stat->find(") Z") != stat->npos) return true;
    std::this_thread::sleep_for(10ms);
  }
  return false;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(life, Scratch)

BOOST_AUTO_TEST_CASE(it_is_made_at_the_first_start_and_kept_after) {
  auto cluster = this->cluster();
  BOOST_TEST((cluster.status().state == db::ClusterState::absent));
  BOOST_TEST(!cluster.stop());

  BOOST_TEST(cluster.start());
  BOOST_TEST(!cluster.start());
  const auto status = cluster.status();
  BOOST_TEST((status.state == db::ClusterState::running));
  BOOST_TEST(status.major >= 15);
  BOOST_TEST(status.pid > 1);
  BOOST_TEST(status.directory == root / "db");
  ask(cluster, "SELECT count(*) FROM pg_class");
  {
    db::ConnectionOptions options;
    options.conninfo = cluster.conninfo();
    db::Connection connection{options};
    connection.script("CREATE TABLE kept (id int)");
  }

  BOOST_TEST(cluster.stop());
  BOOST_TEST(!cluster.stop());
  BOOST_TEST((cluster.status().state == db::ClusterState::stopped));
  BOOST_TEST(cluster.start());
  BOOST_TEST(ask(cluster, "SELECT count(*) FROM kept") == "0");
}

BOOST_AUTO_TEST_CASE(it_is_safe_on_disk_and_open_to_nobody_else) {
  auto plain = options();
  plain.settings.clear();
  db::Cluster cluster{plain};
  cluster.start();

  BOOST_TEST(ask(cluster, "SELECT current_user || ' ' || current_database()") == "visitor visitor");
  BOOST_TEST(ask(cluster, "current_setting('fsync')") == "on");
  BOOST_TEST(ask(cluster, "current_setting('synchronous_commit')") == "on");
  BOOST_TEST(ask(cluster, "current_setting('full_page_writes')") == "on");
  BOOST_TEST(ask(cluster, "current_setting('data_checksums')") == "on");
  BOOST_TEST(ask(cluster, "current_setting('server_encoding')") == "UTF8");
  BOOST_TEST(ask(cluster, "SELECT datcollate FROM pg_database WHERE datname = 'visitor'") == "C.UTF-8");
  BOOST_TEST(ask(cluster, "current_setting('listen_addresses')") == "");
  BOOST_TEST(ask(cluster, "current_setting('unix_socket_permissions')") == "0700");
  BOOST_TEST(mode_of(root / "db") == 0700U);
  BOOST_TEST(mode_of(data()) == 0700U);
  BOOST_TEST(mode_of(root / "db" / "server.log") == 0600U);
  BOOST_TEST(mode_of(cluster.status().socket_directory / ".s.PGSQL.5432") == 0700U);
}

BOOST_AUTO_TEST_CASE(root_never_runs_it_as_root, *only_root()) {
  given_a_stopped_cluster();
  auto cluster = this->cluster();
  cluster.start();
  const auto status = cluster.status();
  BOOST_TEST(owner_of(fs::path{"/proc"} / std::to_string(status.pid)) != 0U);
  BOOST_TEST(owner_of(data()) == owner_of(fs::path{"/proc"} / std::to_string(status.pid)));
  BOOST_TEST(owner_of(root / "db" / "server.log") != 0U);
}

BOOST_AUTO_TEST_CASE(it_outlives_its_starter_and_keeps_nothing_of_it) {
  given_a_stopped_cluster();
  int ends_of_pipe[2];
  BOOST_REQUIRE(pipe(ends_of_pipe) == 0);  // inherited by children that do not close it
  auto cluster = this->cluster();
  cluster.start();
  const auto pid = cluster.status().pid;

  BOOST_TEST(getsid(pid) != getsid(0));  // a Ctrl-C in our terminal does not reach it
  BOOST_TEST(getpgid(pid) != getpgid(0));
  close(ends_of_pipe[1]);
  char byte = 0;
  BOOST_TEST(read(ends_of_pipe[0], &byte, 1) == 0);  // nobody else holds the writing end
  close(ends_of_pipe[0]);
  const auto stat = read_file(fs::path{"/proc"} / std::to_string(pid) / "stat", 65536).value();
  const auto parent = std::stoi(stat.substr(stat.rfind(')') + 4));
  BOOST_TEST(parent != getpid());
}

BOOST_AUTO_TEST_CASE(of_several_starters_at_once_one_starts_it) {
  std::atomic<int> started{0};
  std::atomic<int> failed{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&] {
      try {
        if (db::Cluster{options()}.start()) ++started;
        if (ask(cluster(), "SELECT 1") != "1") ++failed;
      } catch (const std::exception&) {
        ++failed;
      }
    });
  for (auto& thread : threads) thread.join();
  BOOST_TEST(started == 1);
  BOOST_TEST(failed == 0);
}

BOOST_AUTO_TEST_CASE(a_start_that_was_cut_short_does_not_stand_in_the_way) {
  given_a_stopped_cluster();
  auto cluster = this->cluster();
  fs::rename(data(), root / "db" / "data.new");  // as if killed before the last step
  fs::remove(root / "db" / "data.new" / "PG_VERSION");
  BOOST_TEST((cluster.status().state == db::ClusterState::absent));

  BOOST_TEST(cluster.start());
  BOOST_TEST(ask(cluster, "SELECT 1") == "1");
  BOOST_TEST(!fs::exists(root / "db" / "data.new"));
}

BOOST_AUTO_TEST_CASE(stopping_closes_open_sessions) {
  given_a_stopped_cluster();
  auto cluster = this->cluster();
  cluster.start();
  db::ConnectionOptions options;
  options.conninfo = cluster.conninfo();
  db::Connection connection{options};
  db::Transaction tx{connection};
  tx.exec("SELECT 1");

  BOOST_TEST(cluster.stop());
  BOOST_CHECK_EXCEPTION(tx.exec("SELECT 1"), db::DatabaseError, has_code(Errc::database_lost));
}

BOOST_AUTO_TEST_CASE(it_recovers_from_a_server_that_was_killed) {
  given_a_stopped_cluster();
  auto cluster = this->cluster();
  cluster.start();
  const auto pid = cluster.status().pid;
  kill(pid, SIGKILL);
  BOOST_REQUIRE(ends(pid));
  BOOST_TEST(fs::exists(data() / "postmaster.pid"));
  BOOST_TEST((cluster.status().state == db::ClusterState::stopped));

  BOOST_TEST(cluster.start());
  BOOST_TEST(ask(cluster, "SELECT 1") == "1");
}

BOOST_AUTO_TEST_CASE(a_stale_pid_file_whose_number_is_somebody_elses_now_is_no_obstacle) {
  given_a_stopped_cluster();
  auto cluster = this->cluster();
  cluster.start();
  const auto text = read_file(data() / "postmaster.pid").value();
  cluster.stop();
  write_file(data() / "postmaster.pid", std::to_string(getpid()) + text.substr(text.find('\n')), 0644);

  BOOST_TEST((cluster.status().state == db::ClusterState::stopped));
  BOOST_TEST(!cluster.stop());  // and we are still here
  BOOST_TEST(cluster.start());
}

BOOST_AUTO_TEST_CASE(processes_left_by_a_killed_server_are_waited_for_and_then_named) {
  given_a_stopped_cluster();
  auto cluster = this->cluster();
  cluster.start();
  const auto pid = cluster.status().pid;
  const auto checkpointer =
      std::stoi(ask(cluster, "SELECT pid FROM pg_stat_activity WHERE backend_type = 'checkpointer'"));
  kill(checkpointer, SIGSTOP);  // cannot notice that its server has gone
  kill(pid, SIGKILL);
  BOOST_REQUIRE(ends(pid));

  BOOST_CHECK_EXCEPTION(cluster.start(), Error, says(Errc::database, "another server still uses"));
  kill(checkpointer, SIGKILL);
  BOOST_REQUIRE(ends(checkpointer));
  BOOST_TEST(cluster.start());
}

BOOST_AUTO_TEST_CASE(a_long_path_has_its_socket_in_a_short_private_place) {
  auto far = options();
  far.directory = root / std::string(60, 'a') / std::string(60, 'b');
  db::Cluster cluster{far};
  cluster.start();
  const auto place = cluster.status().socket_directory;

  BOOST_TEST(place != far.directory);
  BOOST_TEST((place / ".s.PGSQL.5432").string().size() <= 107U);
  BOOST_TEST(mode_of(place) == 0700U);
  BOOST_TEST(ask(cluster, "SELECT 1") == "1");
  cluster.stop();

  fs::permissions(place, fs::perms{0755});
  BOOST_CHECK_EXCEPTION(cluster.start(), Error, says(Errc::config, "open to others (mode 0755)"));
  fs::remove_all(place);
  fs::create_directory_symlink(root, place);
  BOOST_CHECK_EXCEPTION(cluster.start(), Error, says(Errc::config, "is not a directory"));
  fs::remove(place);
}

BOOST_AUTO_TEST_CASE(a_chosen_socket_directory_is_used) {
  auto chosen = options();
  chosen.socket_directory = root / "it's \"here\"";
  db::Cluster cluster{chosen};
  cluster.start();
  BOOST_TEST(cluster.status().socket_directory == chosen.socket_directory);
  BOOST_TEST(ask(cluster, "SELECT 1") == "1");
}

BOOST_AUTO_TEST_SUITE_END()
