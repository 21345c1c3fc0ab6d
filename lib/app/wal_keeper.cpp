#include "app/wal_keeper.hpp"

#include <fmt/format.h>
#include <sys/statvfs.h>

#include <algorithm>
#include <cerrno>

#include "app/backup_target.hpp"
#include "app/backups.hpp"
#include "archive/base_backup.hpp"
#include "archive/wal_archive.hpp"
#include "archive/wal_receiver.hpp"
#include "archive/wal_segment.hpp"
#include "core/file.hpp"
#include "core/host.hpp"
#include "core/log.hpp"
#include "db/connection.hpp"

namespace visitor::app {
namespace {

namespace fs = std::filesystem;
using std::chrono::minutes;

constexpr std::string_view kSlot = "visitor_wal";
constexpr minutes kLookEvery{1};
constexpr std::chrono::seconds kLookAtArchiveEvery{3600};
// Until the log that goes with the first base backup has come.
constexpr std::chrono::seconds kLookForBaseEvery{2};
constexpr minutes kTryBaseAgain{10};
constexpr std::chrono::seconds kAskAgain{10};
// Complete segments that wait before the archive; then the server keeps the rest.
constexpr std::size_t kMostWaiting = 8;

/// Since when it has been so.
void keep_since(std::optional<Instant>& since, bool is_so, Instant now) {
  if (!is_so)
    since.reset();
  else if (!since)
    since = now;
}

constexpr auto kCluster = R"sql(
    SELECT (SELECT system_identifier FROM pg_control_system())::text AS system,
           pg_walfile_name(pg_current_wal_insert_lsn()) AS segment,
           EXISTS (SELECT FROM installation WHERE held_since IS NOT NULL) AS held)sql";

constexpr auto kHeld = "SELECT EXISTS (SELECT FROM installation WHERE held_since IS NOT NULL) AS held";

constexpr auto kSlotIs = R"sql(
    SELECT coalesce(wal_status = 'lost' OR restart_lsn IS NULL, true) AS lost, active_pid,
           coalesce(pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn), 0)::bigint AS behind
      FROM pg_replication_slots
     WHERE slot_name = $1)sql";

constexpr auto kMakeSlot = "SELECT pg_create_physical_replication_slot($1, true)::text AS made";
constexpr auto kDropSlot = "SELECT pg_drop_replication_slot($1)::text AS dropped";

// A pg_receivewal whose maker was killed.
constexpr auto kEndOther = "SELECT pg_terminate_backend($1, 5000) AS ended";

constexpr auto kSwitch = "SELECT pg_walfile_name(pg_switch_wal()) AS segment";

}  // namespace

struct WalKeeper::Session {
  explicit Session(const Secret& conninfo) : connection({.conninfo = conninfo, .application_name = "visitor-wal"}) {}

  db::Connection connection;
  std::string system;
  std::string timeline;
  fs::path spool;
  std::unique_ptr<archive::Target> target;
  std::optional<archive::SigningKey> signer;
  archive::WalSeal seal;
  archive::WalContents contents;
  Instant reaches;  // of the newest segment that this session archived
  std::optional<archive::WalReceiver> receiver;

  /// Whether it is a base backup of the unbroken chain that is kept now.
  bool belongs(const archive::Manifest& base, Instant chain_from) const {
    return base.wal && base.wal->system == system && archive::timeline_of(base.wal->start) == timeline &&
           base.started >= chain_from;
  }
  /// How far a segment reaches that we archived before; 1970 where it was not, or is damaged.
  Instant said_by(const std::string& segment) const {
    try {
      const auto head = archive::read_wal_head(*target, system, segment);
      return head.signer == signer->public_text() ? head.reaches : Instant{};
    } catch (const Error& error) {
      if (error.code() != Errc::not_found && error.code() != Errc::integrity) throw;
      return {};
    }
  }
  bool restores(const archive::Manifest& base) const {
    return std::ranges::any_of(contents.stretches, [&](const auto& one) { return one.base.id == base.id; });
  }
};

