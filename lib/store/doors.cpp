#include "store/doors.hpp"

#include "store/scoped.hpp"
#include "store/words.hpp"

namespace visitor::store {
namespace {

// No row comes back where nothing differs.
constexpr auto kSet = R"sql(
    INSERT INTO door (terminal_id, door_no, reader_no, name, direction, zone)
    VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (terminal_id, door_no, reader_no) DO UPDATE
       SET name = excluded.name, direction = excluded.direction, zone = excluded.zone, version = door.version + 1
     WHERE (door.name, door.direction, door.zone) <> (excluded.name, excluded.direction, excluded.zone)
 RETURNING id, version)sql";

constexpr auto kVersion = R"sql(
    SELECT id, version FROM door WHERE terminal_id = $1 AND door_no = $2 AND reader_no = $3)sql";

const std::string kFind = R"sql(
    SELECT d.id, d.terminal_id, d.door_no, d.reader_no, d.name, d.direction, d.zone
      FROM door d
      JOIN terminal t ON t.id = d.terminal_id
     WHERE d.id = $1)sql" +
                          site_in_scope("t.site_id", 2);

const std::string kOf = R"sql(
    SELECT d.id, d.terminal_id, d.door_no, d.reader_no, d.name, d.direction, d.zone
      FROM door d
      JOIN terminal t ON t.id = d.terminal_id
     WHERE d.terminal_id = $1)sql" +
                        site_in_scope("t.site_id", 2) + R"sql(
     ORDER BY d.door_no, d.reader_no)sql";

const std::string kList = R"sql(
    SELECT d.id, d.terminal_id, d.door_no, d.reader_no, d.name, d.direction, d.zone,
           t.name AS terminal_name, s.name AS site_name
      FROM door d
      JOIN terminal t ON t.id = d.terminal_id
      JOIN site s ON s.id = t.site_id
     WHERE ($1::bigint IS NULL OR d.terminal_id = $1))sql" +
                          site_in_scope("t.site_id", 2) + R"sql(
     ORDER BY lower(t.name), d.door_no, d.reader_no)sql";

domain::Door to_door(const db::Row& row) {
  domain::Door door;
  door.id = row.get<DoorId>("id");
  door.terminal = row.get<TerminalId>("terminal_id");
  door.door_no = row.get<int>("door_no");
  door.reader_no = row.get<int>("reader_no");
  door.name = row.get<std::string>("name");
  door.direction = read_word<domain::Direction>(row, "direction");
  door.zone = row.get<std::string>("zone");
  return door;
}

}  // namespace

Doors::Stored Doors::set(const domain::Door& door) {
  if (const auto row = tx_.maybe_row(kSet, door.terminal, door.door_no, door.reader_no, door.name,
                                     domain::name(door.direction), door.zone))
    return {row->get<DoorId>("id"), row->get<int>("version"), true};
  const auto row = tx_.row(kVersion, door.terminal, door.door_no, door.reader_no);
  return {row.get<DoorId>("id"), row.get<int>("version"), false};
}

std::optional<domain::Door> Doors::find(DoorId id) {
  if (const auto row = tx_.maybe_row(kFind, id, scope_.sites())) return to_door(*row);
  return std::nullopt;
}

std::vector<domain::Door> Doors::of(TerminalId terminal) {
  std::vector<domain::Door> doors;
  for (const auto& row : tx_.rows(kOf, terminal, scope_.sites())) doors.push_back(to_door(row));
  return doors;
}

std::vector<DoorListed> Doors::list(std::optional<TerminalId> terminal) {
  std::vector<DoorListed> doors;
  for (const auto& row : tx_.rows(kList, terminal, scope_.sites()))
    doors.push_back({to_door(row), row.get<std::string>("terminal_name"), row.get<std::string>("site_name")});
  return doors;
}

}  // namespace visitor::store
