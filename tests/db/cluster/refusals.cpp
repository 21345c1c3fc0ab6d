#include <pwd.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>

#include "core/file.hpp"
#include "db/cluster_place.hpp"
#include "scratch.hpp"
#include "support/has_code.hpp"

using namespace visitor;
using namespace visitor::test;
namespace fs = std::filesystem;

namespace {

/// The error, its message and the hint hold these texts.
auto refuses(Errc code, std::string message, std::string hint) {
  return [=](const Error& error) {
    BOOST_TEST_MESSAGE(error.message() << " | " << error.hint());
    return error.code() == code && error.message().find(message) != std::string::npos &&
           error.hint().find(hint) != std::string::npos;
  };
}

struct Made : Scratch {
  Made() { given_a_stopped_cluster(); }
};

/// What can be seen of one from outside, which is all that a refusal looks at.
struct Husk : Scratch {
  Husk() {
    const auto account = db::place::account(options());
    const auto major = db::place::binaries(options(), 0).major;
    db::place::make_private_directory(root / "db", account);
    db::place::make_private_directory(data(), account);
    std::ofstream{data() / "PG_VERSION"} << major << '\n';
  }
};

/// A folder of programs that look like a server of another kind.
fs::path fake_binaries(const fs::path& root, const std::string& version, const std::string& initdb) {
  const auto bin = root / "bin";
  fs::create_directories(bin);
  write_script(bin / "postgres", "echo 'postgres (PostgreSQL) " + version + "'\n");
  write_script(bin / "initdb", initdb);
  return bin;
}

/// Only where a small disk can be had, which takes root and, in a container, the right to mount.
boost::unit_test::precondition only_where_disks_are_mounted() {
  return boost::unit_test::precondition([](boost::unit_test::test_unit_id) {
    boost::test_tools::assertion_result can_mount{false};
    std::string place = "/tmp/visitor-mount-XXXXXX";
    if (mkdtemp(place.data()) == nullptr) {
      can_mount.message() << "no directory to mount on: " << errno_text(errno);
      return can_mount;
    }
    if (mount("tmpfs", place.c_str(), "tmpfs", 0, "size=1m") == 0) {
      umount(place.c_str());
      can_mount = boost::test_tools::assertion_result{true};
    } else {
      can_mount.message() << "needs the right to mount a tmpfs: " << errno_text(errno);
    }
    rmdir(place.c_str());
    return can_mount;
  });
}

}  // namespace

BOOST_AUTO_TEST_SUITE(refusals)

BOOST_AUTO_TEST_CASE(without_server_binaries_it_names_the_package) {
  BOOST_CHECK_EXCEPTION(db::place::pick_binaries({}, 0, "/x/data"), Error,
                        refuses(Errc::config, "no PostgreSQL server is installed", "apt install postgresql-15"));
}

BOOST_FIXTURE_TEST_CASE(a_folder_without_a_server_is_named, Scratch) {
  auto wrong = options();
  wrong.binaries = "/usr/share";
  BOOST_CHECK_EXCEPTION(db::Cluster{wrong}.start(), Error,
                        refuses(Errc::config, "/usr/share holds no PostgreSQL server", "postgres and initdb"));
}

BOOST_FIXTURE_TEST_CASE(a_server_that_is_too_old_is_named, Scratch) {
  const auto bin = fake_binaries(root, "13.4", "exit 1\n");
  auto old = options();
  old.binaries = bin;
  BOOST_CHECK_EXCEPTION(db::Cluster{old}.start(), Error, refuses(Errc::config, "PostgreSQL 13", "Install 15 or later"));
  BOOST_CHECK_EXCEPTION(db::place::pick_binaries({bin}, 0, data()), Error,
                        refuses(Errc::config, "PostgreSQL 13 is too old", "apt install postgresql-15"));
}

BOOST_FIXTURE_TEST_CASE(data_of_another_major_version_are_not_touched, Husk) {
  std::ofstream{data() / "PG_VERSION"} << "14\n";
  BOOST_CHECK_EXCEPTION(cluster().start(), Error,
                        refuses(Errc::config, "were made by PostgreSQL 14, and only", "apt install postgresql-14"));
}