std::unique_ptr<archive::Target> open_wal_archive(const config::Settings& settings, const Clock& clock) {
  const auto& directory = settings.backup.wal.directory;
  if (directory.empty())
    throw Error(Errc::config, "the write-ahead log is not archived: [backup.wal] directory is not set",
                "Set it for the future; for now restore a dump.");
  return open_backup_target(settings, "file://" + directory.string(), clock);
}

void end_wal_archive(Instance& instance) {
  if (!instance.embedded() || !instance.settings().backup.wal.directory.empty()) return;
  db::Connection connection{{.conninfo = instance.conninfo(), .application_name = "visitor-wal"}};
  db::Transaction tx{connection};
  store::WalStates states{tx};
  const auto slot = std::string{kSlot};
  const auto row = tx.maybe_row(kSlotIs, slot);
  if (!row || !states.take_turn()) return;
  if (const auto pid = row->get<std::optional<std::int32_t>>("active_pid")) tx.row(kEndOther, *pid);
  tx.row(kDropSlot, slot);
  states.forget();
  tx.commit();
  log::info("wal: the write-ahead log is not archived any longer");
}

WalKeeper::WalKeeper(Instance& instance, const config::Settings& settings, const Clock& clock)
    : instance_(instance), settings_(settings), clock_(clock) {}

WalKeeper::~WalKeeper() {
  base_stop_.request_stop();
}

void WalKeeper::tick(Instant now, std::stop_token stop) {
  sealing_ = false;
  if (!session_ && now < open_at_) return;
  try {
    if (!session_ && !open(now)) {
      open_at_ = now + kAskAgain;
      return;
    }
    work(now, stop);
    if (session_ && state_.failing_since) {
      log::info("wal: archived again");
      state_.failing_since.reset();
      state_.failure.clear();
      save();
    }
  } catch (const Error& error) {
    if (error.code() == Errc::interrupted) throw;
    const bool first = !state_.failing_since;
    const bool other = state_.failure != error.message();
    state_.failing_since = state_.failing_since.value_or(now);
    state_.failure = error.message();
    try {
      if (session_ && (first || other)) save();
      // How full the disk is and how much waits is most wanted now.
      if (session_ && sealing_ && now >= look_at_) look_around(now);
    } catch (const Error& unsaid) {
      log::debug("wal: {}", unsaid.message());
      sealing_ = false;
    }
    // Where only the archive is in the way, the log goes on being received for a while.
    if (!sealing_) session_.reset();
    throw;
  }
}

bool WalKeeper::open(Instant now) {
  auto session = std::make_unique<Session>(instance_.conninfo());
  {
    db::Transaction tx{session->connection};
    store::WalStates states{tx};
    if (!states.take_turn()) return false;
    const auto row = tx.row(kCluster);
    if (row.get<bool>("held")) return false;
    session->system = row.get<std::string>("system");
    session->timeline = archive::timeline_of(row.get<std::string>("segment"));
    const auto failing = state_;
    state_ = states.find().value_or(store::WalState{});
    if (failing.failing_since) {
      state_.failing_since = failing.failing_since;
      state_.failure = failing.failure;
    }
    tx.commit();
  }
  // A server that was started by an earlier version, or with other settings.
  instance_.cluster().reload();
  session->target = open_wal_archive(settings_, clock_);
  session->signer = backup_signing_key(settings_);
  session->seal = {backup_recipients(settings_), &*session->signer};
  session->spool = settings_.state_directory / "wal" / session->system;
  make_directories(session->spool, 0700);

  const auto slot = std::string{kSlot};
  db::Transaction tx{session->connection};
  auto row = tx.maybe_row(kSlotIs, slot);
  if (row)
    if (const auto pid = row->get<std::optional<std::int32_t>>("active_pid")) tx.row(kEndOther, *pid);
  if (row && row->get<bool>("lost")) {
    log::warn("wal: more waited for the archive than [backup.wal] max_behind, and was given up; a new one begins");
    tx.row(kDropSlot, slot);
    row.reset();
  }
  if (!row) {
    tx.row(kMakeSlot, slot);
    state_.chain_from = now;
  }
  state_.looked_at = now;
  store::WalStates{tx}.save(state_);
  tx.commit();
  marks_.clear();
  mark_at_ = look_at_ = archive_look_at_ = Instant{};
  session_ = std::move(session);
  return true;
}

