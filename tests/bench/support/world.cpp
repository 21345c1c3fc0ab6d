#include "support/world.hpp"

#include <fmt/format.h>

#include "app/event_source.hpp"
#include "core/zone.hpp"
#include "domain/access_event.hpp"
#include "hikvision/page.hpp"

namespace visitor::bench {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

/// Mondays to Fridays from the first one of them on, which is a Monday twelve weeks ago; 09:00 in Almaty is 04:00 UTC.
Instant first_day(Instant now) {
  const auto today = std::chrono::floor<std::chrono::days>(now);
  const auto monday = today - (std::chrono::weekday{today} - std::chrono::Monday);
  return monday - std::chrono::weeks{12} + hours{4};
}

// Copied rows speak of guests that nobody knows: were they the same, each page would arrive late for half of them.
constexpr std::int64_t kOthers = 1'000'000'000;

std::string local_text(Instant instant) {
  static const auto zone = Zone::named("Asia/Almaty");
  return zone.iso(instant);
}

/// Begins the numbers of employees, whom the terminals know and this database does not, and of guests.
constexpr std::string_view kStaff = "S";
constexpr std::string_view kGuest = "W";

/// As a DS-K1T342MWX prints it: tabs and all.
std::string face_pass(std::int64_t serial, Instant at, const std::string& employee, bool entry) {
  return fmt::format(
      "{{\n\t\t\t\"major\":\t5,\n\t\t\t\"minor\":\t75,\n\t\t\t\"time\":\t\"{}\",\n\t\t\t\"netUser\":\t\"\",\n"
      "\t\t\t\"remoteHostAddr\":\t\"0.0.0.0\",\n\t\t\t\"cardNo\":\t\"\",\n\t\t\t\"cardType\":\t1,\n"
      "\t\t\t\"name\":\t\"Person number {:>5}\",\n\t\t\t\"reportChannel\":\t1,\n\t\t\t\"cardReaderKind\":\t1,\n"
      "\t\t\t\"cardReaderNo\":\t{},\n\t\t\t\"doorNo\":\t1,\n\t\t\t\"verifyNo\":\t{},\n\t\t\t\"alarmInNo\":\t0,\n"
      "\t\t\t\"employeeNoString\":\t\"{}\",\n\t\t\t\"deviceNo\":\t1,\n\t\t\t\"serialNo\":\t{},\n"
      "\t\t\t\"userType\":\t\"normal\",\n\t\t\t\"currentVerifyMode\":\t\"cardOrFace\",\n"
      "\t\t\t\"attendanceStatus\":\t\"undefined\",\n\t\t\t\"label\":\t\"\",\n\t\t\t\"statusValue\":\t0,\n"
      "\t\t\t\"mask\":\t\"no\",\n\t\t\t\"helmet\":\t\"unknown\",\n\t\t\t\"purePwdVerifyEnable\":\ttrue,\n"
      "\t\t\t\"pictureURL\":\t\"http://192.0.2.7/LOCALS/pic/acsLinkCap/202609_00/{}_30075_0.jpeg@WEB{:012}\",\n"
      "\t\t\t\"picturesNumber\":\t1,\n"
      "\t\t\t\"FaceRect\":\t{{\n\t\t\t\t\"height\":\t0.214,\n\t\t\t\t\"width\":\t0.12,\n\t\t\t\t\"x\":\t0.443,\n"
      "\t\t\t\t\"y\":\t0.398\n\t\t\t}}\n\t\t}}",
      local_text(at), employee, entry ? 1 : 2, serial, employee, serial, serial, serial);
}

std::string lock(std::int64_t serial, Instant at, bool released) {
  return fmt::format(
      "{{\n\t\t\t\"major\":\t5,\n\t\t\t\"minor\":\t{},\n\t\t\t\"time\":\t\"{}\",\n\t\t\t\"doorNo\":\t1,\n"
      "\t\t\t\"type\":\t0,\n\t\t\t\"serialNo\":\t{},\n\t\t\t\"currentVerifyMode\":\t\"invalid\",\n"
      "\t\t\t\"mask\":\t\"unknown\"\n\t\t}}",
      released ? 21 : 22, local_text(at), serial);
}

TerminalId add_terminal(db::Transaction& tx, SiteId site, const char* name, Instant now) {
  const auto id = tx.row(
                        "INSERT INTO terminal (site_id, name, base_url, username, password_sealed, created_at, "
                        "state_since, lease_holder, lease_until) "
                        "VALUES ($1, $2, 'http://192.0.2.1', 'admin', '\\x00', $3, $3, 'bench', '2100-01-01') "
                        "RETURNING id",
                        site, name, now)
                      .get<TerminalId>("id");
  tx.exec(
      "INSERT INTO door (terminal_id, door_no, reader_no, direction) VALUES ($1, 1, 1, 'entry'), ($1, 1, 2, 'exit')",
      id);
  return id;
}

}  // namespace

const char* const World::kCopy =
    "COPY access_event (terminal_id, epoch, serial, occurred_at, major, minor, received_at, time_text, time_source, "
    "class, direction, door_no, reader_no, employee_no, card_no, guest_id, raw) FROM STDIN";

World::World(db::Pool& pool, Instant now) : pool_(&pool), first_day_(first_day(now)) {
  const auto before = first_day_ - hours{24 * 30};
  db::Transaction tx{*pool_};
  actor_ = app::ensure_actor(tx, "system", domain::ActionHow::automatic, before);
  site_ =
      tx.row("INSERT INTO site (name, time_zone, created_at) VALUES ('Almaty', 'Asia/Almaty', $1) RETURNING id", before)
          .get<SiteId>("id");
  polled_ = add_terminal(tx, site_, "polled", before);
  copied_ = add_terminal(tx, site_, "copied", before);
  tx.commit();
}

