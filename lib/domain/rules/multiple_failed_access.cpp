#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <tuple>

#include "domain/rules/bursts.hpp"
#include "domain/rules/rules.hpp"

namespace visitor::domain {
namespace {

using Denials = std::vector<const DenialFact*>;

Finding finding_of(const Denials& denials, const Burst& burst, std::chrono::seconds window) {
  const auto& reached = *denials[burst.reached];
  const auto first = denials[burst.first]->key.occurred_at;
  const auto last = denials[burst.last]->key.occurred_at;
  Finding finding;
  finding.subject = reached.subject;
  finding.occurred_at = reached.key.occurred_at;
  finding.guest = reached.guest;
  finding.terminal = reached.key.terminal;
  finding.event = reached.key;
  finding.details = Figures{}
                        .add("count", burst.last - burst.first + 1)
                        .add("first", first)
                        .add("last", last)
                        .add("seconds", std::chrono::ceil<std::chrono::seconds>(last - first).count())
                        .add("window_seconds", window.count())
                        .add("subject", reached.subject)
                        .json();
  return finding;
}

/// What is new only counts at its own site, so that one burst is not told of at every site.
bool is_new_at(const DenialFact& denial, const SiteRules& site) {
  return denial.is_new && denial.site == site.id;
}

void find(const RuleInput& input, const SiteRules& site, std::vector<Finding>& findings) {
  const auto window = site.settings.failed_access_window;
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
    std::vector<Count> counts;
    for (const auto* denial : of_subject) counts.push_back({denial->key.occurred_at, is_new_at(*denial, site)});
    for (const auto& burst : bursts(counts, site.settings.failed_access_count, window))
      if (burst.is_new) findings.push_back(finding_of(of_subject, burst, window));
    first = last;
  }
}

std::string say(const Figures& figures, Language language) {
  struct Words {
    std::string_view kind, english, russian;
  };
  constexpr std::array<Words, 4> kKinds{{{"guest", "guest", "один и тот же гость"},
                                         {"employee", "employee number", "один и тот же табельный номер"},
                                         {"card", "card", "одна и та же карта"},
                                         {"door", "door", "одна и та же дверь"}}};
  const auto subject = figures.text("subject").value_or("");
  const auto kind = std::string_view{subject}.substr(0, subject.find(':'));
  auto words = kKinds[0];
  for (const auto& one : kKinds)
    if (one.kind == kind) words = one;

  // Incidents of older versions have the moments only.
  auto span = span_words(figures, "seconds", language);
  if (span.empty()) span = span_words(figures, "window_seconds", language);
  const auto count = figures.number("count").value_or(0);
  return phrase(language, "Access was refused {} times within {} for the same {}.",
                "Отказов в доступе: {}, за {} ({}).", count, span,
                language == Language::russian ? words.russian : words.english);
}

constexpr std::array<std::string_view, 2> kThresholds{"failed_access_count", "failed_access_window"};

}  // namespace

constinit const Rule kMultipleFailedAccess{IncidentType::multiple_failed_access,
                                           Severity::high,
                                           Trigger::events,
                                           kThresholds,
                                           {"One person, card or door is refused again and again.",
                                            "Одному человеку, карте или двери отказано несколько раз подряд."},
                                           find,
                                           say,
                                           R"({"count":3,"seconds":95,"subject":"card:00123"})"};

}  // namespace visitor::domain
