#include "support/house.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
#include <sstream>

#include "config/load.hpp"
#include "core/clock.hpp"
#include "core/error.hpp"
#include "core/file.hpp"
#include "core/text.hpp"
#include "db/cluster.hpp"
#include "db/transaction.hpp"

namespace visitor::bench {
namespace {

namespace fs = std::filesystem;

/// A directory that the server's user can pass through.
fs::path make_directory() {
  auto pattern = (fs::path{db::cluster_barrier(fs::temp_directory_path()) ? "/tmp" : fs::temp_directory_path()} /
                  "visitor-bench-XXXXXX")
                     .string();
  if (mkdtemp(pattern.data()) == nullptr) throw Error(Errc::failed, fmt::format("cannot make {}", pattern));
  fs::permissions(pattern, fs::perms{0711});
  return pattern;
}

}  // namespace

fs::path sibling(const std::string& name) {
  return fs::read_symlink("/proc/self/exe").parent_path() / name;
}

House::House(const std::string& toml, const std::vector<std::pair<std::string, std::string>>& cluster,
             const fs::path& kept)
    : directory_(kept.empty() ? make_directory() : fs::absolute(kept)), kept_(!kept.empty()) {
  if (kept_) make_directories(directory_, 0711);
  write_file(config(), fmt::format("[state]\ndirectory = \"{}\"\n\n[http]\nport = 0\n\n{}", directory_.string(), toml));
  auto reading = config::read(config());
  if (!reading.problems.empty()) throw Error(Errc::config, config::to_text(reading.problems.front()));
  if (!cluster.empty()) {
    // Made first with its own settings: what is there is kept afterwards.
    db::ClusterOptions options;
    options.directory = directory_ / "postgres";
    options.settings = cluster;
    db::Cluster{options}.start();
  }
  instance_ = std::make_unique<app::Instance>(std::move(reading.settings));
  instance_->initialise();
  db::Transaction tx{pool()};
  actor_ = app::ensure_actor(tx, "system", domain::ActionHow::automatic, now());
  tx.commit();
}

House::~House() {
  try {
    auto& cluster = instance_->cluster();
    const db::ClusterOptions options = cluster.options();
    instance_.reset();
    db::Cluster{options}.stop();
    if (!kept_) fs::remove_all(directory_);
  } catch (const std::exception& error) {
    fmt::print(stderr, "{} remains: {}\n", directory_.string(), error.what());
  }
}

fs::path House::server_log() const {
  return directory_ / "postgres" / "server.log";
}

void House::work(const std::function<void(const app::Work&)>& use) {
  db::with_retry(pool(), 5, [&](db::Transaction& tx) {
    use({tx, actor_, now(), settings(), domain::Scope::everything()});
  });
}

void House::reconnect() {
  auto settings = instance_->settings();
  instance_ = std::make_unique<app::Instance>(std::move(settings));
}

void House::script(const std::string& sql) {
  auto options = pool().options().connection;
  options.statement_deadline = std::chrono::milliseconds{0};
  db::Connection{options}.script(sql);
}

std::string House::visitorctl(const std::vector<std::string>& arguments) const {
  ProcessOptions options;
  options.argv = {sibling("visitorctl").string(), "--config", config().string()};
  options.argv.insert(options.argv.end(), arguments.begin(), arguments.end());
  auto result = run_process(options);
  if (result.status != 0)
    throw Error(Errc::failed, fmt::format("visitorctl {} failed: {}", fmt::join(arguments, " "), result.err));
  return std::move(result.out);
}

Daemon::Daemon(const House& house)
    : server_({sibling("visitord").string(), "--config", house.config().string()}, {},
              house.directory() / "visitord.log") {}

std::chrono::duration<double> Daemon::cpu_time() const {
  const auto text = read_file(fmt::format("/proc/{}/stat", pid()), 65536).value_or("");
  std::istringstream fields{text.substr(std::min(text.size(), text.rfind(')') + 2))};
  std::string skipped;
  for (int i = 0; i < 11; ++i) fields >> skipped;  // state … majflt of children
  double user = 0, system = 0;
  fields >> user >> system;
  return std::chrono::duration<double>{(user + system) / static_cast<double>(sysconf(_SC_CLK_TCK))};
}

double Daemon::resident_mebibytes() const {
  const auto text = read_file(fmt::format("/proc/{}/status", pid()), 65536).value_or("");
  const auto at = text.find("VmRSS:");
  return at == text.npos ? 0 : std::atof(text.c_str() + at + 6) / 1024;
}

}  // namespace visitor::bench
