#include "populate/populate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <future>
#include <utility>
#include <vector>

namespace visitor::bench {
namespace {

// Every day is alike. It has 10 n events for n visits, spread evenly over twelve hours; each fifth one is a guest's,
// and those come and go in this order: a quarter of the day people only come, then one leaves for each one who comes,
// and in the last quarter people only leave. So of the 2 n positions p,
//   visit a comes at  a                      for a < n/2, else  n/2 + 2 (a - n/2) + 1
//   visit a leaves at n/2 + 2 a              for a < n/2, else  n + a
// and nobody stays longer than six hours. Visits with a % 20 = 7 did not take place: staff passes in their stead.

constexpr auto kBegin = R"sql(
    SELECT access_event_partition(d) FROM generate_series('{now}'::timestamptz - interval '14 months', '{now}', '1 month') d;
    CREATE UNLOGGED TABLE populate_day AS
    SELECT row_number() OVER (ORDER BY day) - 1 AS d, (day::timestamp + interval '7 hours') AT TIME ZONE 'Asia/Almaty' AS start
      FROM (SELECT day
              FROM generate_series(('{now}'::timestamptz AT TIME ZONE 'Asia/Almaty')::date - 2 * {days} - 7,
                                   ('{now}'::timestamptz AT TIME ZONE 'Asia/Almaty')::date - 1, interval '1 day') AS day
             WHERE extract(isodow FROM day) < 6
             ORDER BY day DESC
             LIMIT {days}) AS days;
    ALTER TABLE populate_day ADD PRIMARY KEY (d);

    INSERT INTO account (login, kind, created_at)
    VALUES ('system', 'system', '{now}'), ('reception', 'person', '{now}'), ('guard', 'person', '{now}')
        ON CONFLICT DO NOTHING;
    INSERT INTO site (name, time_zone, country_code, created_at) VALUES ('University', 'Asia/Almaty', '7', '{now}');
    INSERT INTO department (site_id, name, director) SELECT 1, 'Department ' || i, 'Director ' || i FROM generate_series(1, 24) i;
    INSERT INTO host (department_id, name, email, phone)
    SELECT i % 24 + 1, 'Host ' || i, 'host' || i || '@university.example', '+7700' || to_char(i, 'FM0000000')
      FROM generate_series(1, 300) i;
    INSERT INTO terminal (site_id, name, base_url, username, password_sealed, enabled, created_at, state, state_since, epoch,
                          last_serial, event_count)
    SELECT 1, 'Turnstile ' || i, 'http://192.0.2.' || i, 'admin', '\x00', false, '{now}', 'new', '{now}', 1, {events} / {terminals},
           {events} / {terminals}
      FROM generate_series(1, {terminals}) i;
    INSERT INTO door (terminal_id, door_no, reader_no, name, direction)
    SELECT t, 1, r, CASE r WHEN 1 THEN 'In' ELSE 'Out' END, CASE r WHEN 1 THEN 'entry' ELSE 'exit' END
      FROM generate_series(1, {terminals}) t, generate_series(1, 2) r;
    INSERT INTO guest (name, company, email, phone, created_at)
    SELECT (ARRAY['Айгуль', 'Олег', 'Dana', 'Марат', 'Lena', 'Иван', 'Aruzhan', 'Tomas', 'Сауле', 'Nikolai'])[i % 10 + 1] || ' ' ||
           (ARRAY['Сериккызы', 'Петров', 'Novak', 'Ибраев', 'Fischer', 'Соколов', 'Bek', 'Green', 'Омарова', 'Orlov', 'Santos'])[i / 10 % 11 + 1]
           || ' ' || i, 'Company ' || i % 900, 'guest' || i || '@example.org', '+7701' || to_char(i, 'FM0000000'), '{now}'
      FROM generate_series(0, {guests} - 1) i;
    INSERT INTO credential (guest_id, kind, value, created_at)
    SELECT i, 'employee_no', i::text, '{now}' FROM generate_series(1, {guests}) i;)sql";

constexpr auto kVisits = R"sql(
    INSERT INTO visit (id, guest_id, host_id, department_id, site_id, purpose, kind, contact_phone, consent_at, expected_from,
                       expected_until, status, checked_in_at, checked_in_how, checked_out_at, checked_out_how, ended_at, cancelled_reason, entry_count, exit_count,
                       registered_by, registered_at, version)
    OVERRIDING SYSTEM VALUE
    SELECT i + 1, i % {guests} + 1, i % 300 + 1, i % 300 % 24 + 1, 1,
           (ARRAY['BUSINESS_MEETING', 'PERSONAL_MEETING', 'INTERVIEW', 'STUDENT_ADMISSION', 'DOCUMENTS'])[i % 5 + 1],
           (ARRAY['guest', 'guest', 'guest', 'student', 'contractor', 'delivery'])[i % 6 + 1],
           CASE WHEN i % 4 = 0 THEN '+7702' || to_char(i % 10000000, 'FM0000000') ELSE '' END,
           CASE WHEN i % 5 <> 0 THEN came - interval '1 day' END,
           came - interval '10 minutes', left_at + interval '30 minutes',
           CASE WHEN took_place THEN 'CHECKED_OUT' WHEN a % 40 = 7 THEN 'CANCELLED' ELSE 'NO_SHOW' END,
           CASE WHEN took_place THEN came END, CASE WHEN took_place THEN 'door' END,
           CASE WHEN took_place THEN left_at END, CASE WHEN took_place THEN 'door' END,
           CASE WHEN took_place THEN left_at WHEN a % 40 = 7 THEN came - interval '1 hour' ELSE start + interval '17 hours' END,
           CASE WHEN a % 40 = 7 THEN 'The guest is ill.' ELSE '' END, took_place::integer, took_place::integer,
           (SELECT id FROM account WHERE login = 'reception'), came - interval '1 day', CASE WHEN took_place THEN 3 ELSE 2 END
      FROM (SELECT d * {n} + a AS i, a, start, a % 20 <> 7 AS took_place,
                   start + make_interval(secs => 5 * (CASE WHEN a < {n} / 2 THEN a ELSE 2 * a - {n} / 2 + 1 END)::bigint * 43200 / (10 * {n})) AS came,
                   start + make_interval(secs => 5 * (CASE WHEN a < {n} / 2 THEN {n} / 2 + 2 * a ELSE {n} + a END)::bigint * 43200 / (10 * {n}))
                       AS left_at
              FROM populate_day, generate_series(0, {n} - 1) a) AS v
     ORDER BY i;
    INSERT INTO visit_action (visit_id, kind, how, happened_at, reason, account_id, recorded_at)
    SELECT id, CASE status WHEN 'CANCELLED' THEN 'cancel' ELSE 'no_show' END, CASE status WHEN 'CANCELLED' THEN 'person' ELSE 'auto' END,
           ended_at, cancelled_reason, registered_by, ended_at
      FROM visit WHERE status IN ('CANCELLED', 'NO_SHOW') ORDER BY id;)sql";

