#include "app/poller.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <optional>
#include <utility>
#include <vector>

#include "app/event_source.hpp"
#include "app/gaps.hpp"
#include "app/ingest.hpp"
#include "app/terminals.hpp"
#include "core/log.hpp"
#include "core/zone.hpp"
#include "db/transaction.hpp"
#include "hikvision/client.hpp"
#include "hikvision/search_sweep.hpp"
#include "net/backoff.hpp"
#include "store/event_pictures.hpp"
#include "store/gaps.hpp"
#include "store/terminals.hpp"

namespace visitor::app {
namespace {

using domain::TerminalState;
using hikvision::FailureKind;
using std::chrono::milliseconds;
using std::chrono::seconds;

/// Device time asked for again at every poll; [polling] overlap is asked for after a break and once a minute.
constexpr seconds kShortOverlap{15};
constexpr seconds kLongOverlapEvery{60};
/// A clock that moved by more than this between two polls was set.
constexpr seconds kClockJump{60};
/// How often a terminal that says nothing new is written down as alive.
constexpr seconds kSignOfLife{5};
/// The same in rows, for terminals that take no times.
constexpr std::int64_t kRowOverlap = 100;
constexpr int kGapsAtOnce = 20;
constexpr int kAttempts = 5;
/// What pictures may take of a poll's time: a terminal answers one request at a time, and its log comes first.
constexpr milliseconds kPicturesTime{2'000};
/// After a terminal that did not want to, or let us wait in vain.
constexpr seconds kPicturesRest{60};
constexpr std::size_t kPicturesKept = 50;
/// The oldest date that terminals print: what a reset clock shows.
constexpr Instant kBeginning{};

TerminalState state_of(FailureKind kind) {
  switch (kind) {
    case FailureKind::offline:
    case FailureKind::timeout:
    case FailureKind::busy:
      return TerminalState::offline;
    case FailureKind::locked:
      return TerminalState::locked;
    case FailureKind::wrong_password:
    case FailureKind::refused:
      return TerminalState::refused;
    case FailureKind::certificate_changed:
      return TerminalState::certificate_changed;
    default:
      return TerminalState::error;
  }
}

std::string capabilities_json(const hikvision::EventCapabilities& capabilities) {
  return fmt::format(
      R"({{"max_results":{},"max_position":{},"pic_enable":{},"time_reverse_order":{},"begin_serial_no":{}}})",
      capabilities.max_results.value_or(0), capabilities.max_position.value_or(0), capabilities.pic_enable,
      capabilities.time_reverse_order, capabilities.begin_serial_no);
}

hikvision::LoginState login_state(const domain::Terminal& terminal) {
  return {.wait_until = terminal.locked_until,
          .locked = terminal.state == TerminalState::locked,
          .tries_left = terminal.login_tries_left};
}

/// What decides how to talk to a terminal; another one needs a new Client.
bool same_access(const domain::Terminal& a, const domain::Terminal& b) {
  return a.base_url == b.base_url && a.username == b.username && a.password_sealed == b.password_sealed &&
         a.certificate_sha256 == b.certificate_sha256 && a.version == b.version;
}

}  // namespace

class TerminalPoller::Impl {
 public:
  Impl(PollerServices services, TerminalId id, std::string holder, std::uint64_t seed)
      : services_(services),
        id_(id),
        holder_(std::move(holder)),
        backoff_({.first = milliseconds{1'000}, .most = services.settings.polling.backoff_max}, seed) {}

  PollReport poll(std::stop_token stop);

 private:
  struct Clocks {
    Instant ours;
    Instant device;  ///< what its clock says in UTC
    seconds offset;  ///< of its clock face from UTC
    std::optional<milliseconds> ahead;
  };
  struct Range {
    Instant from;
    Instant to;
  };

  bool load();
  void connect();
  std::optional<hikvision::Failure> identify(const std::stop_token& stop);
  std::optional<hikvision::Failure> read(const std::stop_token& stop, PollReport& report);
  std::optional<hikvision::Failure> sweep_range(Range range, const std::stop_token& stop, PollReport& report);
  std::optional<hikvision::Failure> ask_for_gaps(const std::stop_token& stop, PollReport& report);
  hikvision::Sweep sweep(const hikvision::SweepPlan& plan, bool moves_cursor, const std::stop_token& stop,
                         PollReport& report);
  IngestResult ingest(const std::vector<IncomingEvent>& events, const CursorAdvance& advance, PollReport& report);
  void fetch_pictures(const std::stop_token& stop);
  void note_success(bool always);
  PollReport note_failure(const hikvision::Failure& failure);
  void note_position(const hikvision::Sweep& swept);
  hikvision::SweepPlan plan_for(Range range) const;
  Range window(const Clocks& clocks);
  SourceContext source_context() const;

  template <class Use>
  auto transact(Use&& use) {
    return db::with_retry(services_.pool, kAttempts, [&](db::Transaction& tx) {
      if (!actor_) actor_ = ensure_actor(tx, "system", domain::ActionHow::automatic, services_.clock.now());
      return use(Work{tx, *actor_, services_.clock.now(), services_.settings, domain::Scope::everything()});
    });
  }

  PollerServices services_;
  TerminalId id_;
  std::string holder_;
  net::Backoff backoff_;
  std::optional<Actor> actor_;

  domain::Terminal terminal_;
  Zone zone_ = Zone::utc();
  std::optional<hikvision::Client> client_;
  std::optional<domain::Terminal> client_for_;
  std::optional<hikvision::DeviceInfo> identity_;
  hikvision::EventCapabilities capabilities_;
  hikvision::SearchHabits habits_;
  std::int64_t position_ = 0;     ///< rows to skip where the terminal takes no times
  std::optional<Clocks> clocks_;  ///< of the last good poll
  Instant long_overlap_at_{};     ///< when the whole overlap was asked for last
  bool may_have_gaps_ = true;
  Instant alive_written_at_{};
  std::deque<IngestResult::Picture> pictures_;  ///< to be fetched, oldest first
  bool pictures_refused_ = false;               ///< whoever we are may not see them
  Instant no_pictures_before_{};
};

bool TerminalPoller::Impl::load() {
  return transact([&](const Work& work) {
    const auto found = store::Terminals{work.tx, domain::Scope::everything()}.find(id_);
    if (!found || !found->enabled || found->lease_holder != holder_) return false;
    terminal_ = *found;
    zone_ = Zone::named(get_terminal(work, id_).time_zone);
    return true;
  });
}

void TerminalPoller::Impl::connect() {
  if (client_ && client_for_ && same_access(*client_for_, terminal_)) return;
  hikvision::ClientOptions options{.base_url = terminal_.base_url,
                                   .username = terminal_.username,
                                   .password = terminal_password(services_.vault, terminal_),
                                   .login = login_state(terminal_),
                                   .connect_timeout = services_.settings.polling.connect_timeout,
                                   .request_timeout = services_.settings.polling.request_timeout};
  if (const auto& pinned = terminal_.certificate_sha256; pinned && pinned->size() == 32) {
    net::Fingerprint fingerprint;
    std::copy(pinned->begin(), pinned->end(), fingerprint.bytes.begin());
    options.certificate = fingerprint;
  }
  client_.emplace(std::move(options), services_.clock);
  client_for_ = terminal_;
  identity_.reset();
  pictures_refused_ = false;
}

/// Who answers, and what it can do. A different unit under a known name is nobody we may believe: its serial numbers
/// would be taken for those of the other one.
std::optional<hikvision::Failure> TerminalPoller::Impl::identify(const std::stop_token& stop) {
  if (identity_) return std::nullopt;
  const auto info = client_->device_info(stop);
  if (!info) return info.failure();
  hikvision::DeviceInfo known;
  if (!terminal_.mac_address.empty()) known.mac_address = terminal_.mac_address;
  if (!terminal_.serial_number.empty()) known.serial_number = terminal_.serial_number;
  if ((known.mac_address || known.serial_number) && !hikvision::is_same_device(known, *info))
    return hikvision::Failure{
        .kind = FailureKind::bad_answer,
        .message = fmt::format("another device answers: {} instead of {}", info->serial_number.value_or("unnamed"),
                               terminal_.serial_number),
        .hint = "Put the right address into this terminal, or add the new device as a terminal of its own."};

  if (auto capabilities = client_->event_capabilities(stop))
    capabilities_ = *std::move(capabilities);
  else if (capabilities.failure().kind == FailureKind::not_supported)
    capabilities_ = {};
  else
    return capabilities.failure();

  transact([&](const Work& work) {
    store::Terminals terminals{work.tx, domain::Scope::everything()};
    terminals.save_identity(id_, {.model = info->model.value_or(""),
                                  .firmware = info->firmware_version.value_or(""),
                                  .serial_number = info->serial_number.value_or(""),
                                  .mac_address = info->stable_mac().value_or(""),
                                  .capabilities = capabilities_json(capabilities_)});
    if (const auto shown = client_->certificate(); shown && !terminal_.certificate_sha256) {
      const std::vector<std::byte> bytes{shown->bytes.begin(), shown->bytes.end()};
      terminals.pin_certificate(id_, bytes);
      terminal_.certificate_sha256 = bytes;
    }
  });
  client_for_->certificate_sha256 = terminal_.certificate_sha256;
  identity_ = *info;
  return std::nullopt;
}

SourceContext TerminalPoller::Impl::source_context() const {
  return {.site_zone = zone_,
          .device_offset = clocks_ ? std::optional{clocks_->offset} : std::nullopt,
          .received_at = services_.clock.now(),
          .username = terminal_.username,
          .local_address = client_->local_address()};
}

hikvision::SweepPlan TerminalPoller::Impl::plan_for(Range range) const {
  const auto offset = clocks_ ? clocks_->offset : seconds{0};
  return {.from = hikvision::search_time(range.from, offset),
          .to = hikvision::search_time(range.to, offset),
          .capabilities = capabilities_,
          .habits = habits_};
}

IngestResult TerminalPoller::Impl::ingest(const std::vector<IncomingEvent>& events, const CursorAdvance& advance,
                                          PollReport& report) {
  auto result = transact([&](const Work& work) { return ingest_page(work, id_, holder_, events, advance); });
  const auto committed_at = services_.clock.now();
  auto& metrics = services_.metrics;
  metrics.events_stored.add(static_cast<std::uint64_t>(result.stored));
  metrics.events_duplicate.add(static_cast<std::uint64_t>(result.duplicates));
  metrics.check_ins.add(static_cast<std::uint64_t>(result.check_ins));
  metrics.check_outs.add(static_cast<std::uint64_t>(result.check_outs));
  for (const auto type : result.opened) metrics.incidents_opened(type).add();
  if (result.stored > 0 && !events.empty())
    metrics.event_lag.observe(std::chrono::duration<double>(committed_at - events.back().occurred_at).count());
  report.stored += result.stored;
  report.check_ins += result.check_ins;
  report.check_outs += result.check_outs;
  report.incidents += static_cast<int>(result.opened.size());
  may_have_gaps_ = may_have_gaps_ || !result.gaps.empty();
  for (auto& picture : result.pictures) pictures_.push_back(std::move(picture));
  while (pictures_.size() > kPicturesKept) pictures_.pop_front();
  return result;
}

hikvision::Sweep TerminalPoller::Impl::sweep(const hikvision::SweepPlan& plan, bool moves_cursor,
                                             const std::stop_token& stop, PollReport& report) {
  std::optional<Instant> newest;
  const auto context = source_context();
  auto swept = hikvision::sweep(
      plan, [&](const hikvision::SearchRequest& request) { return client_->search_events(request, stop); },
      [&](const hikvision::Page& page, const hikvision::Sweep& so_far) {
        std::vector<IncomingEvent> events;
        events.reserve(page.events.size());
        for (const auto& event : page.events) {
          auto& incoming = events.emplace_back(to_incoming(event, context));
          if (incoming.time_source != domain::TimeSource::received)
            newest = std::max(newest.value_or(incoming.occurred_at), incoming.occurred_at);
        }
        CursorAdvance advance;
        if (moves_cursor && so_far.safe_for_time_cursor()) advance.cursor_at = newest;
        if (so_far.last_total) advance.backlog = std::max<std::int64_t>(0, *so_far.last_total - so_far.position);
        ingest(events, advance, report);
        return !stop.stop_requested();
      });
  habits_ = swept.habits;
  // Newest first, or in no order: only now is everything up to the newest one stored.
  if (moves_cursor && newest && swept.complete() && swept.by_time != hikvision::RowOrder::ascending)
    ingest({}, {.cursor_at = newest, .backlog = 0}, report);
  return swept;
}

/// A sweep that the terminal's or our own limits cut short goes on from the cursor at the next poll, unless the order
/// of the rows kept the cursor where it was: then the window is halved until its parts are small enough.
std::optional<hikvision::Failure> TerminalPoller::Impl::sweep_range(Range range, const std::stop_token& stop,
                                                                    PollReport& report) {
  auto plan = plan_for(range);
  plan.may_drop_times = true;
  if (habits_.without_times) plan.start_position = position_;
  const auto swept = sweep(plan, true, stop, report);
  if (habits_.without_times) note_position(swept);
  if (swept.failure) return swept.failure;
  if (swept.end == hikvision::SweepEnd::repeated_page && swept.position < swept.last_total.value_or(0))
    return hikvision::Failure{.kind = FailureKind::bad_answer,
                              .message = "it answers a search with the same page again and again",
                              .hint = "Restart the terminal; if that does not help, update its firmware."};
  const bool cut = swept.end == hikvision::SweepEnd::page_cap || swept.end == hikvision::SweepEnd::position_cap;
  if (!cut || habits_.without_times || swept.safe_for_time_cursor() || range.to - range.from < seconds{2})
    return std::nullopt;
  const auto middle = range.from + (range.to - range.from) / 2;
  if (auto failure = sweep_range({range.from, middle}, stop, report)) return failure;
  return sweep_range({middle, range.to}, stop, report);
}

/// Where a terminal takes no times, the next search begins a little before the end of this one, unless its log began
/// anew or is not in order: then it is read from the start.
void TerminalPoller::Impl::note_position(const hikvision::Sweep& swept) {
  const bool in_order =
      swept.by_time == hikvision::RowOrder::ascending || swept.by_time == hikvision::RowOrder::unknown;
  const bool shrunk = swept.last_total && *swept.last_total < position_;
  position_ = swept.failure || !in_order || shrunk ? 0 : std::max<std::int64_t>(0, swept.position - kRowOverlap);
}

TerminalPoller::Impl::Range TerminalPoller::Impl::window(const Clocks& clocks) {
  auto overlap = kShortOverlap;
  if (clocks.ours - long_overlap_at_ >= kLongOverlapEvery) {
    overlap = services_.settings.polling.overlap;
    long_overlap_at_ = clocks.ours;
  }
  // A clock that was put back must not leave the cursor ahead of everything that comes now.
  const auto from = terminal_.cursor_at ? std::min(*terminal_.cursor_at, clocks.device) - overlap : kBeginning;
  return {std::max(from, kBeginning), clocks.device};
}

std::optional<hikvision::Failure> TerminalPoller::Impl::read(const std::stop_token& stop, PollReport& report) {
  if (auto failure = identify(stop)) return failure;
  const auto reading = client_->system_time(stop);
  if (!reading) return reading.failure();

  Clocks now{.ours = reading->at, .device = reading->at, .offset = zone_.offset(reading->at), .ahead = std::nullopt};
  if (const auto offset = reading->time.offset()) now.offset = *offset;
  if (const auto instant = reading->time.instant())
    now.device = *instant;
  else if (reading->time.local_time.local)
    now.device = zone_.instant(*reading->time.local_time.local);
  now.ahead = std::chrono::duration_cast<milliseconds>(now.device - now.ours);
  const auto before = std::exchange(clocks_, now);
  note_success(false);

  if (before) {
    const auto was = before->device + (now.ours - before->ours);
    if (was - now.device > kClockJump || now.device - was > kClockJump) {
      log::warn("terminal {}: its clock was set by {} s", id_.value,
                std::chrono::duration_cast<seconds>(now.device - was).count());
      const auto from = std::max(before->device - kShortOverlap, kBeginning);
      const auto swept = sweep(plan_for({from, was + seconds{1}}), false, stop, report);
      if (swept.failure) return swept.failure;
    }
  }
  if (auto failure = sweep_range(window(now), stop, report)) return failure;
  fetch_pictures(stop);
  return ask_for_gaps(stop, report);
}

/// What the cameras saw of the incidents of this poll. Each is asked for once: what goes wrong here is worth a line in
/// the log, and no state of the terminal.
void TerminalPoller::Impl::fetch_pictures(const std::stop_token& stop) {
  if (pictures_refused_ || services_.clock.now() < no_pictures_before_) pictures_.clear();
  const auto until = std::chrono::steady_clock::now() + kPicturesTime;
  while (!pictures_.empty() && !stop.stop_requested()) {
    const auto left = std::chrono::duration_cast<milliseconds>(until - std::chrono::steady_clock::now());
    if (left.count() <= 0) return;
    const auto wanted = std::move(pictures_.front());
    pictures_.pop_front();
    const auto picture = client_->picture(wanted.url, store::EventPictures::kMostBytes, left, stop);
    if (picture) {
      transact([&](const Work& work) {
        store::EventPictures{work.tx, domain::Scope::everything()}.add(wanted.event, std::as_bytes(std::span{*picture}),
                                                                       work.now);
      });
      continue;
    }
    const auto& failure = picture.failure();
    pictures_refused_ = failure.kind == FailureKind::wrong_password || failure.kind == FailureKind::locked;
    log::info("terminal {}: no picture of event {}{}: {}", id_.value, wanted.event.serial,
              pictures_refused_ ? ", nor of later ones" : "", failure.message);
    const bool one_picture = failure.kind == FailureKind::not_supported || failure.kind == FailureKind::bad_answer;
    if (!one_picture) no_pictures_before_ = services_.clock.now() + kPicturesRest;
    if (pictures_refused_ || !one_picture) pictures_.clear();
  }
}

/// Skipped serial numbers are asked for once more: by number where the terminal can search so, else in the last day.
std::optional<hikvision::Failure> TerminalPoller::Impl::ask_for_gaps(const std::stop_token& stop, PollReport& report) {
  if (!may_have_gaps_) return std::nullopt;
  const auto open = transact([&](const Work& work) {
    return store::Gaps{work.tx, domain::Scope::everything()}.open(id_, kGapsAtOnce);
  });
  may_have_gaps_ = !open.empty();
  if (open.empty()) return std::nullopt;

  const Range ever{kBeginning, clocks_->device};
  const Range last_day{std::max(clocks_->device - std::chrono::hours{24}, kBeginning), clocks_->device};
  std::vector<hikvision::SweepPlan> plans;
  if (capabilities_.begin_serial_no) {
    for (const auto& gap : open) {
      auto& plan = plans.emplace_back(plan_for(ever));
      plan.begin_serial = static_cast<std::uint64_t>(gap.first);
      plan.end_serial = static_cast<std::uint64_t>(gap.last);
      plan.most_pages = static_cast<std::size_t>(gap.last - gap.first) / 10 + 2;
    }
  } else {
    plans.push_back(plan_for(last_day));
  }
  for (const auto& plan : plans) {
    const auto swept = sweep(plan, false, stop, report);
    if (swept.failure) return swept.failure;
    if (stop.stop_requested()) return std::nullopt;
  }
  const auto missing = transact([&](const Work& work) { return give_up_gaps(work, id_, open); });
  if (missing > 0) log::warn("terminal {}: {} gaps in its serial numbers stay unfilled", id_.value, missing);
  return std::nullopt;
}

void TerminalPoller::Impl::note_success(bool always) {
  const auto now = services_.clock.now();
  const bool was_online = terminal_.state == TerminalState::online;
  if (!always && was_online && now - alive_written_at_ < kSignOfLife) return;
  store::TerminalHealth health;
  health.state = TerminalState::online;
  health.last_answer_at = now;
  if (clocks_) health.clock_offset = clocks_->ahead;
  const bool changed = transact([&](const Work& work) {
    return store::Terminals{work.tx, domain::Scope::everything()}.save_health(id_, health, now);
  });
  alive_written_at_ = now;
  terminal_.state = TerminalState::online;
  if (changed) log::info("terminal {} is online", id_.value);
}

PollReport TerminalPoller::Impl::note_failure(const hikvision::Failure& failure) {
  const auto state = state_of(failure.kind);
  const auto login = client_->login_state();
  const auto now = services_.clock.now();
  store::TerminalHealth health;
  health.state = state;
  health.last_error = failure.message;
  health.failures = terminal_.failures + 1;
  health.locked_until = login.wait_until;
  health.login_tries_left = login.tries_left;
  const bool changed = transact([&](const Work& work) {
    return store::Terminals{work.tx, domain::Scope::everything()}.save_health(id_, health, now);
  });
  if (changed)
    log::warn("terminal {} is {}: {}{}{}", id_.value, domain::name(state), failure.message,
              failure.hint.empty() ? "" : ". ", failure.hint);
  // After a break the device may be another one, or have another firmware.
  identity_.reset();
  long_overlap_at_ = {};

  PollReport report;
  report.state = state;
  report.wait = std::max(backoff_.next(), terminal_.poll_interval);
  if (login.wait_until && *login.wait_until > now)
    report.wait = std::max(report.wait, std::min(std::chrono::duration_cast<milliseconds>(*login.wait_until - now),
                                                 services_.settings.polling.backoff_max));
  return report;
}

PollReport TerminalPoller::Impl::poll(std::stop_token stop) {
  const auto begun = std::chrono::steady_clock::now();
  PollReport report;
  if (!load()) {
    report.end = PollReport::End::lease_lost;
    return report;
  }
  connect();
  std::optional<hikvision::Failure> failure;
  try {
    failure = read(stop, report);
  } catch (const Error& error) {
    // ingest_page found the lease gone.
    if (error.code() != Errc::conflict && error.code() != Errc::not_found) throw;
    report.end = PollReport::End::lease_lost;
    return report;
  }
  if (stop.stop_requested() || (failure && failure->kind == FailureKind::interrupted)) {
    report.end = PollReport::End::stopped;
    return report;
  }
  if (failure) {
    const auto failed = note_failure(*failure);
    report.state = failed.state;
    report.wait = failed.wait;
  } else {
    backoff_.reset();
    note_success(terminal_.failures > 0);
    report.wait = terminal_.poll_interval;
  }
  services_.metrics.polls(report.state).add();
  services_.metrics.poll_duration.observe(
      std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count());
  return report;
}

TerminalPoller::TerminalPoller(PollerServices services, TerminalId terminal, std::string holder, std::uint64_t seed)
    : impl_(std::make_unique<Impl>(services, terminal, std::move(holder), seed)) {}

TerminalPoller::~TerminalPoller() = default;

PollReport TerminalPoller::poll(std::stop_token stop) {
  return impl_->poll(std::move(stop));
}

}  // namespace visitor::app
