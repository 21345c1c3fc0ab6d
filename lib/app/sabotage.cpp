#include "app/sabotage.hpp"

#include "archive/manifest.hpp"
#include "core/error.hpp"

namespace visitor::app {
namespace {

class Flipped final : public archive::Download {
 public:
  Flipped(std::unique_ptr<archive::Download> real, std::uint64_t position, std::uint64_t at)
      : real_(std::move(real)), position_(position), at_(at) {}

  std::size_t read(std::span<std::byte> to) override {
    const auto got = real_->read(to);
    if (at_ >= position_ && at_ < position_ + got) to[static_cast<std::size_t>(at_ - position_)] ^= std::byte{1};
    position_ += got;
    return got;
  }

 private:
  std::unique_ptr<archive::Download> real_;
  std::uint64_t position_;
  std::uint64_t at_;
};

[[noreturn]] void refuse() {
  throw Error(Errc::conflict, "a sabotaged target is only read");
}

}  // namespace

std::unique_ptr<archive::Upload> SabotagedTarget::put(std::string_view) {
  refuse();
}

std::unique_ptr<archive::Download> SabotagedTarget::get(std::string_view name, std::uint64_t from) {
  auto real = real_.get(name, from);
  if (!name.ends_with(archive::kDataName)) return real;
  return std::make_unique<Flipped>(std::move(real), from, at_);
}

void SabotagedTarget::remove(std::string_view) {
  refuse();
}

}  // namespace visitor::app
