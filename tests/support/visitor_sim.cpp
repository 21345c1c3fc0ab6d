#include "support/visitor_sim.hpp"

#include <fmt/format.h>

#include <condition_variable>
#include <thread>

#include "core/error.hpp"
#include "support/visitor_sim_core.hpp"
#include "support/visitor_sim_server.hpp"
#include "support/visitor_sim_transport.hpp"

namespace visitor::sim {

using namespace std::chrono_literals;

Core::Core(TerminalOptions from)
    : options(std::move(from)),
      gate(options.profile, options.user, options.password),
      log(options.log_capacity, options.log_file) {
  if (options.clock == nullptr) options.clock = &system_clock;
}

void Core::settle() {
  while (!relocks.empty() && relocks.front().first <= now()) {
    Event event;
    event.time = std::chrono::floor<std::chrono::seconds>(relocks.front().first + clock_offset);
    event.major = 5;
    event.minor = 22;
    event.door = relocks.front().second;
    relocks.pop_front();
    log.append({event});
  }
}

std::uint64_t Core::add(std::vector<Event> events) {
  settle();
  for (auto& event : events) {
    if (event.time == Instant{}) event.time = device_now();
  }
  return log.append(std::move(events));
}

void Core::relock_later(int door) {
  relocks.emplace_back(now() + options.relock, door);
}

class Terminal::Impl {
 public:
  explicit Impl(TerminalOptions options) : core(std::move(options)), port(core.options.port) {
    if (core.options.profile.tls == Tls::on) certificate = make_certificate();
  }

  ~Impl() {
    {
      const std::lock_guard lock{reboot_mutex};
      ending = true;
    }
    reboot_changed.notify_all();
    if (rebooting.joinable()) rebooting.join();
    close();
  }

  void open() {
    const std::lock_guard lock{listener_mutex};
    if (listener) return;
    const auto tls = core.options.profile.tls;
    Listener::Setup setup;
    setup.host = core.options.host;
    setup.port = port;
    setup.security = tls == Tls::on       ? Listener::Security::tls
                     : tls == Tls::broken ? Listener::Security::broken_tls
                                          : Listener::Security::plain;
    setup.certificate = certificate;
    setup.threads = core.options.threads;
    setup.accepts = [this] {
      const std::lock_guard core_lock{core.mutex};
      ++core.counters.connections;
      return !core.faults.take(FaultKind::refuse);
    };
    setup.handle = [this](const HttpRequest& request, Wire& wire) { serve(core, request, wire); };
    listener = std::make_unique<Listener>(std::move(setup));
    port = listener->port();
  }

  void close() {
    const std::lock_guard lock{listener_mutex};
    listener.reset();
    const std::lock_guard core_lock{core.mutex};
    core.search.reset();
    core.stream_free_at = {};
  }

  void reboot(std::chrono::milliseconds down) {
    if (rebooting.joinable()) rebooting.join();
    close();
    {
      const std::lock_guard lock{core.mutex};
      core.gate.forget_nonces();
    }
    rebooting = std::thread{[this, down] {
      std::unique_lock lock{reboot_mutex};
      if (reboot_changed.wait_for(lock, down, [this] { return ending; })) return;
      add_row(2, 1024, 0);
      open();
    }};
  }

  std::uint64_t add_row(int major, int minor, int door) {
    const std::lock_guard lock{core.mutex};
    return core.add({row(major, minor, door)});
  }

  static Event row(int major, int minor, int door) {
    Event event;
    event.major = major;
    event.minor = minor;
    event.door = door;
    return event;
  }

  /// The row of somebody at a reader. A face tells no card number.
  static Event row(const Passage& passage) {
    auto event = row(5, passage.minor, passage.door);
    event.employee_no = passage.person.employee_no;
    event.name = passage.person.name;
    event.reader = passage.reader;
    event.picture = passage.minor == 75;
    if (passage.minor != 75 && passage.minor != 76) event.card_no = passage.person.card_no;
    return event;
  }

