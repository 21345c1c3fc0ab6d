#include "support/captured_log.hpp"

#include <spdlog/sinks/base_sink.h>
#include <spdlog/spdlog.h>

#include <mutex>
#include <utility>

namespace visitor::test {
namespace {

class Keeper final : public spdlog::sinks::base_sink<std::mutex> {
 public:
  std::string text() {
    const std::lock_guard lock{mutex_};
    return text_;
  }
  std::string take() {
    const std::lock_guard lock{mutex_};
    return std::exchange(text_, {});
  }

 private:
  void sink_it_(const spdlog::details::log_msg& message) override {
    spdlog::memory_buf_t line;
    formatter_->format(message, line);
    text_.append(line.data(), line.size());
  }
  void flush_() override {}

  std::string text_;
};

}  // namespace

struct CapturedLog::Impl {
  std::shared_ptr<Keeper> keeper = std::make_shared<Keeper>();
  std::shared_ptr<spdlog::logger> before = spdlog::default_logger();
};

CapturedLog::CapturedLog() : impl_(std::make_unique<Impl>()) {
  auto logger = std::make_shared<spdlog::logger>("captured", impl_->keeper);
  logger->set_pattern("%l %v");
  spdlog::set_default_logger(std::move(logger));
}

CapturedLog::~CapturedLog() {
  spdlog::set_default_logger(impl_->before);
}

std::string CapturedLog::text() const {
  return impl_->keeper->text();
}

std::string CapturedLog::take() {
  return impl_->keeper->take();
}

int CapturedLog::count(const std::string& words) const {
  int found = 0;
  const auto all = text();
  for (auto at = all.find(words); at != std::string::npos; at = all.find(words, at + 1)) ++found;
  return found;
}

}  // namespace visitor::test
