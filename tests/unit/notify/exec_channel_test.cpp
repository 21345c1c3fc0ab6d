#include "notify/exec_channel.hpp"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>
#include <thread>

#include "channel_bench.hpp"
#include "core/file.hpp"
#include "support/temporary_folder.hpp"

using namespace visitor;
using namespace visitor::notify;
using namespace std::chrono_literals;
using Scope = RetryAfter::Scope;
using test::full_message;

namespace {

struct Scripts : test::TemporaryFolder {
  /// What a program that is the shell script \p body makes of a message.
  Outcome run(const std::string& body, std::vector<std::string> arguments = {},
              std::chrono::milliseconds timeout = 5s) {
    write_file(path / "program", "#!/bin/sh\ncd '" + path.string() + "'\n" + body + "\n", 0755);
    ExecChannel channel{{{"siren", (path / "program").string(), std::move(arguments), timeout}}};
    return channel.send(full_message("siren"), {});
  }
  std::string file(const std::string& name) const {
    std::ifstream in{path / name};
    std::ostringstream out;
    out << in.rdbuf();
    return out.str();
  }
};

RetryAfter later(const Outcome& outcome) {
  BOOST_REQUIRE(std::holds_alternative<RetryAfter>(outcome));
  return std::get<RetryAfter>(outcome);
}

std::string refusal(const Outcome& outcome) {
  BOOST_REQUIRE(std::holds_alternative<Refused>(outcome));
  return std::get<Refused>(outcome).reason;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(exec_channel, Scripts)

BOOST_AUTO_TEST_CASE(the_end_of_the_program_decides) {
  const auto program = (path / "program").string();
  BOOST_TEST(std::holds_alternative<Delivered>(run("exit 0")));
  const auto busy = later(run("echo the line is busy >&2; exit 75"));
  BOOST_TEST(busy.reason == program + " ended with 75: the line is busy");
  BOOST_TEST((busy.scope == Scope::recipient));
  BOOST_TEST(!busy.in_doubt);
  BOOST_TEST(refusal(run("exit 1")) == program + " ended with 1");
  BOOST_TEST(refusal(run("printf '\\n\\n  first \\033[31mline\\r\\nsecond' >&2; exit 3")) ==
             program + " ended with 3: first \xEF\xBF\xBD[31mline");
  BOOST_TEST(refusal(run("head -c 100000 /dev/zero | tr '\\0' x >&2; exit 3")).size() < 400U);
  const auto killed = later(run("kill -9 $$"));
  BOOST_TEST(killed.reason == program + " was killed by signal 9");
  BOOST_TEST(killed.in_doubt);
}

BOOST_AUTO_TEST_CASE(the_program_finds_the_alert_on_its_input_and_its_arguments_as_they_are) {
  BOOST_TEST(std::holds_alternative<Delivered>(
      run("cat >input; printf '%s|' \"$@\" >arguments", {"--floor=2", "a b", "$(touch x)", "*", ""})));
  BOOST_TEST(file("input").starts_with("{\"version\":1,\"event_id\":\"17-23-1788264000000000\""));
  BOOST_TEST(file("input").ends_with("}\n"));
  BOOST_TEST(file("arguments") == "--floor=2|a b|$(touch x)|*||");
}

BOOST_AUTO_TEST_CASE(the_program_has_a_clean_environment_and_no_descriptor_of_ours) {
  setenv("VISITOR_TEST_SECRET", "geheim", 1);
  // Without O_CLOEXEC, as a library might do it.
  const int null = ::open("/dev/null", O_RDONLY);
  const int leaked = ::fcntl(null, F_DUPFD, 200);
  BOOST_TEST(std::holds_alternative<Delivered>(run("env >environment; ls /proc/$$/fd >descriptors")));
  ::close(leaked);
  ::close(null);
  unsetenv("VISITOR_TEST_SECRET");
  const auto environment = file("environment");
  BOOST_TEST(environment.find("geheim") == std::string::npos);
  BOOST_TEST(environment.find("VISITOR_EVENT_ID=17-23-1788264000000000\n") != std::string::npos);
  BOOST_TEST(environment.find("PATH=/usr/local/sbin:") != std::string::npos);
  BOOST_TEST(environment.find("HOME=") == std::string::npos);
  // From 10 on they are the shell's own, for its script.
  BOOST_TEST(file("descriptors").starts_with("0\n1\n1"));
  for (const auto* ours : {"\n3\n", "\n4\n", "\n5\n", "\n20"})
    BOOST_TEST(("\n" + file("descriptors")).find(ours) == std::string::npos, file("descriptors"));
}

BOOST_AUTO_TEST_CASE(the_deadline_kills_the_program_and_what_it_started) {
  const auto begun = std::chrono::steady_clock::now();
  const auto outcome = later(run("echo $$ >pid; (echo ready >child; sleep 30; echo late >late) & sleep 30", {}, 500ms));
  BOOST_TEST((std::chrono::steady_clock::now() - begun < 5s));
  BOOST_TEST(outcome.reason.ends_with("did not end in time, and was killed"));
  BOOST_TEST(outcome.in_doubt);
  BOOST_TEST(file("child") == "ready\n");
  // No process of its group is left, once the system has taken note.
  const auto group = std::stoi(file("pid"));
  for (int i = 0; i < 100 && ::kill(-group, 0) == 0; ++i) std::this_thread::sleep_for(20ms);
  BOOST_TEST(::kill(-group, 0) == -1);
}

BOOST_AUTO_TEST_CASE(a_program_that_reads_nothing_or_writes_without_end_does_no_harm) {
  auto message = full_message("siren");
  message.text = std::string(2'000'000, 'x');
  write_file(path / "deaf", "#!/bin/sh\nexec 0<&-\nexit 0\n", 0755);
  write_file(path / "loud", "#!/bin/sh\nhead -c 20000000 /dev/zero\n", 0755);
  ExecChannel channel{{{"deaf", (path / "deaf").string(), {}, 5s}, {"loud", (path / "loud").string(), {}, 20s}}};
  message.recipient = "deaf";
  BOOST_TEST(std::holds_alternative<Delivered>(channel.send(message, {})));
  message.recipient = "loud";
  BOOST_TEST(std::holds_alternative<Delivered>(channel.send(message, {})));
}

BOOST_AUTO_TEST_CASE(a_program_that_is_not_there_means_later) {
  ExecChannel channel{{{"siren", (path / "nowhere").string(), {}, 5s}}};
  const auto missing = later(channel.send(full_message("siren"), {}));
  BOOST_TEST(missing.reason == "cannot run " + (path / "nowhere").string() + ": No such file or directory");
  BOOST_TEST(!missing.in_doubt);
  write_file(path / "nowhere", "#!/bin/sh\n", 0644);
  BOOST_TEST(later(channel.send(full_message("siren"), {})).reason.ends_with(": Permission denied"));
  BOOST_TEST(refusal(channel.send(full_message("former"), {})) == "there is no [[exec]] \"former\"");
}

BOOST_AUTO_TEST_CASE(a_stop_kills_the_program) {
  write_file(path / "program", "#!/bin/sh\nsleep 30\n", 0755);
  ExecChannel channel{{{"siren", (path / "program").string(), {}, 20s}}};
  std::stop_source stop;
  const std::jthread stopper{[&] {
    std::this_thread::sleep_for(100ms);
    stop.request_stop();
  }};
  const auto begun = std::chrono::steady_clock::now();
  const auto outcome = later(channel.send(full_message("siren"), stop.get_token()));
  BOOST_TEST((std::chrono::steady_clock::now() - begun < 2s));
  BOOST_TEST(outcome.in_doubt);
}

BOOST_AUTO_TEST_SUITE_END()
