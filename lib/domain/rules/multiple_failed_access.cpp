#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <tuple>

#include "core/text.hpp"
#include "domain/rules/rules.hpp"

namespace visitor::domain {
namespace {

using Denials = std::vector<const DenialFact*>;

/// A run of refusals in which every window of so many, each begun by the one after, is short enough.
struct Burst {
  std::size_t first;
  std::size_t last;
  std::size_t reached;  ///< the refusal that filled the first window which holds a new one
  bool is_new;
};

/// \param denials  of one subject, by time
std::vector<Burst> bursts(const Denials& denials, std::size_t count, std::chrono::seconds window) {
  std::vector<Burst> found;
  for (std::size_t last = count - 1; last < denials.size(); ++last) {
    const auto first = last - (count - 1);
    if (denials[last]->key.occurred_at - denials[first]->key.occurred_at > window) continue;
    const bool is_new = std::any_of(denials.begin() + static_cast<std::ptrdiff_t>(first),
                                    denials.begin() + static_cast<std::ptrdiff_t>(last) + 1,
                                    [](const DenialFact* denial) { return denial->is_new; });
    if (found.empty() || first > found.back().last) {
      found.push_back({first, last, last, is_new});
      continue;
    }
    auto& burst = found.back();
    burst.last = last;
    if (is_new && !burst.is_new) {
      burst.reached = last;
      burst.is_new = true;
    }
  }
  return found;
}

Finding finding_of(const Denials& denials, const Burst& burst, std::chrono::seconds window) {
  const auto& reached = *denials[burst.reached];
  const auto count = burst.last - burst.first + 1;
  Finding finding;
  finding.subject = reached.subject;
  finding.occurred_at = reached.key.occurred_at;
  finding.site = reached.site;
  finding.guest = reached.guest;
  finding.terminal = reached.key.terminal;
  finding.event = reached.key;
  finding.summary = fmt::format("Access was refused {} times within {} for the same {}.", count,
                                format_span(std::chrono::ceil<std::chrono::seconds>(
                                    denials[burst.last]->key.occurred_at - denials[burst.first]->key.occurred_at)),
                                std::string_view{reached.subject}.substr(0, reached.subject.find(':')));
  finding.details =
      fmt::format(R"({{"count":{},"first":"{}","last":"{}","window_seconds":{},"subject":{}}})", count,
                  to_iso(denials[burst.first]->key.occurred_at), to_iso(denials[burst.last]->key.occurred_at),
                  window.count(), json_quote(reached.subject));
  return finding;
}

}  // namespace

void find_multiple_failed_access(const RuleInput& input, std::vector<Finding>& findings) {
  const auto count = static_cast<std::size_t>(std::max(1, input.settings.failed_access_count));
  const auto window = input.settings.failed_access_window;

  Denials denials;
  denials.reserve(input.denials.size());
  for (const auto& denial : input.denials) denials.push_back(&denial);
  const auto order = [](const DenialFact* denial) {
    return std::tie(denial->subject, denial->key.occurred_at, denial->key, denial->is_new);
  };
  // An event given twice, as new and as recent, counts once.
  std::sort(denials.begin(), denials.end(),
            [&](const DenialFact* a, const DenialFact* b) { return order(b) < order(a); });
  denials.erase(std::unique(denials.begin(), denials.end(),
                            [](const DenialFact* a, const DenialFact* b) {
                              return a->subject == b->subject && a->key == b->key;
                            }),
                denials.end());
  std::reverse(denials.begin(), denials.end());

  for (auto first = denials.begin(); first != denials.end();) {
    const auto last = std::find_if(first, denials.end(),
                                   [&](const DenialFact* denial) { return denial->subject != (*first)->subject; });
    const Denials of_subject{first, last};
    for (const auto& burst : bursts(of_subject, count, window))
      if (burst.is_new) findings.push_back(finding_of(of_subject, burst, window));
    first = last;
  }
}

}  // namespace visitor::domain
