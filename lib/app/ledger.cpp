#include "app/ledger.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <thread>

#include "app/journal.hpp"
#include "core/error.hpp"

namespace visitor::app {
namespace {

using domain::Channel;
using domain::DeliveryState;

constexpr int kMostRetried = 10'000;
constexpr std::chrono::milliseconds kLookAgain{100};
/// How long a daemon may take to hear of a new delivery before we look whether there is one.
constexpr std::chrono::milliseconds kDaemonsTurn{1'500};

Error nothing_to_retry(const AlertLedger& ledger) {
  std::map<std::string_view, int> states;
  for (const auto& delivery : ledger.deliveries) ++states[domain::name(delivery.state)];
  std::string text;
  for (const auto& [state, count] : states) text += fmt::format("{}{} {}", text.empty() ? "" : ", ", count, state);
  return {
      Errc::conflict,
      fmt::format("of alert {} nothing was given up ({})", ledger.alert.id, text.empty() ? "it has no delivery" : text),
      fmt::format("Run 'visitorctl alert show {}' to see what became of it.", ledger.alert.id)};
}

std::vector<AlertSent> retry(const Work& work, std::span<const DeliveryId> deliveries) {
  store::Alerts alerts{work.tx, work.scope};
  std::map<AlertId, AlertSent> changed;
  for (auto& delivery : alerts.retry(deliveries, work.now)) changed[delivery.alert].deliveries.push_back(delivery);
  auto writing = journal(work);
  std::vector<AlertSent> all;
  for (auto& [id, sent] : changed) {
    sent.alert = get_alert(work, id).alert;
    std::string ids;
    int attempts = 0;
    for (const auto& delivery : sent.deliveries) {
      ids += fmt::format("{}{}", ids.empty() ? "" : ",", delivery.id);
      attempts += delivery.attempts;
    }
    writing.audit(domain::AuditAction::update, store::topic::kAlert, id, fmt::format(R"({{"retried":[{}]}})", ids));
    writing.change(store::topic::kAlert, id, attempts + 1);
    all.push_back(std::move(sent));
  }
  return all;
}

/// Neither at its end nor tried yet.
bool is_open(const AlertLedger& ledger, const domain::Delivery& delivery) {
  if (delivery.state != DeliveryState::waiting && delivery.state != DeliveryState::sending) return false;
  return std::none_of(ledger.attempts.begin(), ledger.attempts.end(), [&](const domain::Attempt& attempt) {
    return attempt.delivery == delivery.id && attempt.ended_at;
  });
}

/// Takes the channel if nobody has it, sends that delivery, and lets go.
void send_ourselves(const Dispatch& dispatch, notify::Channel& channel, const Compose& compose,
                    const std::string& holder, DeliveryId delivery) {
  if (!hold_channel(dispatch, channel.name(), holder)) return;
  ChannelSender sender{dispatch, channel, compose, holder, static_cast<std::uint64_t>(delivery.value)};
  sender.send_only(delivery);
  release_channel(dispatch, channel.name(), holder);
}

}  // namespace

std::vector<AlertSent> list_alerts(const Work& work, const AlertFilter& filter) {
  return store::Alerts{work.tx, work.scope}.list(filter);
}

AlertLedger get_alert(const Work& work, AlertId id) {
  if (auto found = store::Alerts{work.tx, work.scope}.find(id)) return *std::move(found);
  throw Error(Errc::not_found, fmt::format("alert {} does not exist", id),
              "Run 'visitorctl alert list' to see which there are.");
}

std::vector<AlertSent> retry_alerts(const Work& work, std::span<const AlertId> ids) {
  std::vector<DeliveryId> failed;
  for (const auto id : ids) {
    const auto ledger = get_alert(work, id);
    const auto before = failed.size();
    for (const auto& delivery : ledger.deliveries)
      if (delivery.state == DeliveryState::failed) failed.push_back(delivery.id);
    if (failed.size() == before) throw nothing_to_retry(ledger);
  }
  return retry(work, failed);
}

std::vector<AlertSent> retry_failed_alerts(const Work& work) {
  return retry(work, store::Alerts{work.tx, work.scope}.failed(kMostRetried));
}

std::vector<Lost> lost_alerts(const Work& work, std::chrono::seconds late_after, int limit) {
  return store::Alerts{work.tx, work.scope}.lost(work.now, late_after, limit);
}

std::string_view name(Lost::What what) {
  constexpr std::array<std::string_view, 4> kNames{"incident_untold", "alert_unaddressed", "overdue", "stuck"};
  return kNames[static_cast<std::size_t>(what)];
}

AlertLedger await_alert(const Dispatch& dispatch, std::span<const std::unique_ptr<notify::Channel>> channels,
                        const Compose& compose, const std::string& holder, AlertId id,
                        std::chrono::milliseconds patience) {
  const auto begin = std::chrono::steady_clock::now();
  for (;;) {
    auto ledger = [&] {
      db::Transaction tx{dispatch.pool, {.read_only = true}};
      return get_alert(Work{tx, dispatch.actor, dispatch.clock.now(), dispatch.settings, domain::Scope::everything()},
                       id);
    }();
    const auto waited = std::chrono::steady_clock::now() - begin;
    const bool open = std::any_of(ledger.deliveries.begin(), ledger.deliveries.end(),
                                  [&](const auto& delivery) { return is_open(ledger, delivery); });
    if (!open || waited >= patience) return ledger;
    if (waited >= kDaemonsTurn)
      for (const auto& delivery : ledger.deliveries) {
        const auto channel = std::find_if(channels.begin(), channels.end(),
                                          [&](const auto& one) { return one->name() == delivery.channel; });
        if (delivery.state == DeliveryState::waiting && delivery.attempts == 0 && channel != channels.end())
          send_ourselves(dispatch, **channel, compose, holder, delivery.id);
      }
    std::this_thread::sleep_for(kLookAgain);
  }
}

}  // namespace visitor::app
