#include "store/event_pictures.hpp"

#include "store/scoped.hpp"

namespace visitor::store {
namespace {

constexpr auto kAdd = R"sql(
    INSERT INTO event_picture (terminal_id, epoch, serial, occurred_at, major, minor, picture, stored_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        ON CONFLICT DO NOTHING)sql";

const std::string kOf = R"sql(
    SELECT p.picture
      FROM incident i
      JOIN access_event e ON e.id = i.event_id
      JOIN event_picture p ON (p.terminal_id, p.serial, p.occurred_at, p.major, p.minor, p.epoch) =
                              (e.terminal_id, e.serial, e.occurred_at, e.major, e.minor, e.epoch)
     WHERE i.id = $1)sql" +
                        visit_in_scope("i.site_id", "i.visit_id", 2);

}  // namespace

bool EventPictures::add(const domain::EventKey& event, std::span<const std::byte> jpeg, Instant now) {
  return tx_.exec(kAdd, event.terminal, event.epoch, event.serial, event.occurred_at, event.major, event.minor, jpeg,
                  now) == 1;
}

std::optional<std::vector<std::byte>> EventPictures::of(IncidentId incident) {
  if (const auto row = tx_.maybe_row(kOf, incident, scope_.sites(), scope_.departments(), scope_.hosts()))
    return row->get<std::vector<std::byte>>("picture");
  return std::nullopt;
}

}  // namespace visitor::store
