#pragma once

#include "db/pool.hpp"
#include "db/transaction.hpp"

namespace visitor::db {

/// A transaction for one SELECT, which is a transaction by itself: there is one trip to the server where BEGIN and
/// ROLLBACK make it three. Anything else that is run on it, or a second SELECT, is a defect and throws Error failed.
class SingleSelect {
 public:
  /// Takes a connection from \p pool until the end. A connection that turns out to be broken is thrown as database_lost
  /// by the SELECT, which can be run again on another one.
  /// \throws Error  as Pool::acquire
  explicit SingleSelect(Pool& pool);

  Transaction& transaction() { return tx_; }

 private:
  Pool::Lease lease_;
  Transaction tx_;
};

}  // namespace visitor::db
