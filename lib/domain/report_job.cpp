#include "domain/report_job.hpp"

#include <array>

namespace visitor::domain {

template <>
std::span<const Name<ReportJobState>> names() {
  using enum ReportJobState;
  static constexpr std::array<Name<ReportJobState>, 4> kNames{{{queued, "queued", "Waiting", "Ожидает"},
                                                               {running, "running", "Being made", "Создается"},
                                                               {done, "done", "Ready", "Готов"},
                                                               {failed, "failed", "Failed", "Ошибка"}}};
  return kNames;
}

}  // namespace visitor::domain
