#include "cli/stop_on_signal.hpp"

#include <cstdlib>
#include <ctime>

#include "core/error.hpp"

namespace visitor::cli {
namespace {

constexpr long kLookNanoseconds = 50'000'000;

}  // namespace

StopOnSignal::StopOnSignal() {
  sigset_t ours;
  sigemptyset(&ours);
  sigaddset(&ours, SIGINT);
  sigaddset(&ours, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &ours, &before_);
  listener_ = std::jthread{[this, ours](const std::stop_token& end) {
    while (!end.stop_requested()) {
      const timespec wait{0, kLookNanoseconds};
      if (sigtimedwait(&ours, nullptr, &wait) < 0) continue;
      if (!source_.request_stop()) std::_Exit(info(Errc::interrupted).exit_status);
    }
  }};
}

StopOnSignal::~StopOnSignal() {
  listener_.request_stop();
  listener_.join();
  pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

}  // namespace visitor::cli
