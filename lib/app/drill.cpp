#include "app/drill.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>

#include "app/audit_checker.hpp"
#include "app/overview.hpp"
#include "archive/dump.hpp"
#include "core/file.hpp"
#include "core/log.hpp"
#include "core/text.hpp"
#include "db/cluster.hpp"
#include "db/migrator.hpp"
#include "db/transaction.hpp"

namespace visitor::app {
namespace {

namespace fs = std::filesystem;
using SteadyClock = std::chrono::steady_clock;

constexpr std::string_view kPrefix = "drill-";
constexpr auto kAuditRow = "SELECT coalesce(max(id), 0) AS newest FROM audit";

void clear_away(const fs::path& directory) noexcept {
  try {
    db::ClusterOptions options;
    options.directory = directory;
    db::Cluster{options}.stop();
  } catch (const Error& error) {
    log::warn("the cluster of a drill in {} cannot be stopped: {}", directory.string(), error.message());
  }
  std::error_code failed;
  fs::remove_all(directory, failed);
  if (failed) log::warn("{} cannot be removed: {}", directory.string(), failed.message());
}

/// A cluster that goes with this object.
class ThrowAway {
 public:
  explicit ThrowAway(const fs::path& state)
      : lock_(open((state / "drill.lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)) {
    if (!lock_ || flock(lock_.get(), LOCK_EX | LOCK_NB) != 0) {
      if (lock_ && errno == EWOULDBLOCK)
        throw Error(Errc::conflict, "another drill is under way on this machine", "Wait until it is done.");
      throw Error(Errc::config, fmt::format("cannot lock {}: {}", (state / "drill.lock").string(), errno_text(errno)));
    }
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator{state, ignored})
      if (entry.is_directory(ignored) && entry.path().filename().string().starts_with(kPrefix))
        clear_away(entry.path());
    options_.directory = state / fmt::format("{}{}", kPrefix, getpid());
    cluster_.emplace(options_);
  }
  ~ThrowAway() { clear_away(options_.directory); }
  ThrowAway(const ThrowAway&) = delete;
  ThrowAway& operator=(const ThrowAway&) = delete;

  db::Cluster& cluster() { return *cluster_; }

 private:
  Fd lock_;
  db::ClusterOptions options_;
  std::optional<db::Cluster> cluster_;
};

/// Whether the audit ends where the manifest says, and is a whole chain up to there.
void check_audit(db::Transaction& tx, const archive::Manifest& manifest, std::vector<std::string>& problems) {
  if (manifest.audit_row != 0) {
    if (const auto newest = tx.row(kAuditRow).get<std::int64_t>("newest"); newest != manifest.audit_row)
      problems.push_back(fmt::format("the newest row of the audit is {} instead of {}", newest, manifest.audit_row));
    return;
  }
  store::AuditChain chain{tx};
  const auto cut = chain.newest_cut();
  AuditChecker checker{cut ? cut->head : store::AuditHead{}, {}};
  chain.for_each(checker.last().position, [&](const store::AuditLinked& linked) { checker.see(linked); });
  for (const auto& finding : checker.findings()) problems.push_back("the audit: " + finding.text);
  const auto& head = checker.last();
  if (head.position != manifest.audit_head || (head.position > 0 && to_hex(head.hash) != manifest.audit_hash))
    problems.push_back(fmt::format("the audit ends with link {} ({}) instead of {} ({})", head.position,
                                   to_hex(head.hash), manifest.audit_head, manifest.audit_hash));
}

/// Reads what people would look at first.
void self_test(const BackupDesk& desk, db::Connection& connection, const archive::Manifest& manifest,
               std::vector<std::string>& problems) {
  db::Transaction tx{connection, {.isolation = db::Isolation::repeatable_read, .read_only = true}};
  check_audit(tx, manifest, problems);
  overview({tx, desk.actor, desk.clock.now(), desk.instance.settings(), domain::Scope::everything()});
}

}  // namespace

DrillResult drill_restore(const BackupDesk& desk, archive::Target& target, const archive::Manifest& manifest,
                          const archive::PrivateKey& key) {
  const auto& state = desk.instance.settings().state_directory;
  make_directories(state, geteuid() == 0 ? 0711 : 0700);
  ThrowAway place{state};
  DrillResult result;
  const auto began = SteadyClock::now();
  archive::DumpOfBackup dump{target, manifest, key};
  place.cluster().start();
  const auto conninfo = place.cluster().conninfo();
  {
    db::Connection probe{{.conninfo = conninfo}};
    archive::RestoreSink restore{conninfo, probe.server_version(), desk.stop};
    archive::pump(dump, [&](std::span<const std::byte> bytes) { restore.write(bytes); });
    restore.finish();
  }
  // Before anything is migrated, so that what is compared is what was stored.
  const auto restored = SteadyClock::now();
  db::Connection connection{{.conninfo = conninfo, .statement_deadline = {}, .idle_deadline = {}}};
  result.problems =
      archive::differences(manifest.tables, archive::sums_of(conninfo, connection.server_version(), desk.stop));
  const auto compared = SteadyClock::now();
  db::Migrator{connection, db::embedded_migrations()}.migrate();
  self_test(desk, connection, manifest, result.problems);
  result.restored_in = std::chrono::duration_cast<std::chrono::milliseconds>(restored - began) +
                       std::chrono::duration_cast<std::chrono::milliseconds>(SteadyClock::now() - compared);
  return result;
}

}  // namespace visitor::app
