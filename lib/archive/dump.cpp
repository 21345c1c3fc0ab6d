#include "archive/dump.hpp"

#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include "core/error.hpp"
#include "core/text.hpp"
#include "db/client_environment.hpp"

namespace visitor::archive {
namespace {

namespace fs = std::filesystem;

constexpr int kMajor = 10000;
constexpr std::size_t kPiece = std::size_t{256} << 10;

/// The program of that major version or the nearest later one, where Debian and the PostgreSQL project put them, else
/// whatever PATH has.
std::string find_program(const std::string& name, int major) {
  int best = 0;
  std::string found;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator{"/usr/lib/postgresql", ignored}) {
    const auto theirs = to_integer(entry.path().filename().string());
    const auto program = entry.path() / "bin" / name;
    if (!theirs || *theirs < major || (best != 0 && *theirs >= best) || access(program.c_str(), X_OK) != 0) continue;
    best = static_cast<int>(*theirs);
    found = program.string();
  }
  return found.empty() ? name : found;
}

/// A password as libpq reads it from PGPASSFILE: for every host, port, database and user.
std::string password_line(const Secret& password) {
  std::string line = "*:*:*:*:";
  for (const char c : password.reveal()) {
    if (c == ':' || c == '\\') line += '\\';
    line += c;
  }
  return line + "\n";
}

Fd nameless_file(std::string content) {
  Fd fd{memfd_create("visitor", MFD_CLOEXEC)};
  const bool good = fd && fchmod(fd.get(), 0600) == 0 &&
                    ::write(fd.get(), content.data(), content.size()) == static_cast<ssize_t>(content.size());
  std::fill(content.begin(), content.end(), '\0');
  if (!good) throw Error(Errc::failed, "cannot hand the database's password on: " + errno_text(errno));
  return fd;
}

/// The line that says why, without the name of the program.
std::string telling_line(std::string_view said, std::string_view program) {
  std::string_view telling;
  while (!said.empty()) {
    const auto end = said.find('\n');
    const auto line = trim(said.substr(0, end));
    said = end == said.npos ? std::string_view{} : said.substr(end + 1);
    if (line.empty()) continue;
    const bool error = line.find("error:") != line.npos;
    if (telling.empty() || error) telling = line;
    if (error) break;
  }
  for (const auto prefix : {program, std::string_view{":"}, std::string_view{" "}, std::string_view{"error: "}})
    if (telling.starts_with(prefix)) telling.remove_prefix(prefix.size());
  return clean_utf8(std::string{telling});
}

}  // namespace

ClientProgram::ClientProgram(const std::string& name, int major, const Secret& conninfo,
                             std::vector<std::string> arguments, std::stop_token stop)
    : name_(name) {
  ProcessOptions options;
  options.argv = {find_program(name, major)};
  options.argv.insert(options.argv.end(), arguments.begin(), arguments.end());
  options.environment = {"LC_ALL=C.UTF-8", "PGTZ=UTC", "PGAPPNAME=visitor-backup"};
  for (const auto& [variable, value] : db::client_environment(conninfo)) {
    if (variable == "PGAPPNAME") continue;
    if (variable != "PGPASSWORD") {
      options.environment.push_back(fmt::format("{}={}", variable, value.reveal()));
      continue;
    }
    password_ = nameless_file(password_line(value));
    options.environment.push_back(fmt::format("PGPASSFILE=/proc/{}/fd/{}", getpid(), password_.get()));
  }
  options.stop = std::move(stop);
  try {
    child_ = std::make_unique<Child>(options);
  } catch (const Error& error) {
    throw Error(Errc::config, error.message(),
                fmt::format("Install it: apt install postgresql-client-{}.", std::max(major, 15)));
  }
}

ClientProgram::~ClientProgram() = default;

void ClientProgram::finish() {
  const int status = child_->wait();
  if (status == 0) return;
  auto said = telling_line(child_->errors(), name_);
  throw Error(Errc::database, said.empty() ? fmt::format("{} ended with status {}", name_, status)
                                           : fmt::format("{} failed: {}", name_, said));
}

void require_dump_program(int server_version, const Secret& conninfo) {
  ClientProgram{"pg_dump", server_version / kMajor, conninfo, {"--version"}, {}}.finish();
}

DumpSource::DumpSource(const Secret& conninfo, int server_version, const std::string& snapshot, std::stop_token stop)
    : program_(
          "pg_dump", server_version / kMajor, conninfo,
          [&] {
            std::vector<std::string> arguments{"--format=custom",        "--compress=0",      "--encoding=UTF8",
                                               "--no-password",          "--no-publications", "--no-subscriptions",
                                               "--lock-wait-timeout=60s"};
            if (!snapshot.empty()) arguments.push_back("--snapshot=" + snapshot);
            return arguments;
          }(),
          std::move(stop)) {
  program_.child().end_input();
}

std::size_t DumpSource::read(std::span<std::byte> to) {
  const auto got = program_.child().read(to);
  if (got == 0 && !to.empty()) program_.finish();
  return got;
}

RestoreSink::RestoreSink(const Secret& conninfo, int server_version, std::stop_token stop)
    : program_("pg_restore", server_version / kMajor, conninfo,
               // Without a name of a database it would only print SQL; the name itself is in the environment.
               {"--format=custom", "--dbname=", "--single-transaction", "--exit-on-error", "--no-owner",
                "--no-privileges", "--no-password"},
               std::move(stop)) {}

void RestoreSink::write(std::span<const std::byte> bytes) {
  if (program_.child().write(bytes)) return;
  program_.finish();
  throw Error(Errc::database, "pg_restore stopped before it had read everything");
}

void RestoreSink::finish() {
  program_.child().end_input();
  program_.finish();
}

std::vector<TableSum> sums_of(const Secret& conninfo, int server_version, std::stop_token stop) {
  DumpSource dump{conninfo, server_version, "", std::move(stop)};
  DumpReader reader;
  pump(dump, [&](std::span<const std::byte> bytes) { reader.add(bytes); });
  return reader.finish();
}

std::uint64_t pump(Source& from, const std::function<void(std::span<const std::byte>)>& see) {
  std::vector<std::byte> buffer(kPiece);
  std::uint64_t total = 0;
  while (const auto got = from.read(buffer)) {
    see(std::span{buffer}.first(got));
    total += got;
  }
  return total;
}

}  // namespace visitor::archive