BOOST_FIXTURE_TEST_CASE(a_folder_that_is_no_cluster_is_not_touched, Husk) {
  fs::remove(data() / "PG_VERSION");
  BOOST_CHECK_EXCEPTION(cluster().start(), Error, refuses(Errc::config, "holds no PostgreSQL cluster", "Move it away"));
}

BOOST_FIXTURE_TEST_CASE(a_wrong_mode_is_named_with_the_command_that_puts_it_right, Husk) {
  fs::permissions(root / "db", fs::perms{0755});
  BOOST_CHECK_EXCEPTION(cluster().start(), Error,
                        refuses(Errc::config, "mode 0755", "chmod 700 " + (root / "db").string()));
  fs::permissions(root / "db", fs::perms{0700});
  fs::permissions(data(), fs::perms{0750});
  BOOST_CHECK_EXCEPTION(cluster().start(), Error, refuses(Errc::config, "mode 0750", "chmod 700 " + data().string()));
}

BOOST_FIXTURE_TEST_CASE(a_wrong_owner_is_named_with_the_command_that_puts_it_right, Husk, *only_root()) {
  const auto nobody = getpwnam("nobody");
  BOOST_REQUIRE(nobody != nullptr);
  BOOST_REQUIRE(lchown(data().c_str(), nobody->pw_uid, nobody->pw_gid) == 0);
  BOOST_CHECK_EXCEPTION(cluster().start(), Error, refuses(Errc::config, "belongs to 'nobody'", "chown -R"));
}

BOOST_FIXTURE_TEST_CASE(a_directory_of_root_is_not_taken_over, Scratch, *only_root()) {
  fs::create_directory(root / "db");
  fs::permissions(root / "db", fs::perms{0711});
  BOOST_CHECK_EXCEPTION(cluster().start(), Error, refuses(Errc::config, "belongs to 'root'", "chown -R"));
}

BOOST_FIXTURE_TEST_CASE(the_first_directory_that_the_server_cannot_enter_is_named, Scratch, *only_root()) {
  fs::create_directories(root / "open" / "closed" / "deeper");
  fs::permissions(root / "open" / "closed", fs::perms{0700});
  auto hidden = options();
  hidden.directory = root / "open" / "closed" / "deeper" / "db";
  BOOST_CHECK_EXCEPTION(db::Cluster{hidden}.start(), Error,
                        refuses(Errc::config, "cannot enter " + (root / "open" / "closed").string(), "chmod o+x"));
  BOOST_TEST(db::cluster_barrier(hidden.directory).value() == root / "open" / "closed");
  BOOST_TEST(!db::cluster_barrier(root / "open").has_value());
  BOOST_TEST(!fs::exists(hidden.directory));
}

BOOST_FIXTURE_TEST_CASE(an_account_that_does_not_exist_is_named, Scratch, *only_root()) {
  auto wrong = options();
  wrong.run_as = "no-such-account";
  BOOST_CHECK_EXCEPTION(
      db::Cluster{wrong}.start(), Error,
      refuses(Errc::config, "no account 'no-such-account'", "adduser --system --group no-such-account"));
  wrong.run_as = "root";
  BOOST_CHECK_EXCEPTION(db::Cluster{wrong}.start(), Error, refuses(Errc::config, "cannot run as root", ""));
}

BOOST_FIXTURE_TEST_CASE(a_user_without_a_name_is_told_so, Scratch, *only_root()) {
  constexpr uid_t kNameless = 4'242'421;
  const auto child = fork();
  if (child == 0) {
    int code = 1;
    if (setgid(kNameless) == 0 && setuid(kNameless) == 0) {
      try {
        cluster().start();
      } catch (const Error& error) {
        code = error.code() == Errc::config && error.message().find("user 4242421 has no name") != std::string::npos
                   ? 42
                   : 2;
      }
    }
    _exit(code);
  }
  int status = 0;
  BOOST_REQUIRE(waitpid(child, &status, 0) == child);
  BOOST_TEST(WEXITSTATUS(status) == 42);
}

