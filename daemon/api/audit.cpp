#include "app/journal.hpp"
#include "app/json_accounts.hpp"
#include "daemon/api/listing.hpp"
#include "daemon/api/resources.hpp"

namespace visitor::api {
namespace {

using domain::AuditAction;
using domain::Permission;

Answer list_audit(const Call& call) {
  const auto& query = call.query;
  const auto what = wanted(call);
  app::AuditFilter filter;
  filter.login = query.text_or("login");
  filter.actions = query.all_named<AuditAction>("action");
  filter.topic = query.text_or("topic");
  filter.entity = query.number("entity");
  filter.since = query.moment("created_after");
  if (const auto period = query.moment("period")) filter.since = period;
  filter.until = query.moment("created_before");
  filter.before_id = query.number("before");
  if (what.after) filter.before_id = what.after->id;
  filter.limit = what.limit();
  return rows_of(call, what, app::list_audit(call.work, filter), {}, [](const domain::AuditRecord& record) {
    return Position{record.at, record.id};
  });
}

Answer get_audit(const Call& call) {
  return one(call, app::get_audit(call.work, *call.path.number("id")));
}

}  // namespace

void add_audit(Table& table) {
  table.add({"AuditAccount", {id("id", "Number"), or_null(text("login", "Login"))}});
  table.add({"AuditRecord",
             {id("id", "Number"), moment("at", "When"), or_null(object("account", "Who", "AuditAccount")),
              named<AuditAction>("action", "What was done"), text("topic", "What kind of thing it was done to"),
              number("entity_id", "Number of the thing; 0: none"), anything("details", "What became different"),
              or_null(text("source", "From where")),
              or_null(text("request_id", "What all rows of one request have in common")),
              or_null(number("position", "Where it stands in the chain; null until it is linked")),
              or_null(text("previous_hash", "Hash of the link before")), or_null(text("hash", "Hash of this link"))}});
  table.add({.path = "/audit/",
             .name = "list_audit",
             .summary = "Who did what, newest first",
             .command = "visitorctl audit list",
             .permission = Permission::audit_view,
             .everywhere = true,
             .query = {text("login", "Only what this account did", 100, 1),
                       many(named<AuditAction>("action", "Only acts of these kinds")),
                       text("topic", "Only about things of this kind: visit, guest", 64, 1),
                       number("entity", "Only about the thing of this number"),
                       number("before", "Only rows older than the one of this number", 1),
                       moment("created_after", "Done from then on"), moment("created_before", "Done before then"),
                       moment("period", "Done within this span before now: 24h, 7d, 30d, or today")},
             .answer = "AuditRecord",
             .paging = Paging::cursor,
             .run = list_audit});
  table.add({.path = "/audit/{id}/",
             .name = "get_audit",
             .summary = "A row of the audit",
             .command = "visitorctl audit show",
             .permission = Permission::audit_view,
             .everywhere = true,
             .answer = "AuditRecord",
             .run = get_audit});
}

}  // namespace visitor::api