Instant World::begin_of(int day) const {
  return first_day_ + hours{24} * (day / 5 * 7 + day % 5);
}

void World::add_guests(int count) {
  const auto before = first_day_ - hours{24 * 30};
  db::Transaction tx{*pool_};
  while (static_cast<int>(guests_.size()) < count) {
    const auto number = static_cast<int>(guests_.size()) + 1;
    guests_.push_back(tx.row("INSERT INTO guest (name, created_at) VALUES ($1, $2) RETURNING id",
                             fmt::format("Person number {:>5}", number), before)
                          .get<GuestId>("id"));
    tx.exec("INSERT INTO credential (guest_id, kind, value, created_at) VALUES ($1, 'employee_no', $2, $3)",
            guests_.back(), fmt::format("{}{}", kGuest, number), before);
  }
  const auto begin = begin_of(day_);
  tx.exec(
      "INSERT INTO visit (guest_id, site_id, expected_from, expected_until, registered_at) "
      "SELECT g, $2, $3, $4, $5 FROM unnest($1::bigint[]) g",
      std::span{guests_}.first(static_cast<std::size_t>(count)), site_, begin, begin + hours{9}, before);
  tx.exec("SELECT access_event_partition($1)", begin);
  tx.commit();
  // What autovacuum does within a minute or two, at a moment that we choose.
  db::Connection{pool_->options().connection}.script("ANALYZE guest, credential, visit, access_event");
}

std::vector<std::vector<app::IncomingEvent>> World::next_pages(int count, int size, int guest_percent) {
  const int events = count * size;
  const int passes = events / 5 * 3 + 3;
  add_guests(passes * guest_percent / 200 + 11);
  app::SourceContext context;
  context.username = "admin";

  std::vector<std::vector<app::IncomingEvent>> pages;
  auto at = begin_of(day_++);
  const auto step = std::chrono::duration_cast<std::chrono::milliseconds>(hours{9}) / events;
  int pass = 0, share = 0;
  for (int p = 0; p < count; ++p) {
    std::string body = fmt::format(
        "{{\n\t\"AcsEvent\":\t{{\n\t\t\"searchID\":\t\"1\",\n\t\t\"totalMatches\":\t{0},\n"
        "\t\t\"responseStatusStrg\":\t\"MORE\",\n\t\t\"numOfMatches\":\t{1},\n\t\t\"InfoList\":\t[",
        events, size);
    for (int i = 0; i < size; ++i) {
      ++serial_;
      at += step;
      if (i > 0) body += ", ";
      const int kind = static_cast<int>(serial_ % 5);
      if (kind == 1 || kind == 3) {
        body += lock(serial_, at, kind == 1);
        continue;
      }
      share += guest_percent;
      if (share < 100) {
        body += face_pass(serial_, at, fmt::format("{}{}", kStaff, serial_ % 8500), serial_ % 2 == 0);
        continue;
      }
      share -= 100;
      // Ten come in, then the same ten go out.
      const int round = pass / 20, within = pass % 20;
      body += face_pass(serial_, at, fmt::format("{}{}", kGuest, 1 + round * 10 + within % 10), within < 10);
      ++pass;
    }
    body += "]\n\t}\n}";
    auto& page = pages.emplace_back();
    for (const auto& event : hikvision::decode_page(body).events) page.push_back(app::to_incoming(event, context));
  }
  return pages;
}

void World::ingest(const std::vector<std::vector<app::IncomingEvent>>& pages) {
  const config::Settings settings;
  int check_ins = 0;
  for (const auto& page : pages) {
    db::Transaction tx{*pool_};
    app::CursorAdvance advance;
    advance.cursor_at = page.back().occurred_at;
    const auto now = page.back().occurred_at + seconds{1};
    const auto result =
        app::ingest_page({tx, actor_, now, settings, domain::Scope::everything()}, polled_, "bench", page, advance);
    tx.commit();
    if (result.stored != static_cast<int>(page.size())) throw Error(Errc::integrity, "a page was not stored whole");
    check_ins += result.check_ins;
  }
  if (check_ins == 0) throw Error(Errc::integrity, "the pages checked nobody in");
}

std::string World::copy_text(const std::vector<app::IncomingEvent>& page) const {
  std::string text;
  const auto escaped = [](std::string_view value) {
    std::string out;
    for (const char c : value) {
      if (c == '\\')
        out += "\\\\";
      else if (c == '\t')
        out += "\\t";
      else if (c == '\n')
        out += "\\n";
      else
        out += c;
    }
    return out;
  };
  for (const auto& event : page) {
    const bool is_guest = event.employee_no && event.employee_no->starts_with(kGuest);
    const auto guest = is_guest ? guests_.at(std::stoul(event.employee_no->substr(kGuest.size())) - 1) : GuestId{};
    text += fmt::format("{}\t1\t{}\t{}\t{}\t{}\t{}\t{}\toffset\t{}\t{}\t{}\t{}\t{}\t\\N\t{}\t{}\n", copied_,
                        event.serial, to_iso(event.occurred_at), event.major, event.minor,
                        to_iso(page.back().occurred_at), event.time_text, domain::name(event.event_class),
                        event.reader_no == 1   ? "entry"
                        : event.reader_no == 2 ? "exit"
                                               : "none",
                        event.door_no, event.reader_no, event.employee_no.value_or("\\N"),
                        guest ? std::to_string(guest.value + kOthers) : "\\N", escaped(event.raw));
  }
  return text;
}

}  // namespace visitor::bench