void WalKeeper::work(Instant now, const std::stop_token& stop) {
  auto& session = *session_;
  session.connection.set_stop(stop);
  if (session.receiver) session.receiver->require_running();
  seal_complete();
  if (!session.receiver) {
    archive::forget_incomplete_segments(session.spool);
    session.receiver.emplace(instance_.conninfo(), session.connection.server_version(), std::string{kSlot},
                             session.spool);
  }
  if (now >= archive_look_at_) look_at_archive(now);
  see_to_base(now);
  if (now >= mark_at_) mark(now);
  if (now >= look_at_) look_around(now);
}

void WalKeeper::seal_complete() {
  auto& session = *session_;
  const auto names = archive::complete_segments(session.spool);
  if (names.empty()) return;
  sealing_ = true;
  try {
    for (const auto& name : names) {
      // The server sends some again: what later ones reach is not in them.
      auto reaches = std::max(session.reaches, session.said_by(name));
      for (const auto& mark : marks_)
        if (mark.segment <= name) reaches = std::max(reaches, mark.at);
      archive::archive_segment(*session.target, {session.system, name, reaches, {}}, session.spool / name,
                               session.seal);
      std::error_code failed;
      fs::remove(session.spool / name, failed);
      if (failed) throw Error(Errc::failed, fmt::format("cannot remove {}: {}", name, failed.message()));
      std::erase_if(marks_, [&](const Mark& mark) { return mark.segment <= name; });
      session.reaches = reaches;
      if (reaches != Instant{}) state_.reaches = std::max(state_.reaches.value_or(reaches), reaches);
    }
  } catch (const Error&) {
    if (archive::complete_segments(session.spool).size() >= kMostWaiting) session.receiver.reset();
    throw;
  }
  sealing_ = false;
  save();
}

void WalKeeper::mark(Instant now) {
  auto& session = *session_;
  // What is committed here is later than the mark, so that whoever recovers up to it finds something to stop at.
  Mark mark{{}, clock_.now()};
  state_.looked_at = now;
  save();
  db::Transaction tx{session.connection};
  mark.segment = tx.row(kSwitch).get<std::string>("segment");
  tx.commit();
  marks_.push_back(std::move(mark));
  mark_at_ = now + settings_.backup.wal.max_loss;
}

void WalKeeper::see_to_base(Instant now) {
  auto& session = *session_;
  const auto& wal = settings_.backup.wal;
  if (base_.valid()) {
    if (base_.wait_for(std::chrono::seconds{0}) != std::future_status::ready) return;
    base_at_ = now + kTryBaseAgain;
    const auto made = base_.get();
    log::info("wal: base backup {} made, {} bytes", made.id, made.data().size);
    mark(now);
    archive_look_at_ = now;
    return;
  }
  if (now < base_at_) return;
  for (const auto& base : session.contents.bases) {
    if (base.state != archive::Stored::State::whole || !base.manifest) continue;
    const auto& manifest = *base.manifest;
    // What it needs of the log follows within a while, or never.
    if (session.belongs(manifest, state_.chain_from) && manifest.ended + wal.base_every > now &&
        (session.restores(manifest) || manifest.ended + kLookAtArchiveEvery > now))
      return;
  }
  archive::BaseOrder order;
  order.id = archive::make_backup_id(now);
  order.conninfo = instance_.conninfo();
  order.seal.recipients = session.seal.recipients;
  order.master_key = read_secret_file(instance_.settings().secrets.key_file);
  order.host = host_name();
  order.clock = &clock_;
  base_stop_ = {};
  order.stop = base_stop_.get_token();
  base_ = std::async(std::launch::async,
                     [order = std::move(order), signer = *session.signer, settings = settings_]() mutable {
                       const auto target = open_wal_archive(settings, *order.clock);
                       order.target = target.get();
                       order.seal.signer = &signer;
                       return archive::make_base_backup(order);
                     });
  base_at_ = now + kTryBaseAgain;
}

