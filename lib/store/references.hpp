#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "db/transaction.hpp"

namespace visitor::store {

/// How many things of one kind refer to another one.
struct Reference {
  std::string what;  ///< in the singular: "department", "merged guest"
  std::int64_t count = 0;
};

/// Why a thing cannot be removed. Only kinds that there are, in a fixed order.
class References {
 public:
  explicit References(db::Transaction& tx) : tx_(tx) {}

  std::vector<Reference> to(SiteId site);
  std::vector<Reference> to(DepartmentId department);
  std::vector<Reference> to(HostId host);
  /// Credentials and the photo are part of the guest and do not count.
  std::vector<Reference> to(GuestId guest);
  /// Doors are part of the terminal and do not count.
  std::vector<Reference> to(TerminalId terminal);

 private:
  db::Transaction& tx_;
};

}  // namespace visitor::store
