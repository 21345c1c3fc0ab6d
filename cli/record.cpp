#include "cli/record.hpp"

#include <array>

#include "app/backups.hpp"
#include "app/journal.hpp"

namespace visitor::cli {
namespace {

constexpr int kTries = 3;

}  // namespace

void put_on_record(Session& session, const OnRecord& row) {
  put_on_record(session, session.db(), row);
}

void put_on_record(Session& session, db::Pool& pool, const OnRecord& row) {
  db::with_retry(pool, kTries, [&](db::Transaction& tx) {
    const std::array entries{store::Journal::Entry{row.action, row.topic, row.entity, row.details.json()}};
    app::journal(session.work(tx)).audit(entries);
  });
}

void put_on_record_if_any(Session& session, const OnRecord& row) {
  if (app::has_database(session.instance())) put_on_record(session, row);
}

}  // namespace visitor::cli
