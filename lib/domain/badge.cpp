#include "domain/badge.hpp"

#include <array>

namespace visitor::domain {

template <>
std::span<const Name<BadgeFormat>> names() {
  using enum BadgeFormat;
  static constexpr std::array<Name<BadgeFormat>, 3> kNames{
      {{pdf, "pdf", "PDF", "PDF"}, {png, "png", "PNG", "PNG"}, {zpl, "zpl", "ZPL", "ZPL"}}};
  return kNames;
}

template <>
std::span<const Name<BadgeState>> names() {
  using enum BadgeState;
  static constexpr std::array<Name<BadgeState>, 4> kNames{{{queued, "queued", "Waiting", "Ожидает"},
                                                           {sent, "sent", "At the printer", "На принтере"},
                                                           {completed, "completed", "Printed", "Напечатан"},
                                                           {failed, "failed", "Not printed", "Не напечатан"}}};
  return kNames;
}

template <>
std::span<const Name<BadgeVerdict>> names() {
  using enum BadgeVerdict;
  static constexpr std::array<Name<BadgeVerdict>, 6> kNames{
      {{valid, "valid", "Valid", "Действителен"},
       {forged, "forged", "Not one of ours", "Не выдан здесь"},
       {expired, "expired", "Expired", "Срок истек"},
       {revoked, "revoked", "The visit is over", "Визит окончен"},
       {superseded, "superseded", "Replaced by a newer badge", "Заменен новым"},
       {unknown, "unknown", "Not on record", "Нет в учете"}}};
  return kNames;
}

}  // namespace visitor::domain
