#include <fmt/format.h>
#include <getopt.h>

#include <csignal>
#include <cstdio>
#include <fstream>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "core/error.hpp"
#include "core/text.hpp"
#include "support/visitor_sim.hpp"
#include "support/visitor_sim_control.hpp"
#include "support/visitor_sim_people.hpp"

namespace {

using namespace visitor;

constexpr std::string_view kUsage = R"(Usage: visitor-sim --password-file FILE [option...]

A simulated Hikvision access control terminal (ISAPI). Runs until SIGTERM or SIGINT, which end it at once.

The device:
  --listen HOST:PORT     where the terminal answers; port 0 is a free one (127.0.0.1:0)
  --profile NAME         model and firmware whose habits it has (K1T342MWX); --list-profiles shows all
  --tls on|off|broken    instead of the profile's; broken: the port is open and no handshake succeeds
  --user NAME            who may log in (admin)
  --password-file FILE   whose first line is the password
  --device-name TEXT     deviceInfo's deviceName (Access Controller); --door-name is the same
  --unit-number TEXT     nine characters at the end of the serial number; the MAC follows from it (J00000001)
  --utc-offset +HH:MM    of the device's clock face (+05:00)
  --capacity N           stored events; the oldest are overwritten (150000)
  --log FILE             keeps the events, also over kill -9
  --service-time MS      how long each request occupies the device (0)
  --lock-time S          how long a lock-out lasts (1800)

Steering:
  --control HOST:PORT    where commands are taken (none); port 0 is a free one
  --print-port           one line of JSON on standard output when ready: {"port","control","url","certificate_sha256"}

People:
  --auto [N]             N invented people (12), numbers 1001 and on, come, wander and leave again and again;
                         the last of them leaves without having entered, and a stranger is refused three times
  --people FILE          the same with the people of a JSON array of {"employee_no","name","card_no"}
  --pace MS              from one step to the next (1500)
  --seed N               another order (1)
  --exit-reader N        the reader of those who leave (2; with --exit-control 1)
  --exit-control H:P     those who leave do so at the terminal with this control port

  --list-profiles        names, models and firmware versions
  --help, --version

)";

struct Address {
  std::string host;
  int port = 0;
};

struct Options {
  sim::TerminalOptions terminal{};
  Address listen{"127.0.0.1", 0};
  std::optional<Address> control{};
  std::optional<Address> exit_control{};
  std::string password_file{};
  std::vector<sim::Person> people{};
  std::chrono::milliseconds pace{1500};
  std::uint32_t seed = 1;
  int exit_reader = 0;
  bool print_port = false;
};

long long to_number(std::string_view option, std::string_view text, long long least, long long most) {
  const auto number = to_integer(text);
  if (!number || *number < least || *number > most) {
    throw Error(Errc::usage, fmt::format("--{} {} is not a number from {} to {}", option, text, least, most));
  }
  return *number;
}

Address to_address(std::string_view option, std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos || colon == 0) {
    throw Error(Errc::usage, fmt::format("--{} {} is not HOST:PORT", option, text));
  }
  return {std::string{text.substr(0, colon)}, static_cast<int>(to_number(option, text.substr(colon + 1), 0, 65535))};
}

std::chrono::minutes to_offset(std::string_view text) {
  if (text.size() != 6 || (text[0] != '+' && text[0] != '-') || text[3] != ':') {
    throw Error(Errc::usage, fmt::format("--utc-offset {} is not in the form +05:00", text));
  }
  const auto minutes =
      to_number("utc-offset", text.substr(1, 2), 0, 14) * 60 + to_number("utc-offset", text.substr(4, 2), 0, 59);
  return std::chrono::minutes{text[0] == '-' ? -minutes : minutes};
}

sim::Tls to_tls(std::string_view text) {
  if (text == "on") return sim::Tls::on;
  if (text == "off") return sim::Tls::off;
  if (text == "broken") return sim::Tls::broken;
  throw Error(Errc::usage, fmt::format("--tls {} is none of on, off, broken", text));
}

