#pragma once

#include <optional>
#include <string>
#include <vector>

#include "db/transaction.hpp"
#include "domain/scope.hpp"
#include "domain/terminal.hpp"

namespace visitor::store {

struct DoorListed {
  domain::Door door;
  std::string terminal_name;
  std::string site_name;
};

class Doors {
 public:
  Doors(db::Transaction& tx, const domain::Scope& scope) : tx_(tx), scope_(scope) {}

  struct Stored {
    DoorId id;
    int version = 1;       ///< 1 where it is new
    bool changed = false;  ///< it is new, or something differs
  };
  /// Adds or replaces the door with this terminal, door and reader number.
  Stored set(const domain::Door& door);

  std::optional<domain::Door> find(DoorId id);
  /// Of one terminal, by door, then reader.
  std::vector<domain::Door> of(TerminalId terminal);
  /// By terminal's name, door, reader.
  std::vector<DoorListed> list(std::optional<TerminalId> terminal = {});

 private:
  db::Transaction& tx_;
  domain::Scope scope_;
};

}  // namespace visitor::store
