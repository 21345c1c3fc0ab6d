#include <fcntl.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>

#include "archive/object_name.hpp"
#include "archive/target.hpp"
#include "core/error.hpp"
#include "core/file.hpp"
#include "support/has_code.hpp"
#include "support/temporary_folder.hpp"

namespace visitor::archive {
namespace {

using namespace std::chrono_literals;
using test::has_code;
using test::says;
namespace fs = std::filesystem;

struct Folder : test::TemporaryFolder {
  Folder() : target(open_target("file://" + path.string())) {}

  void put(std::string_view name, std::string_view content) {
    const auto upload = target->put(name);
    upload->write(std::as_bytes(std::span{content}));
    upload->commit();
  }
  std::string get(std::string_view name, std::uint64_t from = 0) {
    const auto download = target->get(name, from);
    std::string out;
    std::array<std::byte, 3> buffer{};
    while (const auto got = download->read(buffer)) out.append(reinterpret_cast<const char*>(buffer.data()), got);
    return out;
  }
  std::vector<std::string> names(std::string_view prefix = "") {
    std::vector<std::string> out;
    for (const auto& object : target->list(prefix)) out.push_back(object.name);
    return out;
  }
  std::size_t files() const {
    return static_cast<std::size_t>(
        std::distance(fs::recursive_directory_iterator{path}, fs::recursive_directory_iterator{}));
  }
  mode_t mode(const fs::path& name) const {
    struct stat status {};
    BOOST_REQUIRE(::stat((path / name).c_str(), &status) == 0);
    return status.st_mode & 07777U;
  }

