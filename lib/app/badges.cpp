#include "app/badges.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "app/badge_token.hpp"
#include "app/details.hpp"
#include "app/edit_locks.hpp"
#include "app/journal.hpp"
#include "app/print_queue.hpp"
#include "config/badge_template.hpp"
#include "config/values.hpp"
#include "core/file.hpp"
#include "core/log.hpp"
#include "core/text.hpp"
#include "core/zone.hpp"
#include "report/badge_card.hpp"
#include "store/photos.hpp"

namespace visitor::app {
namespace {

using domain::Badge;
using domain::BadgeFormat;
using domain::BadgeState;
using domain::BadgeVerdict;
using std::chrono::hours;
using std::chrono::seconds;

constexpr hours kLeastTime{1}, kForgottenAfter{24};
/// How often the queue is asked about a badge, and about how many at once.
constexpr seconds kAskEvery{5};
constexpr int kAskAtOnce = 50;
constexpr auto kTemplateFile = "badge.toml";
constexpr std::size_t kLongestProblem = 400;
constexpr std::size_t kMostTemplate = std::size_t{64} << 10, kMostLogo = std::size_t{1} << 20;

config::BadgeTemplate template_of(const config::Settings& settings) {
  if (!settings.file.empty()) {
    const auto file = settings.file.parent_path() / kTemplateFile;
    if (const auto text = read_file(file, kMostTemplate)) return config::parse_badge_template(*text, file);
  }
  return config::parse_badge_template(config::badge_template_toml("en"), {});
}

std::vector<std::byte> logo_of(const config::BadgeTemplate& design) {
  if (design.logo.empty()) return {};
  const auto content = read_file(design.logo, kMostLogo);
  if (!content)
    throw Error(Errc::config, fmt::format("there is no logo {}", design.logo.string()),
                "Put it there, or take 'logo' out of the template.");
  const auto bytes = std::as_bytes(std::span{*content});
  return {bytes.begin(), bytes.end()};
}

/// The day of the visit there, or both days.
std::string date_of(const VisitListed& listed) {
  constexpr std::size_t kDate = 10;
  const auto zone = Zone::named(listed.time_zone);
  const auto from = zone.stamp(listed.visit.expected_from).substr(0, kDate);
  const auto until = zone.stamp(listed.visit.expected_until).substr(0, kDate);
  // Midnight that ends a day is of that day.
  const bool one_day = listed.visit.expected_until <= zone.day_end(listed.visit.expected_from);
  return one_day ? from : fmt::format("{} – {}", from, until);
}

std::string token_of(const Badge& badge, const store::BadgeToken& token, const Vault& vault) {
  return write_badge_token({token, badge.printed_at, badge.expires_at}, badge_signing_key(vault));
}

report::BadgeFile draw(const Work& work, const VisitListed& listed, const Badge& badge,
                       const config::BadgeTemplate& design, const std::string& token) {
  report::BadgeFace face;
  face.name = listed.guest_name;
  face.company = listed.guest_company;
  face.host = listed.host_name;
  face.department = listed.department_name;
  face.date = date_of(listed);
  face.token = token;
  face.photo = store::Photos{work.tx}.picture(listed.visit.guest);
  face.photo_is = fmt::format("the photo of guest {}", listed.visit.guest);
  return report::draw_badge(face, design, logo_of(design), badge.format, badge.printed_at);
}

void record(const Work& work, domain::AuditAction action, const domain::Visit& visit, const Details& details) {
  auto entries = journal(work);
  entries.audit(action, store::topic::kVisit, visit.id, details.json());
  entries.change(store::topic::kVisit, visit.id, visit.version);
}

/// Notes where a badge is now.
void move(const Work& work, Badge& badge, const domain::Visit& visit, BadgeState state, std::string queue_job,
          std::string problem) {
  badge.state = state;
  badge.state_at = work.now;
  badge.queue_job = std::move(queue_job);
  badge.problem = std::move(problem);
  store::Badges{work.tx, work.scope}.move(badge.id, state, work.now, badge.queue_job, badge.problem);
  Details details;
  details.add("badge", std::int64_t{badge.print}).add("state", domain::name(state)).add("printer", badge.printer);
  if (!badge.queue_job.empty()) details.add("queue_job", badge.queue_job);
  if (!badge.problem.empty()) details.add("problem", badge.problem);
  record(work, domain::AuditAction::update, visit, details);
}

Badge get_badge(const Work& work, domain::BadgeId id) {
  if (auto badge = store::Badges{work.tx, work.scope}.find(id)) return *std::move(badge);
  throw Error(Errc::not_found, fmt::format("badge {} does not exist", id));
}

}  // namespace

BadgePrinted print_badge(const Work& work, const Vault& vault, const BadgeOrder& order) {
  mind_lock(work, store::topic::kVisit, order.visit);
  const auto listed = get_visit(work, order.visit);
  if (!domain::is_live(listed.visit.state.status))
    throw Error(Errc::conflict, fmt::format("visit {} is over: {}", order.visit, describe(listed)),
                "A badge is for a guest who is awaited, or in the building.");
  const auto design = template_of(work.settings);
  std::string printer;
  if (!order.as_file) {
    printer = order.printer.empty() ? design.printer : order.printer;
    if (printer.empty())
      throw Error(Errc::usage, "it is not said where to print", "Name a printer, or set 'printer' in badge.toml.");
    if (const auto wrong = config::wrong_printer(printer); !wrong.empty())
      throw Error(Errc::usage, fmt::format("the name of a printer {}", wrong),
                  "'lpstat -p' lists the printers of this machine.");
  }

  store::BadgeToken token{};
  std::ranges::copy(random_bytes(token.size()), token.begin());
  Badge badge;
  badge.visit = order.visit;
  badge.format = order.format;
  badge.printer = printer;
  badge.printed_at = std::chrono::floor<seconds>(work.now);
  badge.expires_at = std::chrono::floor<seconds>(
      std::min(badge.printed_at + design.valid_for,
               std::max<Instant>(listed.visit.expected_until, badge.printed_at + kLeastTime)));
  badge.state = order.as_file ? BadgeState::completed : BadgeState::queued;
  badge.state_at = work.now;
  badge.id = store::Badges{work.tx, work.scope}.add(badge, token, work.actor.account, work.now + order.held);
  badge = get_badge(work, badge.id);

  BadgePrinted printed{{badge, listed}, token_of(badge, token, vault), {}, {}};
  auto file = draw(work, listed, badge, design, printed.token);
  printed.file = std::move(file.bytes);
  printed.cut = std::move(file.cut);
  Details details;
  details.add("badge", std::int64_t{badge.print}).add("reprint", badge.print > 1);
  details.add("format", domain::name(badge.format)).add("printer", badge.printer);
  details.add("expires_at", badge.expires_at);
  record(work, domain::AuditAction::exported, listed.visit, details);
  return printed;
}

std::optional<BadgeListed> send_badge(const Work& work, const Vault& vault, std::optional<domain::BadgeId> only) {
  auto task = store::Badges{work.tx, work.scope}.take_queued(work.now, only);
  if (!task) return std::nullopt;
  auto& badge = task->badge;
  const auto listed = get_visit(work, badge.visit);
  try {
    const auto file = draw(work, listed, badge, template_of(work.settings), token_of(badge, task->token, vault));
    auto job = send_to_printer(badge.printer, file.bytes, badge.format, fmt::format("badge {}", badge.id));
    move(work, badge, listed.visit, BadgeState::sent, std::move(job), {});
  } catch (const Error& error) {
    if (error.code() == Errc::database || error.code() == Errc::database_lost) throw;
    log::warn("badge {} of visit {}: {}", badge.id, badge.visit, error.message());
    move(work, badge, listed.visit, BadgeState::failed, {}, shortened(printable(error.message()), kLongestProblem));
  }
  return BadgeListed{badge, listed};
}

int follow_badges(const Work& work) {
  store::Badges badges{work.tx, work.scope};
  std::vector<domain::BadgeId> pending;
  int done = 0;
  for (auto& badge : badges.take_sent(work.now - kAskEvery, kAskAtOnce)) {
    auto fate = fate_of_job(badge.printer, badge.queue_job);
    if (!fate && work.now - badge.printed_at > kForgottenAfter)
      fate = {BadgeState::failed, "the queue no longer knows the job"};
    if (!fate || fate->state == BadgeState::sent) {
      pending.push_back(badge.id);
      continue;
    }
    const auto visit = get_visit(work, badge.visit).visit;
    move(work, badge, visit, fate->state, badge.queue_job, fate->problem);
    ++done;
  }
  if (!pending.empty()) badges.looked_at(pending, work.now);
  return done;
}

std::vector<BadgeListed> list_badges(const Work& work, const BadgeFilter& filter) {
  std::vector<BadgeListed> listed;
  for (auto& badge : store::Badges{work.tx, work.scope}.list(filter)) {
    auto visit = get_visit(work, badge.visit);
    listed.push_back({std::move(badge), std::move(visit)});
  }
  return listed;
}

BadgeCheck verify_badge_offline(std::string_view token, std::string_view public_key, Instant now) {
  const auto claim = read_badge_token(token, public_key);
  if (!claim) return {};
  return {
      now < claim->expires_at ? BadgeVerdict::valid : BadgeVerdict::expired, claim->issued_at, claim->expires_at, {}};
}

BadgeCheck verify_badge(const Work& work, const Vault& vault, std::string_view token) {
  const auto key = badge_public_key(vault);
  auto check = verify_badge_offline(token, key, work.now);
  if (check.verdict == BadgeVerdict::forged) return check;
  store::Badges badges{work.tx, work.scope};
  auto badge = badges.find_token(read_badge_token(token, key)->id);
  if (!badge) {
    check.verdict = BadgeVerdict::unknown;
    return check;
  }
  check.listed = {*badge, get_visit(work, badge->visit)};
  if (check.verdict == BadgeVerdict::expired) return check;
  if (!domain::is_live(check.listed->visit.visit.state.status))
    check.verdict = BadgeVerdict::revoked;
  else if (badge->print < badges.prints(badge->visit))
    check.verdict = BadgeVerdict::superseded;
  return check;
}

std::string badge_public_key(const Vault& vault) {
  return badge_signing_key(vault).public_text();
}

}  // namespace visitor::app
