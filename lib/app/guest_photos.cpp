#include <fmt/format.h>

#include "app/details.hpp"
#include "app/edit_locks.hpp"
#include "app/journal.hpp"
#include "app/registry.hpp"

namespace visitor::app {
namespace {

[[noreturn]] void refuse_missing(GuestId id) {
  throw Error(Errc::not_found, fmt::format("guest {} has no photo", id),
              fmt::format("Run 'visitorctl guest photo set {} FILE' to store one.", id));
}

/// A photo has no version of its own: it is part of the guest.
void record(const Work& work, const domain::Guest& guest, const Details& details) {
  auto entries = journal(work);
  entries.audit(domain::AuditAction::update, store::topic::kGuest, guest.id, details.json());
  entries.change(store::topic::kGuest, guest.id, guest.version);
}

}  // namespace

store::PhotoListed set_guest_photo(const Work& work, GuestId id, std::span<const std::byte> picture) {
  mind_lock(work, store::topic::kGuest, id);
  const auto info = domain::inspect_photo(picture);
  const auto guest = store::Guests{work.tx, work.scope}.get(id);
  if (guest.merged_into)
    throw Error(Errc::conflict, fmt::format("guest {} was merged into guest {}", id, *guest.merged_into),
                fmt::format("Use guest {}.", *guest.merged_into));
  store::Photos{work.tx}.set(id, info, picture, work.actor.account, work.now);
  record(work, guest,
         Details{}.add("photo", domain::name(info.format)).add("bytes", static_cast<std::int64_t>(info.bytes)));
  return get_guest_photo(work, id);
}

store::PhotoListed get_guest_photo(const Work& work, GuestId id) {
  store::Guests{work.tx, work.scope}.get(id);
  if (auto photo = store::Photos{work.tx}.find(id)) return *std::move(photo);
  refuse_missing(id);
}

std::vector<std::byte> get_guest_picture(const Work& work, GuestId id) {
  store::Guests{work.tx, work.scope}.get(id);
  if (auto picture = store::Photos{work.tx}.picture(id)) return *std::move(picture);
  refuse_missing(id);
}

void remove_guest_photo(const Work& work, GuestId id) {
  mind_lock(work, store::topic::kGuest, id);
  const auto guest = store::Guests{work.tx, work.scope}.get(id);
  if (!store::Photos{work.tx}.remove(id)) refuse_missing(id);
  record(work, guest, Details{}.add("photo", "removed"));
}

}  // namespace visitor::app