std::string read_password(const std::string& file) {
  std::ifstream in(file);
  std::string line;
  if (!std::getline(in, line) || line.empty()) {
    throw Error(Errc::usage,
                fmt::format("no password in the first line of {}", file.empty() ? "--password-file" : file),
                "Write one there and name the file with --password-file.");
  }
  return line;
}

void list_profiles() {
  for (const auto& profile : sim::profiles()) {
    fmt::print("{:<16} {:<14} {}\n", profile.name, profile.model, profile.firmware);
  }
}

sim::Profile to_profile(std::string_view name) {
  if (auto profile = sim::find_profile(name)) return *profile;
  throw Error(Errc::usage, fmt::format("--profile {} is not known", name), "Run visitor-sim --list-profiles.");
}

/// Nothing where the program has only to print something and end.
std::optional<Options> parse(int argc, char** argv) {
  enum : int {
    kHelp = 1000,
    kVersion,
    kList,
    kListen,
    kProfile,
    kTls,
    kUser,
    kPassword,
    kName,
    kUnit,
    kOffset,
    kCapacity,
    kLog,
    kService,
    kLock,
    kControl,
    kPrintPort,
    kAuto,
    kPeople,
    kPace,
    kSeed,
    kReader,
    kExit
  };
  const option known[] = {{"help", no_argument, nullptr, kHelp},
                          {"version", no_argument, nullptr, kVersion},
                          {"list-profiles", no_argument, nullptr, kList},
                          {"listen", required_argument, nullptr, kListen},
                          {"profile", required_argument, nullptr, kProfile},
                          {"tls", required_argument, nullptr, kTls},
                          {"user", required_argument, nullptr, kUser},
                          {"password-file", required_argument, nullptr, kPassword},
                          {"device-name", required_argument, nullptr, kName},
                          {"door-name", required_argument, nullptr, kName},
                          {"unit-number", required_argument, nullptr, kUnit},
                          {"utc-offset", required_argument, nullptr, kOffset},
                          {"capacity", required_argument, nullptr, kCapacity},
                          {"log", required_argument, nullptr, kLog},
                          {"service-time", required_argument, nullptr, kService},
                          {"lock-time", required_argument, nullptr, kLock},
                          {"control", required_argument, nullptr, kControl},
                          {"print-port", no_argument, nullptr, kPrintPort},
                          {"auto", optional_argument, nullptr, kAuto},
                          {"people", required_argument, nullptr, kPeople},
                          {"pace", required_argument, nullptr, kPace},
                          {"seed", required_argument, nullptr, kSeed},
                          {"exit-reader", required_argument, nullptr, kReader},
                          {"exit-control", required_argument, nullptr, kExit},
                          {nullptr, 0, nullptr, 0}};
  Options options;
  std::optional<sim::Tls> tls;
  std::optional<std::chrono::seconds> lock_time;
  for (int code = 0; (code = ::getopt_long(argc, argv, "", known, nullptr)) != -1;) {
    const std::string text = optarg != nullptr ? optarg : "";
    switch (code) {
      case kHelp:
        fmt::print("{}{}", kUsage, sim::control_help());
        return std::nullopt;
      case kVersion:
        fmt::print("visitor-sim {}\n", VISITOR_VERSION);
        return std::nullopt;
      case kList:
        list_profiles();
        return std::nullopt;
      case kListen:
        options.listen = to_address("listen", text);
        break;
      case kProfile:
        options.terminal.profile = to_profile(text);
        break;
      case kTls:
        tls = to_tls(text);
        break;
      case kUser:
        options.terminal.user = text;
        break;
      case kPassword:
        options.password_file = text;
        break;
      case kName:
        options.terminal.device_name = text;
        break;
      case kUnit:
        options.terminal.unit_number = text;
        break;
      case kOffset:
        options.terminal.utc_offset = to_offset(text);
        break;
      case kCapacity:
        options.terminal.log_capacity = static_cast<std::size_t>(to_number("capacity", text, 1, 10'000'000));
        break;
      case kLog:
        options.terminal.log_file = text;
        break;
      case kService:
        options.terminal.service_time = std::chrono::milliseconds{to_number("service-time", text, 0, 60'000)};
        break;
      case kLock:
        lock_time = std::chrono::seconds{to_number("lock-time", text, 1, 86'400)};
        break;
      case kControl:
        options.control = to_address("control", text);
        break;
      case kPrintPort:
        options.print_port = true;
        break;
      case kAuto: {
        // Also "--auto 5": getopt_long takes an optional value only behind "=".
        std::string count = text;
        if (count.empty() && optind < argc && to_integer(argv[optind])) count = argv[optind++];
        options.people =
            sim::invent_people(static_cast<std::size_t>(count.empty() ? 12 : to_number("auto", count, 1, 10'000)));
        break;
      }
      case kPeople:
        options.people = sim::read_people(text);
        break;
      case kPace:
        options.pace = std::chrono::milliseconds{to_number("pace", text, 1, 3'600'000)};
        break;
      case kSeed:
        options.seed = static_cast<std::uint32_t>(to_number("seed", text, 0, UINT32_MAX));
        break;
      case kReader:
        options.exit_reader = static_cast<int>(to_number("exit-reader", text, 1, 64));
        break;
      case kExit:
        options.exit_control = to_address("exit-control", text);
        break;
      default:
        throw Error(Errc::usage, "the command line is not understood", "Run visitor-sim --help.");
    }
  }
  if (optind < argc) {
    throw Error(Errc::usage, fmt::format("'{}' is not an option", argv[optind]), "Run visitor-sim --help.");
  }
  if (tls) options.terminal.profile.tls = *tls;
  if (lock_time) options.terminal.profile.lock_time = *lock_time;
  if (options.exit_reader == 0) options.exit_reader = options.exit_control ? 1 : 2;
  options.terminal.host = options.listen.host;
  options.terminal.port = options.listen.port;
  options.terminal.password = read_password(options.password_file);
  return options;
}

std::unique_ptr<sim::Scenario> start_people(const Options& options, sim::Terminal& terminal) {
  if (options.people.empty()) return nullptr;
  sim::Scenario::Setup setup;
  setup.people = options.people;
  setup.pace = options.pace;
  setup.seed = options.seed;
  setup.enter = [&terminal](const sim::Person& person) { terminal.walk({person, 1, 1}); };
  setup.leave = [&terminal, &options](const sim::Person& person) {
    const sim::Passage passage{person, 1, options.exit_reader};
    if (!options.exit_control) {
      terminal.walk(passage);
    } else if (!sim::walk_elsewhere(options.exit_control->host, options.exit_control->port, passage)) {
      fmt::print(stderr, "visitor-sim: {}:{} does not take the exit\n", options.exit_control->host,
                 options.exit_control->port);
    }
  };
  // A card that nobody knows.
  setup.deny = [&terminal](const sim::Person&) { terminal.deny({{{}, {}, "999999"}, 1, 1, 9}); };
  return std::make_unique<sim::Scenario>(std::move(setup));
}

void run(const Options& options) {
  // Blocked before any thread starts, so that only sigwait sees them.
  sigset_t signals;
  ::sigemptyset(&signals);
  ::sigaddset(&signals, SIGTERM);
  ::sigaddset(&signals, SIGINT);
  ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);

  sim::Terminal terminal{options.terminal};
  terminal.start();
  std::optional<sim::Control> control;
  if (options.control) control.emplace(terminal, options.control->host, options.control->port);
  if (options.print_port) {
    fmt::print(R"({{"port":{},"control":{},"url":{},"certificate_sha256":{}}})"
               "\n",
               terminal.port(), control ? std::to_string(control->port()) : "null", json_quote(terminal.url()),
               json_quote(terminal.certificate_sha256()));
    std::fflush(stdout);
  }
  const auto people = start_people(options, terminal);
  int signal = 0;
  ::sigwait(&signals, &signal);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    if (const auto options = parse(argc, argv)) run(*options);
    return 0;
  } catch (const Error& error) {
    fmt::print(stderr, "visitor-sim: {}\n", error.message());
    if (!error.hint().empty()) fmt::print(stderr, "{}\n", error.hint());
    return info(error.code()).exit_status;
  } catch (const std::exception& error) {
    fmt::print(stderr, "visitor-sim: {}\n", error.what());
    return 1;
  }
}