BOOST_FIXTURE_TEST_CASE(somebody_else_is_denied, Husk, *only_root()) {
  const auto nobody = getpwnam("nobody");
  BOOST_REQUIRE(nobody != nullptr);
  const auto child = fork();
  if (child == 0) {
    int code = 1;
    if (setgid(nobody->pw_gid) == 0 && setuid(nobody->pw_uid) == 0) {
      try {
        cluster().start();
      } catch (const Error& error) {
        code = error.code() == Errc::denied && error.hint().find("as root or as") != std::string::npos ? 42 : 2;
      }
    }
    _exit(code);
  }
  int status = 0;
  BOOST_REQUIRE(waitpid(child, &status, 0) == child);
  BOOST_TEST(WEXITSTATUS(status) == 42);
}

BOOST_FIXTURE_TEST_CASE(a_socket_in_use_is_named, Made) {
  auto first = cluster();
  first.start();
  auto rival_options = options();
  rival_options.directory = root / "rival";
  rival_options.socket_directory = root / "db";
  db::Cluster rival{rival_options};
  BOOST_CHECK_EXCEPTION(rival.start(), Error,
                        refuses(Errc::database, "its socket is in use", "another socket directory"));
  BOOST_TEST((rival.status().state == db::ClusterState::stopped));
}

BOOST_FIXTURE_TEST_CASE(a_socket_path_that_is_too_long_is_refused, Scratch) {
  auto far = options();
  far.socket_directory = root / std::string(100, 'x');
  BOOST_CHECK_EXCEPTION(db::Cluster{far}.start(), Error, refuses(Errc::config, "longer than 107 bytes", "shorter"));
}

BOOST_FIXTURE_TEST_CASE(a_server_that_does_not_start_is_quoted, Made) {
  auto wrong = options();
  wrong.settings.emplace_back("shared_buffers", "plenty");
  BOOST_CHECK_EXCEPTION(db::Cluster{wrong}.start(), Error, [](const Error& error) {
    BOOST_TEST_MESSAGE(error.message() << " | " << error.hint());
    return error.code() == Errc::database && error.message().find("shared_buffers") != std::string::npos;
  });
}

BOOST_FIXTURE_TEST_CASE(the_log_is_named_when_the_server_goes_at_once, Made) {
  auto wrong = options();
  wrong.settings.emplace_back("shared_preload_libraries", "no_such_library");
  BOOST_CHECK_EXCEPTION(db::Cluster{wrong}.start(), Error,
                        refuses(Errc::database, "no_such_library", (root / "db" / "server.log").string()));
}

BOOST_FIXTURE_TEST_CASE(a_full_disk_is_said_to_be_full, Scratch) {
  auto full = options();
  full.binaries = fake_binaries(root, "15.1",
                                "echo 'creating subdirectories ... ok'\n"
                                "echo 'initdb: error: could not write to file \"x\": No space left on device' >&2\n"
                                "echo 'initdb: removing data directory \"x\"' >&2\nexit 1\n");
  BOOST_CHECK_EXCEPTION(
      db::Cluster{full}.start(), Error,
      refuses(Errc::database, "the disk that holds " + (root / "db").string() + " is full", "Free space"));
}

BOOST_FIXTURE_TEST_CASE(a_really_full_disk_is_said_to_be_full_and_recovered_from, Scratch,
                        *only_where_disks_are_mounted()) {
  const auto disk = root / "disk";
  fs::create_directory(disk);
  BOOST_REQUIRE(mount("tmpfs", disk.c_str(), "tmpfs", 0, "size=20m,mode=0711") == 0);
  auto small = options();
  small.directory = disk / "db";
  db::Cluster cluster{small};
  BOOST_CHECK_EXCEPTION(cluster.start(), Error, refuses(Errc::database, "is full", "Free space"));
  BOOST_TEST((cluster.status().state == db::ClusterState::absent));
  BOOST_REQUIRE(mount("tmpfs", disk.c_str(), "tmpfs", MS_REMOUNT, "size=200m") == 0);
  BOOST_TEST(cluster.start());
  cluster.stop();
  umount(disk.c_str());
}

BOOST_AUTO_TEST_SUITE_END()