void WalKeeper::look_at_archive(Instant now) {
  auto& session = *session_;
  const auto& wal = settings_.backup.wal;
  session.target->sweep(now - std::chrono::hours{24});
  session.contents = archive::look_at_wal(*session.target);
  const auto names = archive::wal_not_needed(session.contents, now - wal.keep);
  for (const auto& name : names) session.target->remove(name);
  if (!names.empty()) {
    log::info("wal: {} object(s) that no recovery needs any longer were removed", names.size());
    session.contents = archive::look_at_wal(*session.target);
  }
  state_.bytes = static_cast<std::int64_t>(session.contents.bytes);
  state_.oldest_at.reset();
  state_.base_at.reset();
  state_.gap.clear();
  bool broken = false;
  for (const auto& one : session.contents.stretches) {
    const bool ours = session.belongs(one.base, state_.chain_from);
    if (!one.gap.empty()) state_.gap = one.gap;
    broken = broken || (ours && !one.gap.empty());
    state_.oldest_at = std::min(state_.oldest_at.value_or(one.from), one.from);
    if (ours && one.gap.empty()) state_.base_at = std::max(state_.base_at.value_or(one.from), one.from);
  }
  keep_since(state_.gap_since, !state_.gap.empty(), now);
  if (broken) {
    log::warn("wal: segment {} is missing in the archive; a new base backup is made", state_.gap);
    state_.chain_from = now;
    state_.base_at.reset();
  }
  archive_look_at_ = now + (state_.base_at ? kLookAtArchiveEvery : kLookForBaseEvery);
  look_at_ = now;
}

void WalKeeper::look_around(Instant now) {
  auto& session = *session_;
  const auto& directory = settings_.backup.wal.directory;
  struct statvfs disk {};
  if (statvfs(directory.c_str(), &disk) != 0)
    throw Error(Errc::failed, fmt::format("cannot look at {}: {}", directory.string(), errno_text(errno)));
  state_.free_bytes = static_cast<std::int64_t>(disk.f_bavail * disk.f_frsize);
  state_.disk_bytes = static_cast<std::int64_t>(disk.f_blocks * disk.f_frsize);
  keep_since(state_.low_since, state_.free_bytes < state_.disk_bytes / 100 * settings_.backup.wal.warn_free, now);
  bool held = false;
  {
    db::Transaction tx{session.connection, {.read_only = true}};
    const auto slot = tx.maybe_row(kSlotIs, std::string{kSlot});
    if (!slot || slot->get<bool>("lost"))
      throw Error(Errc::database, "the server does not keep the write-ahead log for the archive any longer");
    state_.behind_bytes = std::max(slot->get<std::int64_t>("behind"), std::int64_t{0});
    keep_since(state_.behind_since,
               state_.behind_bytes >= static_cast<std::int64_t>(settings_.backup.wal.max_behind / 2), now);
    held = tx.row(kHeld).get<bool>("held");
  }
  if (held) {
    session_.reset();
    return;
  }
  state_.looked_at = now;
  save();
  look_at_ = now + kLookEvery;
}

void WalKeeper::save() {
  db::Transaction tx{session_->connection};
  store::WalStates{tx}.save(state_);
  tx.commit();
}

}  // namespace visitor::app
