#include <fmt/format.h>

#include <array>

#include "domain/rules/rules.hpp"

namespace visitor::domain {
namespace {

struct Words {
  std::string_view how, english, russian;
};
/// In the order of BlockedFact::How.
constexpr std::array<Words, 4> kHow{
    {{"registered", "Somebody tried to register a visit of a blocked guest.",
      "Попытка зарегистрировать визит заблокированного гостя."},
     {"checked_in", "A blocked guest was checked in.", "Отмечен приход заблокированного гостя."},
     {"passed", "A blocked guest passed a door.", "Заблокированный гость прошел через дверь."},
     {"refused", "A blocked guest was refused at a door.", "Заблокированному гостю отказано в доступе."}}};

void find(const RuleInput& input, const SiteRules& site, std::vector<Finding>& findings) {
  for (const auto& seen : input.blocked) {
    if (seen.site != site.id) continue;
    auto& finding = findings.emplace_back();
    finding.subject = fmt::format("guest:{}", seen.guest);
    finding.occurred_at = seen.at;
    finding.guest = seen.guest;
    finding.visit = seen.visit;
    finding.event = seen.event;
    if (seen.event) finding.terminal = seen.event->terminal;
    Figures figures;
    figures.add("how", kHow[static_cast<std::size_t>(seen.how)].how).add("guest", seen.guest);
    if (seen.event) figures.add("terminal", seen.event->terminal).add("serial", seen.event->serial);
    finding.details = figures.json();
  }
}

std::string say(const Figures& figures, Language language) {
  const auto how = figures.text("how").value_or("");
  auto words = kHow[static_cast<std::size_t>(BlockedFact::How::passed)];
  for (const auto& one : kHow)
    if (one.how == how) words = one;
  return std::string{language == Language::russian ? words.russian : words.english};
}

}  // namespace

constinit const Rule kBlockedGuest{IncidentType::blocked_guest,
                                   Severity::critical,
                                   Trigger::events,
                                   {},
                                   {"A blocked guest is to be registered, is checked in, or is seen at a door.",
                                    "Заблокированного гостя регистрируют, отмечают или видят у двери."},
                                   find,
                                   say,
                                   R"({"how":"passed","guest":7})"};

}  // namespace visitor::domain