  Core core;
  std::mutex listener_mutex;
  std::unique_ptr<Listener> listener;
  Certificate certificate;
  int port;
  std::mutex reboot_mutex;
  std::condition_variable reboot_changed;
  bool ending = false;
  std::thread rebooting;
};

Terminal::Terminal(TerminalOptions options) : impl_(std::make_unique<Impl>(std::move(options))) {}
Terminal::~Terminal() = default;

void Terminal::start() {
  impl_->open();
}
void Terminal::stop() {
  impl_->close();
}

int Terminal::port() const {
  const std::lock_guard lock{impl_->listener_mutex};
  return impl_->port;
}

std::string Terminal::url() const {
  return fmt::format("{}://{}:{}", options().profile.tls == Tls::off ? "http" : "https", options().host, port());
}

const TerminalOptions& Terminal::options() const {
  return impl_->core.options;
}

std::uint64_t Terminal::walk(const Passage& passage) {
  auto& core = impl_->core;
  const std::lock_guard lock{core.mutex};
  const auto& profile = core.options.profile;
  auto pass = Impl::row(passage);
  const auto unlocked = Impl::row(5, 21, passage.door);
  std::vector<Event> rows;
  if (profile.lock_first) rows.push_back(unlocked);
  rows.push_back(pass);
  if (profile.anonymous_twin) {
    pass.employee_no.clear();
    pass.name.clear();
    pass.card_no.clear();
    pass.picture = false;
    rows.push_back(pass);
  }
  if (!profile.lock_first) rows.push_back(unlocked);
  const auto first = core.add(std::move(rows));
  core.relock_later(passage.door);
  return profile.lock_first ? first + 1 : first;
}

std::uint64_t Terminal::deny(const Passage& passage) {
  auto& core = impl_->core;
  const std::lock_guard lock{core.mutex};
  if (!core.options.profile.logs_denials) return 0;
  return core.add({Impl::row(passage)});
}

std::uint64_t Terminal::door_contact(bool open, int door) {
  return impl_->add_row(5, open ? 25 : 26, door);
}

std::uint64_t Terminal::exit_button(int door) {
  auto& core = impl_->core;
  const std::lock_guard lock{core.mutex};
  const auto first = core.add({Impl::row(5, 24, door), Impl::row(5, 23, door), Impl::row(5, 21, door)});
  core.relock_later(door);
  return first;
}

std::uint64_t Terminal::remote_open(int door) {
  auto& core = impl_->core;
  const std::lock_guard lock{core.mutex};
  const auto first = core.add({Impl::row(3, 1024, door), Impl::row(5, 21, door)});
  core.relock_later(door);
  return first;
}

std::uint64_t Terminal::power_on() {
  return impl_->add_row(2, 1024, 0);
}

std::uint64_t Terminal::add(std::vector<Event> events) {
  const std::lock_guard lock{impl_->core.mutex};
  return impl_->core.add(std::move(events));
}

std::uint64_t Terminal::backlog(std::size_t count, std::vector<Person> people, std::chrono::seconds span) {
  if (people.empty()) throw Error(Errc::usage, "a backlog needs people");
  auto& core = impl_->core;
  const std::lock_guard lock{core.mutex};
  const auto end = core.device_now();
  std::vector<Event> rows;
  rows.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    const auto passage = i / 3;
    const auto& person = people[passage / 2 % people.size()];
    auto event =
        i % 3 == 0 ? Impl::row(Passage{person, 1, passage % 2 == 0 ? 1 : 2}) : Impl::row(5, i % 3 == 1 ? 21 : 22, 1);
    const auto age = std::chrono::duration_cast<std::chrono::microseconds>(span) *
                     static_cast<std::int64_t>(count - i) / static_cast<std::int64_t>(count);
    event.time = std::chrono::floor<std::chrono::seconds>(end - age);
    rows.push_back(std::move(event));
  }
  return core.add(std::move(rows));
}

void Terminal::set_clock_offset(std::chrono::microseconds offset) {
  const std::lock_guard lock{impl_->core.mutex};
  impl_->core.settle();
  impl_->core.clock_offset = offset;
}

void Terminal::set_device_time(Instant time) {
  const std::lock_guard lock{impl_->core.mutex};
  impl_->core.settle();
  impl_->core.clock_offset = time - impl_->core.now();
}

Instant Terminal::device_time() const {
  const std::lock_guard lock{impl_->core.mutex};
  return impl_->core.now() + impl_->core.clock_offset;
}

void Terminal::restart_serials(std::uint64_t next) {
  const std::lock_guard lock{impl_->core.mutex};
  impl_->core.settle();
  impl_->core.log.restart_serials(next);
}

void Terminal::wipe_log() {
  const std::lock_guard lock{impl_->core.mutex};
  impl_->core.relocks.clear();
  impl_->core.search.reset();
  impl_->core.log.wipe();
}

void Terminal::arm(Fault fault) {
  const std::lock_guard lock{impl_->core.mutex};
  impl_->core.faults.arm(std::move(fault));
}

void Terminal::clear_faults() {
  const std::lock_guard lock{impl_->core.mutex};
  impl_->core.faults.clear();
}

std::vector<Fault> Terminal::faults() const {
  const std::lock_guard lock{impl_->core.mutex};
  return impl_->core.faults.armed();
}

void Terminal::reboot(std::chrono::milliseconds down) {
  impl_->reboot(down);
}

void Terminal::set_password(std::string password) {
  const std::lock_guard lock{impl_->core.mutex};
  impl_->core.gate.set_password(std::move(password));
}

void Terminal::unlock() {
  const std::lock_guard lock{impl_->core.mutex};
  impl_->core.gate.unlock();
}

bool Terminal::locked() const {
  const std::lock_guard lock{impl_->core.mutex};
  return impl_->core.gate.locked(impl_->core.now());
}

void Terminal::replace_certificate() {
  const bool running = [&] {
    const std::lock_guard lock{impl_->listener_mutex};
    impl_->certificate = make_certificate();
    return impl_->listener != nullptr;
  }();
  if (!running) return;
  impl_->close();
  impl_->open();
}

std::string Terminal::certificate_sha256() const {
  const std::lock_guard lock{impl_->listener_mutex};
  return impl_->certificate.sha256;
}

std::string Terminal::public_key_sha256() const {
  const std::lock_guard lock{impl_->listener_mutex};
  return impl_->certificate.public_key_sha256;
}

std::vector<Event> Terminal::events() const {
  const std::lock_guard lock{impl_->core.mutex};
  impl_->core.settle();
  return {impl_->core.log.events().begin(), impl_->core.log.events().end()};
}

Counters Terminal::counters() const {
  const std::lock_guard lock{impl_->core.mutex};
  return impl_->core.counters;
}

void Terminal::reset_counters() {
  const std::lock_guard lock{impl_->core.mutex};
  impl_->core.counters = {};
  impl_->core.exchanges.clear();
}

std::vector<Exchange> Terminal::exchanges() const {
  const std::lock_guard lock{impl_->core.mutex};
  return {impl_->core.exchanges.begin(), impl_->core.exchanges.end()};
}

}  // namespace visitor::sim