// Of the days from {first} up to {last}. What a K1T342MWX sends, shortened by what is the same in each row.
constexpr auto kEvents = R"sql(
    INSERT INTO access_event (id, terminal_id, epoch, serial, occurred_at, major, minor, received_at, time_text, time_source, class,
                              direction, door_no, reader_no, employee_no, guest_id, raw)
    OVERRIDING SYSTEM VALUE
    SELECT e + 1, e % {terminals} + 1, 1, e / {terminals} + 1, at, 5, minor, date_bin('30 seconds', at, '2001-01-01') + interval '31 seconds', text,
           'offset', CASE WHEN locks THEN 'door_state' WHEN minor = 9 THEN 'denied' ELSE 'granted' END,
           CASE WHEN locks THEN 'none' WHEN reader = 1 THEN 'entry' ELSE 'exit' END, 1, CASE WHEN locks THEN 0 ELSE reader END, person, guest,
           format('{{"major":5,"minor":%s,"time":"%s","netUser":"","remoteHostAddr":"0.0.0.0","cardNo":"","cardType":1,"name":"%s",'
                  '"reportChannel":1,"cardReaderKind":1,"cardReaderNo":%s,"doorNo":1,"verifyNo":%s,"alarmInNo":0,'
                  '"employeeNoString":"%s","deviceNo":1,"serialNo":%s,"userType":"normal","currentVerifyMode":"cardOrFace",'
                  '"attendanceStatus":"undefined","label":"","statusValue":0,"mask":"no","helmet":"unknown","picturesNumber":1,'
                  '"pictureURL":"http://192.0.2.7/LOCALS/pic/acsLinkCap/202609_00/%s_30075_0.jpeg@WEB000000000012"}}',
                  minor, text, coalesce('Person ' || person, ''), reader, e / {terminals} + 1, coalesce(person, ''), e / {terminals} + 1, e)::jsonb
      FROM (SELECT d * 10 * {n} + m AS e, at, locks, to_char(at AT TIME ZONE 'Asia/Almaty', 'YYYY-MM-DD"T"HH24:MI:SS') || '+05:00' AS text,
                   CASE WHEN visit IS NOT NULL THEN CASE WHEN comes THEN 1 ELSE 2 END ELSE m / 5 % 2 + 1 END AS reader,
                   CASE WHEN m % 5 = 1 THEN 21 WHEN m % 5 = 3 THEN 22 WHEN m % 400 = 2 THEN 9 ELSE 75 END AS minor,
                   CASE WHEN locks THEN NULL WHEN visit IS NOT NULL THEN (visit % {guests} + 1)::text
                        ELSE 'S' || ((d * 10 * {n} + m) * 7919 % 8500) END AS person,
                   visit % {guests} + 1 AS guest
              FROM (SELECT d, m, start + make_interval(secs => m::bigint * 43200 / (10 * {n})) AS at, m % 5 IN (1, 3) AS locks, comes,
                           CASE WHEN m % 5 = 0 AND a % 20 <> 7 THEN d * {n} + a END AS visit
                      FROM populate_day, generate_series(0, 10 * {n} - 1) AS m
                     CROSS JOIN LATERAL (SELECT m / 5 < {n} / 2 OR (m / 5 < {n} / 2 * 3 AND (m / 5 - {n} / 2) % 2 = 1) AS comes) w
                     CROSS JOIN LATERAL (SELECT CASE WHEN m / 5 < {n} / 2 THEN m / 5 WHEN m / 5 >= {n} / 2 * 3 THEN m / 5 - {n}
                                                     WHEN comes THEN {n} / 2 + (m / 5 - {n} / 2) / 2 ELSE (m / 5 - {n} / 2) / 2 END AS a) v
                     WHERE d >= {first} AND d < {last}) AS made) AS named
     ORDER BY e;)sql";

