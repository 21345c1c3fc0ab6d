#include "core/process.hpp"

#include <boost/test/unit_test.hpp>
#include <chrono>
#include <filesystem>
#include <stop_token>
#include <thread>

#include "core/error.hpp"
#include "core/file.hpp"
#include "support/temporary_folder.hpp"

using namespace visitor;

BOOST_AUTO_TEST_CASE(a_program_gets_its_arguments_as_they_are_and_no_shell) {
  const auto result =
      run_process({.argv = {"printf", "%s|", "a b", "$HOME", ";ls"}, .environment = {}, .run_as = {}, .input = {}});
  BOOST_TEST(result.status == 0);
  BOOST_TEST(result.out == "a b|$HOME|;ls|");
}

BOOST_AUTO_TEST_CASE(input_output_and_status_come_through) {
  const auto result = run_process(
      {.argv = {"sh", "-c", "cat; echo oops >&2; exit 3"}, .environment = {}, .run_as = {}, .input = "hello"});
  BOOST_TEST(result.out == "hello");
  BOOST_TEST(result.err == "oops\n");
  BOOST_TEST(result.status == 3);
}

BOOST_AUTO_TEST_CASE(a_program_that_does_not_end_is_killed_at_the_deadline) {
  const auto result = run_process({.argv = {"sleep", "60"},
                                   .environment = {},
                                   .run_as = {},
                                   .input = {},
                                   .deadline = std::chrono::milliseconds{100}});
  BOOST_TEST(result.timed_out);
  BOOST_TEST(result.status == 128 + 9);
}

BOOST_AUTO_TEST_CASE(a_program_that_does_not_exist_is_named) {
  BOOST_CHECK_EXCEPTION(run_process({.argv = {"/nonexistent/program"}, .environment = {}, .run_as = {}, .input = {}}),
                        Error, [](const Error& error) {
                          return error.message() == "cannot run /nonexistent/program: No such file or directory";
                        });
}

BOOST_AUTO_TEST_CASE(output_beyond_the_limit_is_dropped) {
  const auto result = run_process({.argv = {"head", "-c", "100000", "/dev/zero"},
                                   .environment = {},
                                   .run_as = {},
                                   .input = {},
                                   .output_limit = 1000});
  BOOST_TEST(result.out.size() == 1000U);
  BOOST_TEST(result.status == 0);
}

BOOST_AUTO_TEST_CASE(a_program_that_is_stopped_may_end_by_itself_within_its_grace) {
  const test::TemporaryFolder folder;
  const auto ready = folder.path / "ready";
  const auto stopped = [&](const std::string& on_term, std::chrono::milliseconds grace) {
    std::filesystem::remove(ready);
    std::stop_source stop;
    const std::jthread stopper{[&](const std::stop_token& end) {
      while (!std::filesystem::exists(ready) && !end.stop_requested())
        std::this_thread::sleep_for(std::chrono::milliseconds{5});
      stop.request_stop();
    }};
    return run_process(
        {.argv = {"sh", "-c", "trap '" + on_term + "' TERM; : >\"$0\"; while :; do sleep 0.01; done", ready.string()},
         .environment = {},
         .run_as = {},
         .input = {},
         .stop = stop.get_token(),
         .grace = grace});
  };
  const auto well = stopped("exit 7", std::chrono::minutes{1});
  BOOST_TEST(well.stopped);
  BOOST_TEST(well.status == 7);
  const auto deaf = stopped("", std::chrono::milliseconds{50});
  BOOST_TEST(deaf.stopped);
  BOOST_TEST(deaf.status == 128 + 9);
  BOOST_TEST(!deaf.timed_out);
  BOOST_TEST(stopped("exit 7", {}).status == 128 + 9);
}
