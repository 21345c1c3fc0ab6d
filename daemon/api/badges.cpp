#include "app/badges.hpp"

#include <fmt/format.h>

#include "daemon/api/listing.hpp"
#include "daemon/api/resources.hpp"

namespace visitor::api {
namespace {

using domain::Permission;

constexpr int kMost = 1'000;

std::vector<Field> badge_fields() {
  return {id("id", "Number"),
          object("visit", "Of which visit", "BadgeVisit"),
          object("guest", "For whom", "GuestNamed"),
          or_null(object("host", "Whom the guest visits", "Named")),
          number("print", "1 is the first of the visit", 1),
          number("reprints", "How many were printed before"),
          named<domain::BadgeFormat>("format", "Format"),
          or_null(text("printer", "Queue of CUPS; null: handed out as a file")),
          moment("printed_at", "When it was made"),
          moment("expires_at", "Until when it is valid"),
          named<domain::BadgeState>("state", "Where it is on its way to paper"),
          moment("state_at", "Since when"),
          or_null(text("queue_job", "The job as the queue calls it")),
          or_null(text("problem", "Why it was not printed")),
          or_null(text("login", "Who printed it"))};
}

Answer print(const Call& call) {
  app::BadgeOrder order;
  order.visit = call.id<VisitTag>();
  order.format = call.body.named<domain::BadgeFormat>("format").value_or(domain::BadgeFormat::pdf);
  order.printer = call.body.text_or("printer");
  Answer answer{to_json(app::print_badge(call.work, call.vault, order)), {}};
  answer.status = 201;
  return answer;
}

Answer verify(const Call& call) {
  return {to_json(app::verify_badge(call.work, call.vault, call.body.text_or("token"))), {}};
}

Answer list(const Call& call) {
  app::BadgeFilter filter;
  filter.visit = app::get_visit(call.work, call.id<VisitTag>()).visit.id;
  filter.limit = kMost;
  return page_of(call, app::list_badges(call.work, filter));
}

}  // namespace

void add_badges(Table& table) {
  table.add({"BadgeVisit", {id("id", "Number"), named<domain::VisitStatus>("status", "State of the visit")}});
  table.add({"Badge", badge_fields()});
  auto printed = badge_fields();
  printed.push_back(many(text("cut", "What did not fit even in the least type")));
  table.add({"BadgePrinted", std::move(printed)});
  table.add({"BadgeCheck",
             {yes_or_no("valid", "Whether its bearer is who is expected"),
              named<domain::BadgeVerdict>("verdict", "What it is worth"),
              or_null(moment("issued_at", "When it was made")), or_null(moment("expires_at", "Until when it is valid")),
              or_null(object("badge", "Of a badge that is on record", "Badge"))}});
  table.add({.path = "/visits/{id}/badges/",
             .name = "list_badges",
             .summary = "Badges that were printed for a visit, the newest first; 1,000 of them at most",
             .command = "visitorctl badge list --visit",
             .permission = Permission::visit_view,
             .answer = "Badge",
             .paging = Paging::pages,
             .run = list});
  table.add({.method = "POST",
             .path = "/visits/{id}/badges/",
             .name = "print_badge",
             .summary = "Print a badge: it is queued for the printer, and those printed before are no longer valid",
             .command = "visitorctl badge print",
             .permission = Permission::visit_check_in,
             .body = {named<domain::BadgeFormat>("format", "Format; pdf where it is not said"),
                      text("printer", "Queue of CUPS; that of badge.toml where it is not said", 127, 1)},
             .answer = "BadgePrinted",
             .conflicts = true,
             .status = 201,
             .run = print});
  table.add({.method = "POST",
             .path = "/badges/verify/",
             .name = "verify_badge",
             .summary = "Say what a badge is worth, by the token in its QR code",
             .command = "visitorctl badge verify",
             .permission = Permission::visit_view,
             .secret = true,
             .body = {required(text("token", "What the QR code says", 200, 1))},
             .answer = "BadgeCheck",
             .run = verify});
}

}  // namespace visitor::api