// The half of them is inside, since five seconds up to two hours; the other half is expected.
constexpr auto kToday = R"sql(
    INSERT INTO access_event (id, terminal_id, epoch, serial, occurred_at, major, minor, received_at, time_text, time_source, class,
                              direction, door_no, reader_no, employee_no, guest_id, raw)
    OVERRIDING SYSTEM VALUE
    SELECT {events} + k + 1, k % {terminals} + 1, 1, {events} / {terminals} + k / {terminals} + 1, at, 5, 75, at + interval '1 second',
           to_char(at AT TIME ZONE 'Asia/Almaty', 'YYYY-MM-DD"T"HH24:MI:SS') || '+05:00', 'offset', 'granted', 'entry', 1, 1,
           (({visits} + k) % {guests} + 1)::text, ({visits} + k) % {guests} + 1, '{{"major":5,"minor":75}}'
      FROM (SELECT k, date_trunc('second', '{now}'::timestamptz) - make_interval(secs => 5 + ({today} / 2 - k) * 7000 / ({today} / 2)) AS at
              FROM generate_series(0, {today} / 2 - 1) k) AS entries
     ORDER BY k;
    INSERT INTO visit (id, guest_id, host_id, department_id, site_id, expected_from, expected_until, status, checked_in_at, checked_in_how,
                       entry_count, registered_by, registered_at, version)
    OVERRIDING SYSTEM VALUE
    SELECT {visits} + k + 1, ({visits} + k) % {guests} + 1, k % 300 + 1, k % 300 % 24 + 1, 1, coalesce(e.occurred_at, '{now}') - interval '10 minutes',
           coalesce(e.occurred_at, '{now}') + interval '4 hours', CASE WHEN e.id IS NULL THEN 'AWAITING' ELSE 'CHECKED_IN' END, e.occurred_at,
           CASE WHEN e.id IS NOT NULL THEN 'door' END, (e.id IS NOT NULL)::integer, (SELECT id FROM account WHERE login = 'reception'),
           '{now}'::timestamptz - interval '1 day', CASE WHEN e.id IS NULL THEN 1 ELSE 2 END
      FROM generate_series(0, {today} - 1) k
      LEFT JOIN access_event e ON e.id = {events} + k + 1 AND e.occurred_at > '{now}'::timestamptz - interval '3 hours'
     ORDER BY k;
    UPDATE terminal t
       SET last_serial = e.last, event_count = e.count, last_event_at = e.at, cursor_at = e.at
      FROM (SELECT terminal_id, max(serial) AS last, max(serial) AS count, max(occurred_at) AS at
              FROM access_event WHERE occurred_at > '{now}'::timestamptz - interval '10 days' GROUP BY terminal_id) e
     WHERE t.id = e.terminal_id;)sql";

