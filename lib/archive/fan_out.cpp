#include "archive/fan_out.hpp"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

namespace visitor::archive {
namespace {

using Chunk = std::shared_ptr<const std::vector<std::byte>>;

constexpr std::size_t kMostWaiting = std::size_t{2} << 20;

}  // namespace

class FanOut::Lane {
 public:
  Lane(Target& target, std::string name) : target_(target), name_(std::move(name)), thread_([this] { run(); }) {}
  ~Lane() { end(false); }
  Lane(const Lane&) = delete;
  Lane& operator=(const Lane&) = delete;

  /// Waits for room. \returns false once it has failed
  bool push(const Chunk& chunk) {
    std::unique_lock lock{mutex_};
    changed_.wait(lock, [this] { return failure_ != nullptr || waiting_ < kMostWaiting; });
    if (failure_ != nullptr) return false;
    chunks_.push_back(chunk);
    waiting_ += chunk->size();
    changed_.notify_all();
    return true;
  }

  void request_end(bool whole) {
    const std::lock_guard lock{mutex_};
    if (ending_) return;
    ending_ = true;
    whole_ = whole;
    changed_.notify_all();
  }
  void end(bool whole) {
    request_end(whole);
    if (thread_.joinable()) thread_.join();
  }

  std::exception_ptr failure() const {
    const std::lock_guard lock{mutex_};
    return failure_;
  }

 private:
  void run() {
    try {
      const auto upload = target_.put(name_);
      while (const auto chunk = next()) upload->write(*chunk);
      if (whole_) upload->commit();
    } catch (...) {
      const std::lock_guard lock{mutex_};
      failure_ = std::current_exception();
      chunks_.clear();
      changed_.notify_all();
    }
  }

  /// Nothing at the end.
  Chunk next() {
    std::unique_lock lock{mutex_};
    changed_.wait(lock, [this] { return ending_ || !chunks_.empty(); });
    if (chunks_.empty() || (ending_ && !whole_)) return nullptr;
    auto chunk = std::move(chunks_.front());
    chunks_.pop_front();
    waiting_ -= chunk->size();
    changed_.notify_all();
    return chunk;
  }

  Target& target_;
  const std::string name_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Chunk> chunks_;
  std::size_t waiting_ = 0;
  bool ending_ = false;
  bool whole_ = false;
  std::exception_ptr failure_;
  std::jthread thread_;  // last: it uses the others
};

FanOut::FanOut(const std::vector<Target*>& targets, const std::string& name) {
  for (auto* target : targets) lanes_.push_back(std::make_unique<Lane>(*target, name));
}

FanOut::~FanOut() = default;

void FanOut::write(std::span<const std::byte> bytes) {
  const auto chunk = std::make_shared<const std::vector<std::byte>>(bytes.begin(), bytes.end());
  bool any = false;
  for (auto& lane : lanes_) any = lane->push(chunk) || any;
  if (!any) std::rethrow_exception(lanes_.back()->failure());
}

void FanOut::finish() {
  for (auto& lane : lanes_) lane->request_end(true);
  for (auto& lane : lanes_) lane->end(true);
}

std::exception_ptr FanOut::failure(std::size_t index) const {
  return lanes_[index]->failure();
}

}  // namespace visitor::archive
