#include "daemon/loops/database_loop.hpp"

#include "core/error.hpp"
#include "core/log.hpp"
#include "db/transaction.hpp"

namespace visitor::daemon {

void DatabaseLoop::tick(Instant, std::stop_token stop) {
  try {
    db::Transaction tx{context_.pool, {.read_only = true, .stop = stop}};
    tx.row("SELECT 1 AS alive");
    context_.database_answers = true;
  } catch (const Error&) {
    context_.database_answers = false;
    if (!instance_.embedded() || stop.stop_requested()) throw;
    const auto state = instance_.cluster().status().state;
    if (state == db::ClusterState::running) throw;
    const bool ours = instance_.cluster().start();
    context_.database_answers = true;
    if (ours) log::warn("database: the embedded database had gone, and was started again");
  }
}

}  // namespace visitor::daemon