constexpr auto kIncidents = R"sql(
    INSERT INTO incident (id, type, severity, status, dedupe_key, site_id, terminal_id, guest_id, visit_id, summary, occurred_at, detected_at,
                          last_seen_at, assigned_to, ended_at, version)
    OVERRIDING SYSTEM VALUE
    SELECT i + 1, CASE WHEN of_guest THEN 'other' ELSE 'terminal_offline' END, CASE WHEN of_guest THEN 'low' ELSE 'high' END,
           CASE WHEN over THEN CASE WHEN i % 7 = 0 THEN 'false_alarm' ELSE 'resolved' END ELSE 'new' END,
           CASE WHEN of_guest THEN 'other/populate:' || i ELSE 'terminal_offline/populate:' || i END, 1,
           CASE WHEN NOT of_guest THEN i % {terminals} + 1 END, CASE WHEN of_guest THEN v.guest_id END, CASE WHEN of_guest THEN v.id END,
           CASE WHEN of_guest THEN 'The guest forgot an umbrella.' ELSE 'The terminal did not answer for 3 minutes.' END,
           v.expected_from, v.expected_from + interval '1 second', v.expected_from + interval '1 second',
           CASE WHEN over THEN (SELECT id FROM account WHERE login = 'guard') END,
           CASE WHEN over THEN v.expected_from + interval '1 hour' END, CASE WHEN over THEN 2 ELSE 1 END
      FROM generate_series(0, {visits} / 25 - 1) i
      JOIN visit v ON v.id = i * 25 + 1
     CROSS JOIN LATERAL (SELECT i % 4 <> 0 AS of_guest, i % 100 <> 0 AS over) k
     ORDER BY i;
    INSERT INTO incident_history (incident_id, at, status, what, account_id)
    SELECT id, detected_at, 'new', 'opened', NULL FROM incident
     UNION ALL
    SELECT id, ended_at, status, status, assigned_to FROM incident WHERE ended_at IS NOT NULL
     ORDER BY 2;
    INSERT INTO alert (id, kind, severity, incident_id, visit_id, summary, created_at)
    OVERRIDING SYSTEM VALUE
    SELECT id, 'incident_opened', severity, id, visit_id, summary, detected_at FROM incident ORDER BY id;
    INSERT INTO delivery (alert_id, channel, state, attempts, due_at, next_attempt_at, sent_at)
    SELECT id, 'log', 'sent', 1, created_at, created_at, created_at FROM alert ORDER BY id;)sql";

constexpr auto kAudit = R"sql(
    INSERT INTO audit (at, account_id, action, topic, entity_id, details)
    SELECT at, account_id, action, topic, entity_id, details
      FROM (SELECT registered_at AS at, registered_by AS account_id, 'create' AS action, 'visit' AS topic, id AS entity_id, 1 AS step,
                   '{{}}'::jsonb AS details
              FROM visit
             UNION ALL
            SELECT coalesce(checked_in_at, ended_at), (SELECT id FROM account WHERE login = 'system'), 'update', 'visit', id, 2,
                   jsonb_build_object('from', 'AWAITING', 'to', CASE WHEN checked_in_at IS NULL THEN status ELSE 'CHECKED_IN' END,
                                      'entries', entry_count, 'exits', 0)
              FROM visit WHERE version > 1
             UNION ALL
            SELECT checked_out_at, (SELECT id FROM account WHERE login = 'system'), 'update', 'visit', id, 3,
                   jsonb_build_object('from', 'CHECKED_IN', 'to', status, 'entries', entry_count, 'exits', exit_count)
              FROM visit WHERE version > 2
             UNION ALL
            SELECT at, account_id, CASE what WHEN 'opened' THEN 'create' ELSE 'update' END, 'incident', incident_id, 1, '{{}}'
              FROM incident_history) AS steps
     ORDER BY at, entity_id, step;)sql";

