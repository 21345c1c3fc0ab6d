#include "app/restore_at.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <thread>

#include "app/backup_target.hpp"
#include "app/restore_settle.hpp"
#include "app/wal_keeper.hpp"
#include "archive/dump.hpp"
#include "archive/wal_segment.hpp"
#include "core/file.hpp"
#include "db/cluster_import.hpp"
#include "db/migrations.hpp"

namespace visitor::app {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr std::chrono::seconds kSessionsEnd{3};
constexpr std::chrono::milliseconds kAskAgain{50};

constexpr auto kSessions = R"sql(
    SELECT count(*) AS count
      FROM pg_stat_activity
     WHERE pid <> pg_backend_pid() AND backend_type IN ('client backend', 'walsender'))sql";

/// Into a file of the cluster that is being made.
class InletSink final : public archive::Sink {
 public:
  explicit InletSink(std::unique_ptr<db::ClusterImport::Inlet> inlet) : inlet_(std::move(inlet)) {}
  void write(std::span<const std::byte> bytes) override { inlet_->write(bytes); }
  void finish() override { inlet_->finish(); }

 private:
  std::unique_ptr<db::ClusterImport::Inlet> inlet_;
};

void require_unused(Instance& instance, const RestoreAtPlan& plan) {
  if (!plan.exists || !plan.broken.empty()) return;
  db::Connection connection{{.conninfo = instance.conninfo(), .application_name = "visitor-restore"}};
  // A session that was just closed is there for a moment more.
  const auto end = SteadyClock::now() + kSessionsEnd;
  std::int64_t count = 0;
  do {
    db::Transaction tx{connection, {.read_only = true}};
    count = tx.row(kSessions).get<std::int64_t>("count");
    if (count > 0) std::this_thread::sleep_for(kAskAgain);
  } while (count > 0 && SteadyClock::now() < end);
  if (count > 0)
    throw Error(Errc::conflict,
                fmt::format("the embedded database is in use by {} session{}", count, count == 1 ? "" : "s"),
                "Stop visitord and whatever else uses it, and restore again.");
}

void look_at_present(const BackupDesk& desk, RestoreAtPlan& plan) {
  try {
    plan.place = look_at_place(desk.instance.conninfo(), desk.actor.login);
  } catch (const Error& error) {
    // What cannot be started is what somebody wants to restore.
    if (error.code() != Errc::database) throw;
    plan.broken = error.message();
  }
}

/// Everything up to the moment, opened and held against its seals.
void bring_in(const BackupDesk& desk, const RestoreAtPlan& plan, const RestoreAtOrder& order,
              db::ClusterImport& import) {
  const auto& base = plan.stretch.base;
  archive::Progress progress;
  auto tell_at = SteadyClock::now();
  const auto tell = [&](std::size_t bytes) {
    progress.read += bytes;
    if (!desk.progress || SteadyClock::now() < tell_at) return;
    desk.progress(progress);
    tell_at = SteadyClock::now() + std::chrono::milliseconds{200};
  };
  {
    archive::DumpOfBackup tar{*plan.archive, base, *order.key};
    const auto inlet = import.data();
    archive::pump(tar, [&](std::span<const std::byte> bytes) {
      inlet->write(bytes);
      tell(bytes.size());
    });
    inlet->finish();
  }
  const auto& wal = *base.wal;
  for (auto segment = wal.start;; segment = archive::next_wal_segment(segment, wal.segment_bytes)) {
    if (desk.stop.stop_requested()) throw Error(Errc::interrupted, "the restore was interrupted");
    InletSink out{import.segment(segment)};
    const auto head =
        archive::open_segment(*plan.archive, wal.system, segment, wal.segment_bytes, base.signer, *order.key, out);
    tell(wal.segment_bytes);
    // What this one holds is later than the moment, so that the recovery knows where to stop.
    if (segment >= wal.stop && head.reaches >= order.at) return;
    if (segment == plan.stretch.last) return;
  }
}

std::string for_postgres(Instant at) {
  auto text = to_iso(at);
  text.back() = ' ';  // the Z
  return text + "UTC";
}

}  // namespace

RestoreAtPlan look_at_restore_at(const BackupDesk& desk, const RestoreAtOrder& order) {
  auto& instance = desk.instance;
  if (!instance.embedded())
    throw Error(Errc::config, "a moment can be restored of the embedded database only, and [database] names a server",
                "Use what archives the log of that server, such as pgbackrest or barman.");
  RestoreAtPlan plan;
  plan.archive = order.from.empty() ? open_wal_archive(instance.settings(), desk.clock)
                                    : open_backup_target(instance.settings(), order.from, desk.clock, desk.stop);
  const auto contents = archive::look_at_wal(*plan.archive);
  plan.stretch = archive::stretch_for(contents, order.at);
  const auto& base = plan.stretch.base;
  plan.taken = archive::timelines_after(contents, *base.wal);
  archive::open_data_key(base, *order.key);
  const auto migrations = db::embedded_migrations();
  if (const int latest = migrations.empty() ? 0 : migrations.back().version; base.schema > latest)
    throw Error(
        Errc::config,
        fmt::format("base backup {} has schema version {}, and this program knows {}", base.id, base.schema, latest),
        fmt::format("Install visitor {} or later.", base.visitor));
  make_directories(instance.settings().state_directory, geteuid() == 0 ? 0711 : 0700);
  plan.exists = instance.cluster().status().state != db::ClusterState::absent;
  plan.place.database = instance.cluster().options().database;
  if (plan.exists) look_at_present(desk, plan);
  if (order.replace) return plan;
  constexpr auto kHint = "With --replace its data are put aside.";
  if (!plan.broken.empty())
    throw Error(Errc::conflict, fmt::format("the embedded database is there and cannot be used: {}", plan.broken),
                kHint);
  if (plan.place.tables > 0)
    throw Error(Errc::conflict,
                fmt::format("the embedded database is not empty: it holds {} tables", plan.place.tables), kHint);
  return plan;
}

Restored restore_at(const BackupDesk& desk, const RestoreAtPlan& plan, const RestoreAtOrder& order) {
  const auto began = SteadyClock::now();
  const auto& base = plan.stretch.base;
  auto& instance = desk.instance;
  require_unused(instance, plan);
  Restored restored;
  restored.id = base.id;
  restored.database = plan.place.database;
  db::ClusterImport import{instance.cluster().options()};
  bring_in(desk, plan, order, import);
  Secret conninfo;
  try {
    conninfo = import.recover(for_postgres(order.at), plan.taken).conninfo();
  } catch (const Error& error) {
    throw Error(
        error.code(),
        fmt::format("the recovery to {} failed, and nothing was changed: {}", to_iso(order.at), error.message()),
        "Choose an earlier moment, or restore a dump.");
  }
  {
    db::Connection connection{
        {.conninfo = conninfo, .application_name = "visitor-restore", .statement_deadline = {}, .idle_deadline = {}}};
    const auto sums = archive::sums_of(conninfo, connection.server_version(), desk.stop);
    for (const auto& table : sums) restored.rows += table.rows;
    if (plan.place.tables > 0)
      restored.differences =
          archive::differences(archive::sums_of(instance.conninfo(), connection.server_version(), desk.stop), sums);
    settle_restored(desk, base, *order.key,
                    fmt::format("restored as of {} from base backup {}", to_iso(order.at), base.id), connection,
                    restored);
  }
  require_unused(instance, plan);
  restored.put_aside = import.take_over().string();
  instance.cluster().start();
  restored.took = std::chrono::duration_cast<std::chrono::milliseconds>(SteadyClock::now() - began);
  return restored;
}

}  // namespace visitor::app
