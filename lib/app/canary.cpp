#include "app/canary.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "app/journal.hpp"
#include "store/alerts.hpp"

namespace visitor::app {

using domain::Channel;

std::vector<ChannelAddress> canary_addresses(const config::Settings& settings, std::optional<Channel> only) {
  std::vector<ChannelAddress> all;
  for (const auto& text : settings.alerts.canary_to) {
    const auto colon = text.find(':');
    const auto channel = domain::get_named<Channel>(text.substr(0, colon));
    if (only && channel != *only) continue;
    all.push_back({channel, colon == std::string::npos ? "" : text.substr(colon + 1)});
  }
  return all;
}

AlertId queue_probe(const Work& work, domain::AlertKind kind, std::span<const ChannelAddress> addresses) {
  domain::Alert alert;
  alert.kind = kind;
  alert.severity = domain::Severity::low;
  alert.summary =
      kind == domain::AlertKind::canary ? "a canary: this channel works" : "a test message: this channel works";
  alert.created_at = work.now;
  std::vector<store::Address> to;
  for (const auto& address : addresses) {
    to.push_back({address.channel, address.recipient});
    to.back().reason = kind == domain::AlertKind::canary ? "[alerts] canary_to" : "asked for by " + work.actor.login;
  }
  const auto id = store::Alerts{work.tx, domain::Scope::everything()}.queue(alert, to);
  auto writing = journal(work);
  writing.audit(domain::AuditAction::create, store::topic::kAlert, id,
                fmt::format(R"({{"kind":"{}"}})", domain::name(kind)));
  writing.change(store::topic::kAlert, id, 1);
  return id;
}

int send_canaries(const Work& work) {
  const auto addresses = canary_addresses(work.settings);
  if (!addresses.empty()) queue_probe(work, domain::AlertKind::canary, addresses);
  return static_cast<int>(addresses.size());
}

CanaryFacts canary_facts(const Work& work) {
  CanaryFacts facts;
  facts.interval = work.settings.alerts.canary_interval;
  if (facts.interval.count() == 0) return facts;
  for (const auto& address : canary_addresses(work.settings)) {
    if (std::any_of(facts.channels.begin(), facts.channels.end(),
                    [&](const auto& one) { return one.channel == address.channel; }))
      continue;
    CanaryFacts::Channel channel{address.channel, {}};
    for (const auto& [known, since] : store::Alerts{work.tx, domain::Scope::everything()}.canaries())
      if (known == address.channel) channel.silent_since = since;
    facts.channels.push_back(channel);
  }
  return facts;
}

}  // namespace visitor::app