constexpr auto kChanges = R"sql(
    INSERT INTO change (at, topic, entity_id, version)
    SELECT at, topic, entity_id, version
      FROM (SELECT received_at AS at, 'event' AS topic, terminal_id AS entity_id, max(id) AS version
              FROM access_event GROUP BY received_at, terminal_id
             UNION ALL
            SELECT registered_at, 'visit', id, 1 FROM visit
             UNION ALL
            SELECT coalesce(checked_in_at, ended_at), 'visit', id, 2 FROM visit WHERE version > 1
             UNION ALL
            SELECT checked_out_at, 'visit', id, 3 FROM visit WHERE version > 2
             UNION ALL
            SELECT detected_at, 'incident', id, 1 FROM incident
             UNION ALL
            SELECT ended_at, 'incident', id, 2 FROM incident WHERE ended_at IS NOT NULL) AS changes
     ORDER BY at, topic, entity_id, version;)sql";

constexpr auto kEnd = R"sql(
    SELECT setval(pg_get_serial_sequence('access_event', 'id'), {events} + {today});
    SELECT setval(pg_get_serial_sequence('visit', 'id'), {visits} + {today});
    SELECT setval(pg_get_serial_sequence('incident', 'id'), greatest({visits} / 25, 1));
    SELECT setval(pg_get_serial_sequence('alert', 'id'), greatest({visits} / 25, 1));
    DROP TABLE populate_day;)sql";

constexpr std::pair<const char*, const char*> kFast[] = {
    {"fsync", "off"}, {"full_page_writes", "off"}, {"synchronous_commit", "off"}, {"max_wal_size", "'8GB'"}};

class Populate {
 public:
  Populate(const db::ConnectionOptions& options, const Population& size, Instant now)
      : options_(options), size_(size), now_(to_iso(now)) {
    options_.statement_deadline = std::chrono::milliseconds{0};
  }

  void run(const char* sql, int first = 0, int last = 0) const {
    const auto text = fmt::format(fmt::runtime(sql), fmt::arg("now", now_), fmt::arg("days", size_.days),
                                  fmt::arg("n", size_.visits_a_day), fmt::arg("visits", size_.visits()),
                                  fmt::arg("events", size_.events()), fmt::arg("guests", size_.guests()),
                                  fmt::arg("terminals", size_.terminals), fmt::arg("today", size_.today),
                                  fmt::arg("first", first), fmt::arg("last", last));
    db::Connection{options_}.script(text);
  }
  void script(const std::string& sql) const { db::Connection{options_}.script(sql); }

  /// On as many connections as there are cores on a small machine.
  void events() const {
    constexpr int kParts = 2;
    std::vector<std::future<void>> parts;
    for (int part = 0; part < kParts; ++part)
      parts.push_back(std::async(std::launch::async, [this, part] {
        // A month at a time, so that no sort is larger than memory.
        constexpr int kStep = 21;
        const int begin = size_.days * part / kParts, end = size_.days * (part + 1) / kParts;
        for (int first = begin; first < end; first += kStep) run(kEvents, first, std::min(first + kStep, end));
      }));
    for (auto& part : parts) part.get();
  }

 private:
  db::ConnectionOptions options_;
  Population size_;
  std::string now_;
};

}  // namespace

void populate(const db::ConnectionOptions& options, const Population& size, Instant now,
              const std::function<void(const std::string&)>& say) {
  const Populate all{options, size, now};
  // Each command by itself: ALTER SYSTEM does not run within a transaction.
  for (const auto& [name, value] : kFast) all.script(fmt::format("ALTER SYSTEM SET {} = {}", name, value));
  all.script("SELECT pg_reload_conf()");
  say(fmt::format("{} guests", size.guests()));
  all.run(kBegin);
  say(fmt::format("{} visits", size.visits()));
  all.run(kVisits);
  if (size.traces) {
    say(fmt::format("{} events", size.events()));
    all.events();
  }
  all.run(kToday);
  if (size.traces) {
    say("incidents, audit and change rows");
    all.run(kIncidents);
    all.run(kAudit);
    all.run(kChanges);
  }
  all.run(kEnd);
  for (const auto& [name, value] : kFast) all.script(fmt::format("ALTER SYSTEM RESET {}", name));
  all.script("SELECT pg_reload_conf()");
  say("vacuum, analyze and checkpoint");
  all.script("VACUUM ANALYZE");
  all.script("CHECKPOINT");
}

}  // namespace visitor::bench
