#include "support/visitor_sim_faults.hpp"

#include <algorithm>
#include <array>

namespace visitor::sim {
namespace {

// In the order of the enum.
constexpr std::array<std::string_view, 24> kNames{"refuse",
                                                  "drop",
                                                  "drop_midway",
                                                  "hang",
                                                  "slow",
                                                  "busy",
                                                  "device_error",
                                                  "no_http",
                                                  "redirect",
                                                  "garbage",
                                                  "html",
                                                  "truncated",
                                                  "empty",
                                                  "endless",
                                                  "deep",
                                                  "wrong_type",
                                                  "bad_utf8",
                                                  "single_object",
                                                  "lying_more",
                                                  "empty_ok",
                                                  "wrong_count",
                                                  "duplicate_rows",
                                                  "out_of_order_rows",
                                                  "wrong_password"};
static_assert(kNames.size() == static_cast<std::size_t>(FaultKind::wrong_password) + 1);

}  // namespace

std::string_view name_of(FaultKind kind) {
  return kNames[static_cast<std::size_t>(kind)];
}

std::optional<FaultKind> find_fault(std::string_view name) {
  const auto* const found = std::find(kNames.begin(), kNames.end(), name);
  if (found == kNames.end()) return std::nullopt;
  return static_cast<FaultKind>(found - kNames.begin());
}

std::span<const std::string_view> fault_names() {
  return kNames;
}

void Faults::arm(Fault fault) {
  armed_.push_back(std::move(fault));
}

std::optional<Fault> Faults::take(std::span<const FaultKind> kinds, std::string_view target) {
  const auto found = std::find_if(armed_.begin(), armed_.end(), [&](const Fault& fault) {
    return std::find(kinds.begin(), kinds.end(), fault.kind) != kinds.end() &&
           target.find(fault.target) != std::string_view::npos;
  });
  if (found == armed_.end()) return std::nullopt;
  auto taken = *found;
  if (found->times > 0 && --found->times == 0) armed_.erase(found);
  return taken;
}

bool Faults::take(FaultKind kind, std::string_view target) {
  return take(std::span{&kind, 1}, target).has_value();
}

}  // namespace visitor::sim
