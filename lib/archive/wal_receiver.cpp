#include "archive/wal_receiver.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "archive/wal_segment.hpp"
#include "core/error.hpp"

namespace visitor::archive {
namespace {

namespace fs = std::filesystem;

constexpr int kMajor = 10000;

std::vector<std::string> names_in(const fs::path& spool) {
  std::vector<std::string> names;
  std::error_code failed;
  for (const auto& entry : fs::directory_iterator{spool, failed}) names.push_back(entry.path().filename().string());
  if (failed) throw Error(Errc::failed, fmt::format("cannot read {}: {}", spool.string(), failed.message()));
  std::ranges::sort(names);
  return names;
}

}  // namespace

WalReceiver::WalReceiver(const Secret& conninfo, int server_version, const std::string& slot, const fs::path& spool)
    : program_("pg_receivewal", server_version / kMajor, conninfo,
               {"--directory=" + spool.string(), "--slot=" + slot, "--no-loop", "--no-password"}, {}) {
  program_.child().end_input();
}

void WalReceiver::require_running() {
  if (program_.child().running()) return;
  program_.finish();
  throw Error(Errc::database, "pg_receivewal ended, and said nothing");
}

std::vector<std::string> complete_segments(const fs::path& spool) {
  auto names = names_in(spool);
  std::erase_if(names, [](const std::string& name) { return !is_wal_segment(name); });
  return names;
}

void forget_incomplete_segments(const fs::path& spool) {
  for (const auto& name : names_in(spool)) {
    if (is_wal_segment(name)) continue;
    std::error_code failed;
    fs::remove(spool / name, failed);
    if (failed)
      throw Error(Errc::failed, fmt::format("cannot remove {}: {}", (spool / name).string(), failed.message()));
  }
}

}  // namespace visitor::archive
