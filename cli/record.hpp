#pragma once

#include <cstdint>
#include <string_view>

#include "app/details.hpp"
#include "cli/session.hpp"
#include "domain/audit.hpp"

/// Rows of the audit for what a command does past the use cases, which write their own.
namespace visitor::cli {

/// What to put there.
struct OnRecord {
  domain::AuditAction action = domain::AuditAction::view;
  std::string_view topic;
  std::int64_t entity = 0;  ///< 0: none, or not known by a number
  app::Details details = {};
};

/// Before the command does it, in a transaction of its own: what cannot be recorded is not done.
void put_on_record(Session& session, const OnRecord& row);
/// The same of any database, also one whose schema is an older one.
void put_on_record(Session& session, db::Pool& pool, const OnRecord& row);
/// The same of a command that must also work where the database is gone; then nothing is written, and it goes on.
void put_on_record_if_any(Session& session, const OnRecord& row);

}  // namespace visitor::cli