  std::unique_ptr<Target> target;
};

using Names = std::vector<std::string>;

BOOST_FIXTURE_TEST_SUITE(file_target, Folder)

BOOST_AUTO_TEST_CASE(an_object_comes_back_as_it_went_and_from_any_byte) {
  put("2026/11/a.vbk", "0123456789");
  BOOST_TEST(get("2026/11/a.vbk") == "0123456789");
  BOOST_TEST(get("2026/11/a.vbk", 7) == "789");
  BOOST_TEST(get("2026/11/a.vbk", 10).empty());
  BOOST_TEST(get("2026/11/a.vbk", 1'000).empty());
  BOOST_TEST(target->address() == "file://" + path.string());
}

BOOST_AUTO_TEST_CASE(only_the_owner_may_read_what_is_written) {
  const auto before = ::umask(0);
  put("folder/a", "x");
  ::umask(before);
  BOOST_TEST(mode("folder/a") == 0600U);
  BOOST_TEST(mode("folder") == 0700U);
}

BOOST_AUTO_TEST_CASE(an_object_appears_when_it_is_complete_and_not_before) {
  const auto upload = target->put("a");
  upload->write(std::as_bytes(std::span{"part"}));
  BOOST_TEST(names().empty());
  BOOST_CHECK_EXCEPTION(target->get("a"), Error, has_code(Errc::not_found));
  upload->commit();
  BOOST_TEST(names() == Names{"a"}, boost::test_tools::per_element());
  BOOST_CHECK_EXCEPTION(upload->commit(), Error, says(Errc::failed, "is over"));
}

BOOST_AUTO_TEST_CASE(an_upload_without_a_commit_leaves_nothing) {
  target->put("a")->write(std::as_bytes(std::span{"part"}));
  BOOST_TEST(files() == 0U);
}

BOOST_AUTO_TEST_CASE(the_same_name_again_replaces_the_object_in_one_step) {
  put("a", "old");
  const auto reading = target->get("a");
  put("a", "new!");
  BOOST_TEST(get("a") == "new!");
  std::array<std::byte, 10> buffer{};
  BOOST_TEST(reading->read(buffer) == 3U);  // who reads the old one has all of it
}

BOOST_AUTO_TEST_CASE(a_list_has_complete_objects_by_name_and_nothing_else) {
  put("b", "22");
  put("a/2", "x");
  put("a/1", "");
  std::ofstream{path / ".hidden"} << "x";
  std::ofstream{path / "with blank"} << "x";
  fs::create_directory(path / "lost+found");
  std::ofstream{path / "lost+found/c"} << "x";
  fs::create_symlink("/etc/passwd", path / "link");
  BOOST_TEST(names() == (Names{"a/1", "a/2", "b"}), boost::test_tools::per_element());
  BOOST_TEST(names("a/") == (Names{"a/1", "a/2"}), boost::test_tools::per_element());
  BOOST_TEST(names("x").empty());
  const auto objects = target->list("b");
  BOOST_TEST(objects.at(0).size == 2U);
  BOOST_TEST(std::chrono::abs(SystemClock{}.now() - objects.at(0).modified) < 60s);
}

BOOST_AUTO_TEST_CASE(what_a_killed_upload_left_is_not_listed_and_is_swept_once_nobody_holds_it) {
  put("a/kept", "x");
  const auto left = path / "a/.upload-00112233";
  std::ofstream{left} << "part of a backup";
  BOOST_TEST(names() == Names{"a/kept"}, boost::test_tools::per_element());
  const auto later = SystemClock{}.now() + 1h;
  BOOST_TEST(target->sweep(SystemClock{}.now() - 1h) == 0U);
  {
    const Fd held{::open(left.c_str(), O_RDONLY | O_CLOEXEC)};
    BOOST_REQUIRE(::flock(held.get(), LOCK_EX | LOCK_NB) == 0);
    BOOST_TEST(target->sweep(later) == 0U);
  }
  const auto running = target->put("b");
  BOOST_TEST(target->sweep(later) == 1U);
  BOOST_TEST(!fs::exists(left));
  running->write(std::as_bytes(std::span{"x"}));
  running->commit();
  BOOST_TEST(names() == (Names{"a/kept", "b"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(removing_twice_is_no_error) {
  put("a", "x");
  target->remove("a");
  target->remove("a");
  target->remove("never/was");
  BOOST_TEST(names().empty());
}

BOOST_AUTO_TEST_CASE(a_name_cannot_lead_out_of_the_folder) {
  for (const auto* name : {"", "/etc/passwd", "../a", "a/../../b", "a/./b", "a//b", "a/", ".upload-1", "a/.b", "a b",
                           "a\nb", "a%2e", "\xd0\xb0"}) {
    BOOST_TEST(!is_object_name(name));
    BOOST_CHECK_EXCEPTION(target->put(name), Error, has_code(Errc::usage));
    BOOST_CHECK_EXCEPTION(target->get(name), Error, has_code(Errc::usage));
    BOOST_CHECK_EXCEPTION(target->remove(name), Error, has_code(Errc::usage));
  }
  BOOST_TEST(!is_object_name(std::string(201, 'a')));
  BOOST_TEST(!is_object_name(std::string(511, 'a')));
  BOOST_TEST(is_object_name("2026-11-22T03_00_00Z/manifest.json"));
  fs::create_symlink("/etc/passwd", path / "link");
  BOOST_CHECK_THROW(target->get("link"), Error);
}

BOOST_AUTO_TEST_CASE(a_folder_that_is_missing_is_named_and_not_made) {
  const auto missing = path / "mnt";
  BOOST_CHECK_EXCEPTION(open_target("file://" + missing.string()), Error, [&](const Error& error) {
    return error.code() == Errc::not_found && error.message().find(missing.string()) != std::string::npos &&
           error.hint().find("Mount") != std::string::npos;
  });
  BOOST_TEST(!fs::exists(missing));
  fs::create_directory(missing);
  const auto opened = open_target("file://" + missing.string());
  fs::remove(missing);  // unmounted meanwhile
  BOOST_CHECK_EXCEPTION(opened->put("a"), Error, has_code(Errc::not_found));
  std::ofstream{path / "plain"} << "x";
  BOOST_CHECK_EXCEPTION(open_target("file://" + (path / "plain").string()), Error,
                        says(Errc::failed, "is not a folder"));
}

BOOST_AUTO_TEST_CASE(a_file_that_grows_too_large_is_said_so_and_leaves_nothing) {
  // The limit stands for a full disk; an end-to-end test has a real one.
  rlimit before{};
  ::getrlimit(RLIMIT_FSIZE, &before);
  const auto handler = ::signal(SIGXFSZ, SIG_IGN);
  const rlimit small{1000, before.rlim_max};
  ::setrlimit(RLIMIT_FSIZE, &small);
  const std::string content(2000, 'x');
  const auto upload = target->put("a");
  BOOST_CHECK_EXCEPTION(upload->write(std::as_bytes(std::span{content})), Error, says(Errc::failed, "File too large"));
  ::setrlimit(RLIMIT_FSIZE, &before);
  ::signal(SIGXFSZ, handler);
  BOOST_TEST(files() == 0U);
  BOOST_CHECK_EXCEPTION(upload->commit(), Error, says(Errc::failed, "is over"));
}

BOOST_AUTO_TEST_CASE(a_stop_request_ends_an_upload_that_leaves_nothing) {
  std::stop_source stop;
  const auto stoppable = open_target("file://" + path.string(), {.stop = stop.get_token()});
  const auto upload = stoppable->put("a");
  stop.request_stop();
  BOOST_CHECK_EXCEPTION(upload->write(std::as_bytes(std::span{"x"})), Error, has_code(Errc::interrupted));
  BOOST_TEST(files() == 0U);
}

BOOST_AUTO_TEST_CASE(the_spelling_of_an_address_does_not_make_another_target) {
  put("a", "x");
  const auto same = open_target("file://" + path.parent_path().string() + "/./" + path.filename().string() + "//");
  BOOST_TEST(same->address() == target->address());
  BOOST_TEST(same->list("").size() == 1U);
  fs::create_directory(path / "a folder");
  BOOST_TEST(open_target("file://" + path.string() + "/a%20folder")->address() ==
             "file://" + path.string() + "/a folder");
}

BOOST_AUTO_TEST_CASE(what_is_no_address_of_a_target_is_refused) {
  for (const auto* url :
       {"", "/srv/backup", "file:", "file://", "file://srv/backup", "file:///a%0", "file:///a%zz", "file:///a%00",
        "ftp://example.org/x", "S3://b", "s3://", "s3://ab", "s3://Upper", "s3://a..b", "s3://-bucket",
        "s3://bucket/../x", "s3://bucket//x", "s3://user:pass@bucket/x"}) {
    BOOST_TEST_CONTEXT(url) {
      BOOST_CHECK_EXCEPTION(open_target(url), Error, has_code(Errc::usage));
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace visitor::archive
