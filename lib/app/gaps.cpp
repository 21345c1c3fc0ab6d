#include "app/gaps.hpp"

#include <algorithm>

#include "app/findings.hpp"
#include "app/journal.hpp"
#include "app/rules.hpp"
#include "store/terminals.hpp"

namespace visitor::app {

int give_up_gaps(const Work& work, TerminalId id, std::span<const store::Gap> asked) {
  store::Gaps gaps{work.tx, work.scope};
  const auto terminal = store::Terminals{work.tx, work.scope}.get(id);
  std::vector<domain::GapFact> facts;
  for (const auto& gap : gaps.open(id, static_cast<int>(asked.size()))) {
    const bool was_asked = std::any_of(asked.begin(), asked.end(), [&](const auto& one) { return one.id == gap.id; });
    if (!was_asked) continue;
    gaps.mark_asked(gap.id, work.now);
    gaps.mark_missing(gap.id);
    facts.push_back({id, terminal.site, terminal.name, gap.epoch, gap.first, gap.last, work.now});
  }
  if (facts.empty()) return 0;

  const auto sites = site_rules(work);
  domain::RuleInput input{work.now, sites};
  input.gaps = facts;
  auto entries = journal(work);
  apply_findings(work, entries, domain::look(input, domain::Trigger::events), {});
  return static_cast<int>(facts.size());
}

}  // namespace visitor::app
