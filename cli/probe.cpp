#include "cli/probe.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>

#include "app/channels.hpp"
#include "app/ledger.hpp"
#include "app/messages.hpp"
#include "cli/arguments.hpp"
#include "cli/views_alerts.hpp"
#include "core/host.hpp"
#include "core/text.hpp"
#include "core/vault.hpp"

namespace visitor::cli {
namespace {

using domain::DeliveryState;

std::string own_name() {
  return fmt::format("{}:{}:{}", host_name(), getpid(), to_hex(random_bytes(4)));
}

std::string why_not(const app::AlertLedger& ledger) {
  for (const auto& delivery : ledger.deliveries) {
    const auto to = address_text(delivery.channel, delivery.recipient);
    if (delivery.state == DeliveryState::failed) return fmt::format("{}: given up: {}", to, delivery.last_error);
    if (delivery.state == DeliveryState::withheld) return fmt::format("{}: withheld: {}", to, delivery.withheld_reason);
    if (delivery.state != DeliveryState::sent && !delivery.last_error.empty())
      return fmt::format("{}: put off: {}", to, delivery.last_error);
    if (delivery.state != DeliveryState::sent) return fmt::format("{}: no answer yet", to);
  }
  return "";
}

}  // namespace

void send_probe(Session& session, domain::AlertKind kind, std::span<const app::ChannelAddress> addresses,
                std::chrono::seconds patience) {
  AlertId id;
  std::string zone;
  app::Actor actor;
  {
    db::Transaction tx{session.db()};
    const auto work = session.work(tx);
    id = app::queue_probe(work, kind, addresses);
    actor = work.actor;
    zone = zone_for(work, std::nullopt).name();
    tx.commit();
  }
  const SystemClock clock;
  const app::Dispatch dispatch{session.db(), session.settings(), actor, clock};
  const auto channels = app::make_channels(session.settings(), clock);
  const auto ledger = app::await_alert(dispatch, channels, app::compose, own_name(), id, patience);
  session.show(ledger, card_of(ledger, zone));
  if (patience.count() == 0) return;
  if (const auto why = why_not(ledger); !why.empty())
    throw Error(Errc::delivery, fmt::format("alert {} has not arrived: {}", id, why),
                fmt::format("It stays in the queue; 'visitorctl alert show {}' shows what becomes of it.", id));
}

}  // namespace visitor::cli
