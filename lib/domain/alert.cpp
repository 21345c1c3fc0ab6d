#include "domain/alert.hpp"

#include <array>

namespace visitor::domain {

template <>
std::span<const Name<AlertKind>> names() {
  using enum AlertKind;
  static constexpr std::array<Name<AlertKind>, 3> kNames{{
      {incident_opened, "incident_opened", "Incident opened", "Новый инцидент"},
      {guest_arrived, "guest_arrived", "Guest arrived", "Гость прибыл"},
      {guest_left, "guest_left", "Guest left", "Гость ушел"},
  }};
  return kNames;
}

template <>
std::span<const Name<Channel>> names() {
  static constexpr std::array<Name<Channel>, 1> kNames{{{Channel::log, "log", "Log", "Журнал"}}};
  return kNames;
}

template <>
std::span<const Name<DeliveryState>> names() {
  using enum DeliveryState;
  static constexpr std::array<Name<DeliveryState>, 3> kNames{{
      {waiting, "waiting", "Waiting", "Ожидает"},
      {sent, "sent", "Sent", "Отправлено"},
      {failed, "failed", "Failed", "Не доставлено"},
  }};
  return kNames;
}

}  // namespace visitor::domain
