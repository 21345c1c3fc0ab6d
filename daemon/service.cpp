#include "daemon/service.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "app/accounts.hpp"
#include "app/health.hpp"
#include "app/instance.hpp"
#include "app/metrics.hpp"
#include "config/load.hpp"
#include "core/clock.hpp"
#include "core/guarded.hpp"
#include "core/host.hpp"
#include "core/log.hpp"
#include "core/text.hpp"
#include "core/vault.hpp"
#include "daemon/api/api.hpp"
#include "daemon/house_watch.hpp"
#include "daemon/http/server.hpp"
#include "daemon/loops/loop_runner.hpp"
#include "daemon/loops/loops.hpp"
#include "daemon/opener.hpp"
#include "daemon/service_manager.hpp"
#include "daemon/status_pages.hpp"
#include "daemon/telegram_hook.hpp"
#include "daemon/vitals.hpp"

namespace visitor::daemon {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using SteadyClock = std::chrono::steady_clock;

constexpr milliseconds kBeat{200};          // how often the main thread looks around
constexpr milliseconds kFactsAge{2'000};    // of what the status pages say of the database
constexpr seconds kStatusPeriod{10};        // of the line that systemctl status shows
constexpr milliseconds kDrain{2'500};       // for HTTP requests that have begun
constexpr milliseconds kLongestEnd{4'300};  // SIGTERM to exit
constexpr auto kReloading = "new settings are being brought in";
constexpr auto kNotOpen = "the database is not open yet";

sigset_t our_signals() {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&set, signal);
  return set;
}

/// The next of our signals, or 0 after \p timeout.
int next_signal(milliseconds timeout) {
  const auto set = our_signals();
  const timespec wait{timeout.count() / 1000, (timeout.count() % 1000) * 1'000'000};
  const int signal = sigtimedwait(&set, nullptr, &wait);
  return signal < 0 ? 0 : signal;
}

/// Names this process among all daemons of a database: host, process, and a random part for processes that follow each
/// other under one number.
std::string make_holder() {
  return fmt::format("{}:{}:{}", host_name(), getpid(), to_hex(random_bytes(4)));
}

/// Of two daemons one may be stopped in the middle of a page: its locks must be gone before its leases are over.
std::chrono::milliseconds idle_deadline(const config::Settings& settings) {
  return std::max<std::chrono::milliseconds>(settings.polling.lease / 2, std::chrono::seconds{1});
}

http::Tls tls_of(const config::Settings& settings) {
  const auto& http = settings.http;
  return http.certificate_file.empty() ? nullptr : http::make_tls(http.certificate_file, http.private_key_file);
}

std::vector<net::Network> proxies_of(const config::Settings& settings) {
  std::vector<net::Network> proxies;
  for (const auto& text : settings.http.trusted_proxies)
    if (const auto network = net::Network::parse(text)) proxies.push_back(*network);
  return proxies;
}

http::ServerOptions server_options(const config::Settings& settings) {
  http::ServerOptions options;
  options.address = settings.http.address;
  options.port = settings.http.port;
  options.listening = service_manager::listening_socket();
  options.max_connections = static_cast<std::size_t>(settings.http.max_connections);
  options.request_timeout = settings.http.request_timeout;
  options.idle_timeout = settings.http.idle_timeout;
  options.body_limit = settings.http.body_limit;
  options.tls = tls_of(settings);
  options.proxies = proxies_of(settings);
  // Requests must not take all connections from the loops.
  options.workers = static_cast<std::size_t>(std::clamp(settings.database.pool_size / 2, 1, 16));
  options.slow_workers = static_cast<std::size_t>(std::clamp(settings.database.pool_size / 8, 1, 4));
  return options;
}

/// Everything that lives from one reading of the settings to the next: the loops and what they work with.
struct Generation {
  const config::Settings settings;
  const Context context;
  std::vector<std::unique_ptr<LoopRunner>> runners;

  Generation(config::Settings given, const Opened& opened, const Clock& clock, app::Metrics& metrics,
             std::atomic<bool>& database_answers, const std::string& holder, app::Instance& instance)
      : settings(std::move(given)), context{settings, *opened.pool, *opened.vault,    opened.actor,
                                            clock,    metrics,      database_answers, holder} {
    for (auto& loop : make_loops(context, instance))
      runners.push_back(std::make_unique<LoopRunner>(std::move(loop), clock));
  }

  void request_stop() {
    for (auto& runner : runners) runner->request_stop();
  }
};

/// Ends the process where the orderly way takes too long. What is cut off then is a transaction that the database rolls
/// back.
class LastResort {
 public:
  LastResort(SteadyClock::time_point deadline, int status)
      : thread_{[this, deadline, status](const std::stop_token& stop) {
          std::unique_lock lock{mutex_};
          wake_.wait_until(lock, stop, deadline, [] { return false; });
          if (stop.stop_requested()) return;
          log::error("something does not come to its end, and is cut off");
          std::_Exit(status);
        }} {}

 private:
  std::mutex mutex_;
  std::condition_variable_any wake_;
  std::jthread thread_;
};

class Service final : public Vitals {
 public:
  Service(config::Settings settings, std::optional<std::filesystem::path> file)
      : file_(std::move(file)), settings_(settings), instance_(std::move(settings), idle_deadline(settings_)) {
    registry_.collect([this](app::MetricsText& out) { add_own_metrics(out); });
  }

  int run();

  std::vector<app::LoopFact> loops() const override;
  std::string not_ready() const override;
  app::Health health() override;
  std::string metrics() override { return registry_.text(); }

 private:
  /// Shared with the threads of the server.
  struct Shared {
    std::shared_ptr<Generation> generation;
    std::shared_ptr<const config::Settings> settings;  // those of the generation
    const db::Pool* pool = nullptr;
    bool stopping = false;
  };

  void look_around();
  void start_loops(const Opened& opened);
  void reload();
  void tell_status();
  int end(int status);
  std::optional<HookParts> hook_parts() const;
  std::optional<api::Parts> api_parts() const;
  void add_own_metrics(app::MetricsText& out);

  const std::optional<std::filesystem::path> file_;
  config::Settings settings_;
  const SystemClock clock_;
  const std::string holder_ = make_holder();
  app::Registry registry_;
  app::Metrics metrics_{registry_};
  app::Instance instance_;
  std::atomic<bool> database_answers_{true};
  HouseWatch house_{clock_, kFactsAge};
  Guarded<Shared> shared_;
  api::TokenAuthenticator authenticator_;
  auth::Passwords passwords_{app::password_cost(settings_)};
  const app::PasswordCheck password_check_ = app::password_check(passwords_);
  const app::PasswordRenewal password_renewal_ = app::password_renewal(passwords_);
  std::optional<Opener> opener_;
  std::optional<Opened> opened_;
  std::shared_ptr<api::Dispatch> dispatch_;
  std::optional<http::Server> server_;
  std::optional<int> exit_status_;
  bool told_ready_ = false;
  SteadyClock::time_point next_status_{};
  SteadyClock::time_point next_feed_{};
  const std::optional<std::chrono::microseconds> watchdog_ = service_manager::watchdog();
};

std::vector<app::LoopFact> Service::loops() const {
  const auto generation = shared_.with([](const Shared& shared) { return shared.generation; });
  std::vector<app::LoopFact> facts;
  if (generation)
    for (const auto& runner : generation->runners) facts.push_back(runner->fact());
  return facts;
}

std::string Service::not_ready() const {
  if (shared_.with([](const Shared& shared) { return shared.stopping; })) return "visitord is ending";
  const auto facts = loops();
  if (facts.empty())
    return shared_.with([](const Shared& shared) { return shared.pool != nullptr; }) ? kReloading : kNotOpen;
  if (!database_answers_) return "the database does not answer";
  for (const auto& loop : facts)
    if (loop.stalled) return fmt::format("{} has stalled", loop.name);
  return "";
}

std::optional<HookParts> Service::hook_parts() const {
  return shared_.with([](const Shared& shared) -> std::optional<HookParts> {
    if (!shared.generation) return std::nullopt;
    const auto& context = shared.generation->context;
    return HookParts{shared.generation->settings, context.pool, context.vault, context.actor};
  });
}

std::optional<api::Parts> Service::api_parts() const {
  return shared_.with([this](const Shared& shared) -> std::optional<api::Parts> {
    if (!shared.generation) return std::nullopt;
    const auto& context = shared.generation->context;
    return api::Parts{shared.settings, context.pool, context.vault, password_check_, password_renewal_};
  });
}

app::Health Service::health() {
  app::HealthInput input;
  input.house = house_.look();
  input.now = clock_.now();
  input.disk = app::look_at_disk(instance_.settings());
  input.loops = loops();
  return app::assess(input);
}

void Service::add_own_metrics(app::MetricsText& out) {
  const auto number = [](auto value) { return static_cast<double>(value); };
  const auto facts = loops();
  out.family("visitor_loop_up", "gauge", "1 where the last tick of a loop was good, 0 where it failed or has stalled.");
  for (const auto& loop : facts)
    out.sample("visitor_loop_up", {{"loop", loop.name}}, loop.failing || loop.stalled ? 0 : 1);
  out.family("visitor_loop_last_good_timestamp_seconds", "gauge", "When a loop had its last good tick.");
  for (const auto& loop : facts)
    if (loop.last_good)
      out.sample("visitor_loop_last_good_timestamp_seconds", {{"loop", loop.name}},
                 std::chrono::duration<double>(loop.last_good->time_since_epoch()).count());
  if (const auto* pool = shared_.with([](const Shared& shared) { return shared.pool; })) {
    const auto stats = pool->stats();
    out.gauge("visitor_pool_size", "Connections to the database that there may be.", number(stats.size));
    out.gauge("visitor_pool_open", "Connections to the database that there are.", number(stats.open));
    out.gauge("visitor_pool_in_use", "Connections to the database in use.", number(stats.in_use));
    out.gauge("visitor_pool_waiting", "Callers that wait for a connection.", number(stats.waiting));
    out.family("visitor_pool_timeouts_total", "counter", "Callers that waited for a connection in vain.");
    out.sample("visitor_pool_timeouts_total", {}, number(stats.timed_out));
  }
  if (server_) {
    const auto stats = server_->stats();
    out.gauge("visitor_http_connections", "Open TCP connections.", number(stats.connections));
    out.gauge("visitor_http_workers_busy", "Threads that work on requests.", number(stats.workers_busy));
    out.gauge("visitor_http_requests_waiting", "Requests that wait for a thread.", number(stats.workers_waiting));
  }
  const auto house = house_.look();
  out.gauge("visitor_database_up", "1 where the database answers.", house ? 1 : 0);
  app::add_gauges(out, house, clock_.now());
  out.family("visitor_build_info", "gauge", "Always 1; the label says which version runs.");
  out.sample("visitor_build_info", {{"version", VISITOR_VERSION}}, 1);
}

int Service::run() {
  http::Router router;
  add_status_pages(router, *this);
  add_telegram_hook(
      router, settings_, [this] { return hook_parts(); }, clock_);
  const api::Limits limits{settings_.api.key_limit, settings_.api.address_limit};
  dispatch_ = std::make_shared<api::Dispatch>([this] { return api_parts(); }, &authenticator_, clock_, limits);
  api::add_api(router, dispatch_);
  server_.emplace(server_options(settings_), std::move(router), registry_);
  log::info("visitord {} listens on {}://{}:{}/", VISITOR_VERSION,
            settings_.http.certificate_file.empty() ? "http" : "https",
            settings_.http.address.find(':') == std::string::npos ? settings_.http.address
                                                                  : fmt::format("[{}]", settings_.http.address),
            server_->port());
  log::info("settings: {}; database: {}",
            settings_.file.empty() ? "defaults, there is no file" : settings_.file.string(),
            instance_.embedded() ? fmt::format("embedded, in {}", instance_.settings().database.directory.string())
                                 : "as configured");
  opener_.emplace(instance_);

  while (!exit_status_) {
    switch (next_signal(kBeat)) {
      case SIGTERM:
      case SIGINT:
        exit_status_ = 0;
        break;
      case SIGHUP:
        reload();
        break;
      default:
        break;
    }
    if (!exit_status_) look_around();
  }
  return end(*exit_status_);
}

void Service::look_around() {
  if (opener_) {
    const auto state = opener_->state();
    if (state.exit_status) {
      exit_status_ = state.exit_status;
      return;
    }
    // A database that is away does not hold the start: we are there, and wait for it.
    if (state.failures > 0 && !std::exchange(told_ready_, true)) service_manager::ready(kNotOpen);
    if (state.ended && state.opened) {
      opener_.reset();
      start_loops(*state.opened);
      log::info("the database is open, {} loops run", loops().size());
      if (!std::exchange(told_ready_, true)) service_manager::ready("working");
    }
  }
  const auto now = SteadyClock::now();
  if (watchdog_ && now >= next_feed_) {
    const auto facts = loops();
    if (std::ranges::none_of(facts, [](const app::LoopFact& loop) { return loop.stalled; }))
      service_manager::feed_watchdog();
    next_feed_ = now + *watchdog_ / 4;
  }
  if (now >= next_status_) {
    tell_status();
    next_status_ = now + kStatusPeriod;
  }
}

void Service::start_loops(const Opened& opened) {
  opened_ = opened;  // what the loops refer to
  auto generation =
      std::make_shared<Generation>(settings_, *opened_, clock_, metrics_, database_answers_, holder_, instance_);
  house_.open(*opened.pool, instance_.settings());
  shared_.with([&](Shared& shared) {
    shared.generation = generation;
    shared.settings = std::make_shared<const config::Settings>(settings_);
    shared.pool = opened.pool;
  });
}

void Service::tell_status() {
  const auto not_ready_text = not_ready();
  service_manager::status(not_ready_text.empty() ? "working" : not_ready_text);
}

void Service::reload() {
  service_manager::reloading();
  auto reading = config::read(file_);
  if (!reading.problems.empty()) {
    for (const auto& problem : reading.problems) log::error("{}", config::to_text(problem));
    log::error("SIGHUP: the old settings stay in force, because the new ones have {} problem{}",
               reading.problems.size(), reading.problems.size() == 1 ? "" : "s");
    service_manager::ready("working with the old settings");
    return;
  }
  auto reload = config::reload(settings_, reading.settings);
  http::Tls tls;
  try {
    tls = tls_of(reload.settings);
  } catch (const Error& error) {
    log::error("SIGHUP: the old certificate stays in force: {}", error.message());
  }
  server_->change(std::move(tls), proxies_of(reload.settings));
  if (!reload.need_restart.empty())
    log::warn("SIGHUP: only a restart brings in {}", fmt::join(reload.need_restart, ", "));
  if (reload.changed.empty()) {
    log::info("SIGHUP: reloaded, and nothing that can be brought in has changed");
  } else {
    settings_ = std::move(reload.settings);
    log::set_level(settings_.log.level);
    if (opened_) {
      // The old loops end before the new ones begin, so that nothing is done twice.
      auto old = shared_.with([](Shared& shared) { return std::exchange(shared.generation, nullptr); });
      old->request_stop();
      old.reset();
      start_loops(*opened_);
    }
    log::info("SIGHUP: reloaded, changed {}", fmt::join(reload.changed, ", "));
  }
  service_manager::ready("working");
}

int Service::end(int status) {
  const LastResort last_resort{SteadyClock::now() + kLongestEnd, status == 0 ? 1 : status};
  log::info("ending");
  service_manager::stopping();
  auto generation = shared_.with([](Shared& shared) {
    shared.stopping = true;
    return shared.generation;
  });
  if (opener_) opener_->request_stop();
  if (generation) generation->request_stop();
  house_.stop();
  if (dispatch_) dispatch_->request_stop();
  if (server_ && !server_->drain(kDrain)) log::warn("http: requests that had not ended were cut off");
  server_.reset();
  opener_.reset();
  shared_.with([](Shared& shared) { shared.generation.reset(); });
  generation.reset();
  log::info("ended");
  return status;
}

}  // namespace

void block_signals() {
  const auto set = our_signals();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  signal(SIGPIPE, SIG_IGN);
}

int run_service(config::Settings settings, const std::optional<std::filesystem::path>& file) {
  return Service{std::move(settings), file}.run();
}

}  // namespace visitor::daemon
