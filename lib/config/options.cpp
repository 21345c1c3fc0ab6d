#include "config/options.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "config/choices.hpp"
#include "config/values.hpp"
#include "core/text.hpp"

namespace visitor::config {
namespace {

constexpr std::array<std::string_view, 6> kLevels{"trace", "debug", "info", "warning", "error", "off"};
constexpr std::array<std::string_view, 4> kFormats{"auto", "plain", "json", "journal"};
constexpr std::array<std::string_view, 2> kLockModes{"warn", "refuse"};
constexpr std::array<std::string_view, 3> kMailSecurity{"starttls", "tls", "none"};

std::string wrong_address(const std::string& text) {
  const auto channel = std::string_view{text}.substr(0, text.find(':'));
  const bool known = std::find(kChannels.begin(), kChannels.end(), channel) != kChannels.end();
  if (known && (channel == "log") == (text.size() == channel.size()) && text.size() != channel.size() + 1) return "";
  return "must be a channel, a colon and a recipient, as in \"email:ops@example.org\", or \"log\"";
}

constexpr std::span<const std::string_view> kNone{};

/// How bad an incident of the rule with that number in kIncidentTypes is.
template <std::size_t number>
constexpr Option severity_of(std::string_view key, std::string_view fallback) {
  return {key,
          Kind::choice,
          fallback,
          "",
          "",
          kSeverities,
          true,
          "",
          "How bad its incidents are: low, medium, high or critical.",
          [](Settings& s) -> Target { return &s.rules.severity[number]; }};
}

// clang-format off
constexpr std::array kOptions{
    Option{"state.directory", Kind::path, "", "", "", kNone, false, "/var/lib/visitor",
           "Where state lives. Default: /var/lib/visitor for root, otherwise $XDG_STATE_HOME/visitor.",
           [](Settings& s) -> Target { return &s.state_directory; }},

    Option{"database.url", Kind::secret, "", "", "", kNone, false,
           "postgresql://visitor@db.example.org/visitor?sslmode=verify-full",
           "Any libpq connection string. Default: a private PostgreSQL that is started on demand.",
           [](Settings& s) -> Target { return &s.database.url; }},
    Option{"database.url_file", Kind::path, "", "", "", kNone, false, "database.url",
           "A file, readable by its owner only, whose first line is the connection string.",
           [](Settings& s) -> Target { return &s.database.url_file; }},
    Option{"database.directory", Kind::path, "", "", "", kNone, false, "/var/lib/visitor/postgres",
           "Of the private PostgreSQL. Default: postgres in the state directory.",
           [](Settings& s) -> Target { return &s.database.directory; }},
    Option{"database.pool_size", Kind::integer, "8", "2", "200", kNone, false, "",
           "Connections that one program opens at most.",
           [](Settings& s) -> Target { return &s.database.pool_size; }},
    Option{"database.pool_wait", Kind::span, "5s", "10ms", "5m", kNone, false, "",
           "How long to wait for a free connection.",
           [](Settings& s) -> Target { return &s.database.pool_wait; }},
    Option{"database.statement_timeout", Kind::span, "30s", "100ms", "1h", kNone, false, "",
           "A statement that takes longer is cancelled.",
           [](Settings& s) -> Target { return &s.database.statement_timeout; }},

    Option{"secrets.key_file", Kind::path, "", "", "", kNone, false, "/var/lib/visitor/master.key",
           "The master key, made on the first start. Keep a copy elsewhere. Default: master.key in the state directory.",
           [](Settings& s) -> Target { return &s.secrets.key_file; }},

    Option{"http.address", Kind::address, "127.0.0.1", "", "", kNone, false, "",
           "The IP address that visitord listens on.",
           [](Settings& s) -> Target { return &s.http.address; }},
    Option{"http.port", Kind::integer, "8480", "0", "65535", kNone, false, "",
           "The TCP port; 0 lets the system choose.",
           [](Settings& s) -> Target { return &s.http.port; }},
    Option{"http.max_connections", Kind::integer, "1024", "1", "100000", kNone, false, "",
           "Where there are as many, a new one takes the place of the one that has waited longest for its client; "
           "where none waits, it is answered with 503 and closed.",
           [](Settings& s) -> Target { return &s.http.max_connections; }},
    Option{"http.request_timeout", Kind::span, "10s", "100ms", "10m", kNone, false, "",
           "A request must have arrived, and an answer must have been taken, within this time.",
           [](Settings& s) -> Target { return &s.http.request_timeout; }},
    Option{"http.idle_timeout", Kind::span, "60s", "100ms", "1h", kNone, false, "",
           "How long a connection may rest between two requests.",
           [](Settings& s) -> Target { return &s.http.idle_timeout; }},
    Option{"http.body_limit", Kind::size, "1MiB", "1KiB", "1GiB", kNone, false, "",
           "Larger request bodies are refused with 413.",
           [](Settings& s) -> Target { return &s.http.body_limit; }},
    Option{"http.certificate_file", Kind::path, "", "", "", kNone, false, "/etc/visitor/visitord.pem",
           "PEM of the certificate, and of those between it and its authority. With it visitord speaks TLS 1.2 or 1.3 and "
           "nothing else. SIGHUP reads the file again.",
           [](Settings& s) -> Target { return &s.http.certificate_file; }},
    Option{"http.private_key_file", Kind::path, "", "", "", kNone, false, "/etc/visitor/visitord.key",
           "PEM of the key of the certificate, readable by its owner only. SIGHUP reads the file again.",
           [](Settings& s) -> Target { return &s.http.private_key_file; }},
    Option{"http.trusted_proxies", Kind::texts, "", "", "", kNone, true, "127.0.0.1",
           "Addresses or networks of proxies that say in X-Forwarded-For whom a request comes from. Nobody else is "
           "believed.",
           [](Settings& s) -> Target { return &s.http.trusted_proxies; }, wrong_network},

    Option{"api.key_limit", Kind::integer, "1200", "1", "1000000", kNone, false, "",
           "Requests a minute that a session or an API key may make.",
           [](Settings& s) -> Target { return &s.api.key_limit; }},
    Option{"api.address_limit", Kind::integer, "6000", "1", "1000000", kNone, false, "",
           "Requests a minute that an address may make, with whatever keys.",
           [](Settings& s) -> Target { return &s.api.address_limit; }},
    Option{"api.origins", Kind::texts, "", "", "", kNone, true, "https://intranet.example.org",
           "Origins whose pages may use the API in a browser (CORS).",
           [](Settings& s) -> Target { return &s.api.origins; }, wrong_origin},
    Option{"api.locks", Kind::choice, "warn", "", "", kLockModes, true, "",
           "What becomes of a write to what somebody else is editing: warn, which says so, or refuse.",
           [](Settings& s) -> Target { return &s.api.locks; }},
    Option{"api.lock_lease", Kind::span, "2m", "10s", "1h", kNone, true, "",
           "How long somebody who edits may stay silent before others may edit.",
           [](Settings& s) -> Target { return &s.api.lock_lease; }},

    Option{"polling.interval", Kind::span, "2s", "100ms", "1h", kNone, true, "",
           "How often a terminal is asked, where it has no interval of its own.",
           [](Settings& s) -> Target { return &s.polling.interval; }},
    Option{"polling.connect_timeout", Kind::span, "3s", "50ms", "1m", kNone, true, "",
           "How long a terminal may take to accept a connection.",
           [](Settings& s) -> Target { return &s.polling.connect_timeout; }},
    Option{"polling.request_timeout", Kind::span, "10s", "100ms", "5m", kNone, true, "",
           "How long a terminal may take to answer.",
           [](Settings& s) -> Target { return &s.polling.request_timeout; }},
    Option{"polling.overlap", Kind::span, "5m", "0s", "7d", kNone, true, "",
           "Device time that is asked for again at each poll, for events that come late.",
           [](Settings& s) -> Target { return &s.polling.overlap; }},
    Option{"polling.lease", Kind::span, "10s", "2s", "10m", kNone, true, "",
           "A terminal moves to another visitord this long after the last sign of life of its own.",
           [](Settings& s) -> Target { return &s.polling.lease; }},
    Option{"polling.backoff_max", Kind::span, "1m", "1s", "1h", kNone, true, "",
           "The longest pause between two tries at a terminal that does not answer.",
           [](Settings& s) -> Target { return &s.polling.backoff_max; }},

    Option{"visits.reentry_grace", Kind::span, "15m", "0s", "24h", kNone, true, "",
           "A guest who comes back within this time continues the visit.",
           [](Settings& s) -> Target { return &s.visits.reentry_grace; }},
    Option{"visits.early_arrival", Kind::span, "1h", "0s", "7d", kNone, true, "",
           "How long before the expected time an entry counts as the guest's arrival.",
           [](Settings& s) -> Target { return &s.visits.early_arrival; }},
    Option{"visits.presumed_left_after", Kind::span, "12h", "1m", "30d", kNone, true, "",
           "A visit that nobody ended is closed as presumed left this long after the entry.",
           [](Settings& s) -> Target { return &s.visits.presumed_left_after; }},

    Option{"rules.off", Kind::choices, "", "", "", kIncidentTypes, true, "",
           "Incident types that are switched off.",
           [](Settings& s) -> Target { return &s.rules.off; }},
    Option{"rules.live_window", Kind::span, "5m", "1s", "24h", kNone, true, "",
           "An event that arrives later than this after it happened raises no live alert.",
           [](Settings& s) -> Target { return &s.rules.live_window; }},
    Option{"rules.long_stay", Kind::span, "8h", "1m", "30d", kNone, true, "",
           "In the building for longer than this is an incident.",
           [](Settings& s) -> Target { return &s.rules.long_stay; }},
    Option{"rules.overstay", Kind::span, "30m", "0s", "7d", kNone, true, "",
           "In the building for longer than this after the visit was to end is an incident.",
           [](Settings& s) -> Target { return &s.rules.overstay; }},
    Option{"rules.day_begins", Kind::clock_time, "06:00", "00:00", "23:59", kNone, true, "",
           "An entry before this time of the site's day is an incident.",
           [](Settings& s) -> Target { return &s.rules.day_begins; }},
    Option{"rules.day_ends", Kind::clock_time, "22:00", "00:01", "24:00", kNone, true, "",
           "An entry from this time of the site's day on is an incident.",
           [](Settings& s) -> Target { return &s.rules.day_ends; }},
    Option{"rules.failed_access_count", Kind::integer, "3", "1", "1000", kNone, true, "",
           "So many refused attempts of one person, card or door are an incident.",
           [](Settings& s) -> Target { return &s.rules.failed_access_count; }},
    Option{"rules.failed_access_window", Kind::span, "5m", "1s", "24h", kNone, true, "",
           "The time within which they are counted.",
           [](Settings& s) -> Target { return &s.rules.failed_access_window; }},
    Option{"rules.exit_entry_count", Kind::integer, "4", "2", "1000", kNone, true, "",
           "So many changes of direction of one guest are an incident.",
           [](Settings& s) -> Target { return &s.rules.exit_entry_count; }},
    Option{"rules.exit_entry_window", Kind::span, "30m", "1s", "24h", kNone, true, "",
           "The time within which they are counted.",
           [](Settings& s) -> Target { return &s.rules.exit_entry_window; }},
    Option{"rules.terminal_offline", Kind::span, "2m", "5s", "24h", kNone, true, "",
           "A terminal without a good answer for this long is an incident.",
           [](Settings& s) -> Target { return &s.rules.terminal_offline; }},
    Option{"rules.clock_drift", Kind::span, "30s", "1s", "24h", kNone, true, "",
           "A terminal whose clock is off by more than this is an incident.",
           [](Settings& s) -> Target { return &s.rules.clock_drift; }},
    Option{"rules.capacity", Kind::integer, "0", "0", "9999", kNone, true, "",
           "More guests than this in one site's building are an incident; 0 for any number.",
           [](Settings& s) -> Target { return &s.rules.capacity; }},
    severity_of<0>("rules.exit_without_entry_severity", "high"),
    severity_of<1>("rules.long_stay_severity", "medium"),
    severity_of<2>("rules.overstay_severity", "low"),
    severity_of<3>("rules.suspicious_time_severity", "medium"),
    severity_of<4>("rules.multiple_failed_access_severity", "high"),
    severity_of<5>("rules.repeated_exit_entry_severity", "medium"),
    severity_of<6>("rules.entry_without_visit_severity", "high"),
    severity_of<7>("rules.blocked_guest_severity", "critical"),
    severity_of<8>("rules.duress_severity", "critical"),
    severity_of<9>("rules.door_forced_severity", "high"),
    severity_of<10>("rules.door_held_severity", "medium"),
    severity_of<11>("rules.tamper_severity", "critical"),
    severity_of<12>("rules.terminal_offline_severity", "high"),
    severity_of<13>("rules.event_gap_severity", "medium"),
    severity_of<14>("rules.clock_drift_severity", "low"),
    severity_of<15>("rules.capacity_severity", "high"),
    Option{"rules.interval", Kind::span, "5s", "100ms", "10m", kNone, true, "",
           "How often the rules that look at the clock run.",
           [](Settings& s) -> Target { return &s.rules.interval; }},

    Option{"alerts.link_base", Kind::text, "", "", "", kNone, true, "https://visitor.example.org",
           "What the links in messages begin with. Without it messages have none.",
           [](Settings& s) -> Target { return &s.alerts.link_base; }, wrong_web_address},
    Option{"alerts.tell_hosts", Kind::flag, "true", "", "", kNone, true, "",
           "Hosts are told, once each, that a guest of theirs has come, has left or did not come.",
           [](Settings& s) -> Target { return &s.alerts.tell_hosts; }},
    Option{"alerts.host_language", Kind::choice, "en", "", "", kLanguages, true, "",
           "The language in which hosts are told: en or ru.",
           [](Settings& s) -> Target { return &s.alerts.host_language; }},
    Option{"alerts.no_show_at", Kind::clock_time, "08:00", "00:00", "23:59", kNone, true, "",
           "The time of the site's day at which hosts learn who did not come the day before.",
           [](Settings& s) -> Target { return &s.alerts.no_show_at; }},
    Option{"alerts.storm_limit", Kind::integer, "10", "1", "1000", kNone, true, "",
           "From so many messages a minute to one place on, one summary tells the rest.",
           [](Settings& s) -> Target { return &s.alerts.storm_limit; }},
    Option{"alerts.storm_interval", Kind::span, "1m", "10s", "1h", kNone, true, "",
           "How often that summary is brought up to date.",
           [](Settings& s) -> Target { return &s.alerts.storm_interval; }},
    Option{"alerts.daily_summary_at", Kind::clock_time, "18:00", "00:00", "23:59", kNone, true, "",
           "When the daily summary goes to the routes of that kind.",
           [](Settings& s) -> Target { return &s.alerts.daily_summary_at; }},
    Option{"alerts.weekly_report_day", Kind::choice, "monday", "", "", kWeekdays, true, "",
           "The day on which the incident report of the week before goes to the routes of that kind.",
           [](Settings& s) -> Target { return &s.alerts.weekly_report_day; }},
    Option{"alerts.weekly_report_at", Kind::clock_time, "09:00", "00:00", "23:59", kNone, true, "",
           "And when.",
           [](Settings& s) -> Target { return &s.alerts.weekly_report_at; }},

    Option{"changes.keep", Kind::span, "7d", "1h", "365d", kNone, true, "",
           "How long a change stays in the feed, for those who go away and resume.",
           [](Settings& s) -> Target { return &s.changes.keep; }},

    Option{"auth.hash_memory", Kind::size, "64MiB", "8MiB", "1GiB", kNone, false, "",
           "Memory that hashing a password takes (Argon2id). Passwords are hashed anew at the next log-in.",
           [](Settings& s) -> Target { return &s.auth.hash_memory; }},
    Option{"auth.hash_passes", Kind::integer, "3", "1", "20", kNone, false, "",
           "How often hashing a password goes over that memory.",
           [](Settings& s) -> Target { return &s.auth.hash_passes; }},
    Option{"auth.hashes_at_once", Kind::integer, "4", "1", "64", kNone, false, "",
           "How many passwords are hashed at a time; others wait, so that memory is bounded.",
           [](Settings& s) -> Target { return &s.auth.hashes_at_once; }},

    Option{"sessions.access", Kind::span, "30m", "1m", "24h", kNone, true, "",
           "How long an access token is good; a program then shows its refresh token.",
           [](Settings& s) -> Target { return &s.sessions.access; }},
    Option{"sessions.refresh", Kind::span, "7d", "5m", "90d", kNone, true, "",
           "How long a refresh token is good: a session that nobody uses ends after this time.",
           [](Settings& s) -> Target { return &s.sessions.refresh; }},
    Option{"sessions.absolute", Kind::span, "30d", "5m", "365d", kNone, true, "",
           "How long after the log-in a session ends in any case.",
           [](Settings& s) -> Target { return &s.sessions.absolute; }},
    Option{"sessions.step_up", Kind::span, "5m", "30s", "1h", kNone, true, "",
           "How long a code counts as fresh for what asks for one: giving roles, unlocking, restoring, settling in bulk.",
           [](Settings& s) -> Target { return &s.sessions.step_up; }},

    Option{"alerts.give_up_after", Kind::span, "1d", "1m", "30d", kNone, true, "",
           "An alert that its channel has not taken this long after it was due is given up.",
           [](Settings& s) -> Target { return &s.alerts.give_up_after; }},
    Option{"alerts.canary_interval", Kind::span, "0s", "0s", "7d", kNone, true, "",
           "How often a test message goes to each of canary_to, to see that its channel works; 0s: never.",
           [](Settings& s) -> Target { return &s.alerts.canary_interval; }},
    Option{"alerts.canary_to", Kind::texts, "", "", "", kNone, true, "email:ops@example.org",
           "Where canaries go: a channel and, after a colon, its recipient; only 'log' has none.",
           [](Settings& s) -> Target { return &s.alerts.canary_to; }, wrong_address},

    Option{"email.server", Kind::text, "", "", "", kNone, true, "smtp.example.org",
           "The mail server that takes alerts by e-mail. Without one none goes out.",
           [](Settings& s) -> Target { return &s.email.server; }, wrong_host},
    Option{"email.port", Kind::integer, "0", "0", "65535", kNone, true, "",
           "Its TCP port; 0 for the usual one: 587 with starttls, 465 with tls, 25 with none.",
           [](Settings& s) -> Target { return &s.email.port; }},
    Option{"email.tls", Kind::choice, "starttls", "", "", kMailSecurity, true, "",
           "starttls and tls send nothing before the server has shown a good certificate; none encrypts nothing.",
           [](Settings& s) -> Target { return &s.email.tls; }},
    Option{"email.ca_file", Kind::path, "", "", "", kNone, true, "/etc/visitor/mail-ca.pem",
           "The authorities, in PEM, that may have signed the certificate. Default: those of the system.",
           [](Settings& s) -> Target { return &s.email.ca_file; }},
    Option{"email.from", Kind::text, "", "", "", kNone, true, "visitor@example.org",
           "The address that alerts come from, and where the mail server returns what it cannot deliver.",
           [](Settings& s) -> Target { return &s.email.from; }, wrong_mail_address},
    Option{"email.from_name", Kind::text, "Visitor", "", "", kNone, true, "",
           "The name beside that address.",
           [](Settings& s) -> Target { return &s.email.from_name; }},
    Option{"email.user", Kind::text, "", "", "", kNone, true, "visitor",
           "The name to log in with. Without one there is no login.",
           [](Settings& s) -> Target { return &s.email.user; }},
    Option{"email.password_file", Kind::secret_file, "", "", "", kNone, true, "mail.password",
           "A file, readable by its owner only, whose first line is the password.",
           [](Settings& s) -> Target { return &s.email.password; }},
    Option{"email.list_id", Kind::text, "", "", "", kNone, true, "alerts.visitor.example.org",
           "The List-Id of every message, by which mail programs sort. Default: visitor-alerts at the domain of from.",
           [](Settings& s) -> Target { return &s.email.list_id; }, wrong_host},
    Option{"email.timeout", Kind::span, "30s", "1s", "50s", kNone, true, "",
           "A message that the server has not taken within this time is tried again later.",
           [](Settings& s) -> Target { return &s.email.timeout; }},

    Option{"telegram.token_file", Kind::secret_file, "", "", "", kNone, true, "telegram.token",
           "A file, readable by its owner only, whose first line is the token of the bot. Without one nothing goes out.",
           [](Settings& s) -> Target { return &s.telegram.token; }},
    Option{"telegram.base_url", Kind::text, "https://api.telegram.org", "", "", kNone, true, "",
           "Where the Bot API is: Telegram's, or a Bot API server of your own.",
           [](Settings& s) -> Target { return &s.telegram.base_url; }, wrong_web_address},
    Option{"telegram.chats", Kind::texts, "", "", "", kNone, true, "-1001234567890",
           "The ids of the chats that have buttons and commands. visitord logs the ids of others that write to the bot.",
           [](Settings& s) -> Target { return &s.telegram.chats; }, wrong_chat},
    Option{"telegram.people", Kind::texts, "", "", "", kNone, true, "123456789",
           "The user ids of those who may press buttons and acknowledge there.",
           [](Settings& s) -> Target { return &s.telegram.people; }, wrong_telegram_person},
    Option{"telegram.language", Kind::choice, "en", "", "", kLanguages, true, "",
           "What the bot answers commands and presses in, in chats that no [[recipient]] has: en or ru.",
           [](Settings& s) -> Target { return &s.telegram.language; }},
    Option{"telegram.webhook_url", Kind::text, "", "", "", kNone, false, "https://visitor.example.org/telegram",
           "Where Telegram reaches visitord, instead of being asked for what people press: its path is added to the "
           "web server.",
           [](Settings& s) -> Target { return &s.telegram.webhook_url; }, wrong_web_address},

    Option{"backup.targets", Kind::texts, "", "", "", kNone, true, "file:///var/backups/visitor",
           "Where backups go, each to all of them. Without one none is made.",
           [](Settings& s) -> Target { return &s.backup.targets; }, wrong_backup_target},
    Option{"backup.recipients", Kind::texts, "", "", "", kNone, true,
           "vbk-50d858e0985ecc7f60418aaf0cc5ab587f42c2570a884095a9e8ccacd0f6545ca7122a2e",
           "The public keys, of 'visitorctl backup key create', whose owners can read the backups.",
           [](Settings& s) -> Target { return &s.backup.recipients; }, wrong_backup_key},
    Option{"backup.scheduled", Kind::flag, "true", "", "", kNone, true, "",
           "visitord makes the backup of the night; false leaves that to visitor-backup.timer or cron.",
           [](Settings& s) -> Target { return &s.backup.scheduled; }},
    Option{"backup.schedule", Kind::clock_time, "03:00", "00:00", "23:59", kNone, true, "",
           "From this time of the day on, the backup of the day is due.",
           [](Settings& s) -> Target { return &s.backup.schedule; }},
    Option{"backup.time_zone", Kind::text, "", "", "", kNone, true, "Asia/Almaty",
           "Of the schedule, and of the days, weeks, months and years that are kept. Default: that of the first site.",
           [](Settings& s) -> Target { return &s.backup.time_zone; }, wrong_time_zone},
    Option{"backup.keep_last", Kind::integer, "3", "0", "10000", kNone, true, "",
           "Keep so many of the newest backups.",
           [](Settings& s) -> Target { return &s.backup.keep_last; }},
    Option{"backup.keep_hourly", Kind::integer, "0", "0", "10000", kNone, true, "",
           "Keep the newest backup of each of the last so many hours that have one.",
           [](Settings& s) -> Target { return &s.backup.keep_hourly; }},
    Option{"backup.keep_daily", Kind::integer, "14", "0", "10000", kNone, true, "",
           "The same for days.",
           [](Settings& s) -> Target { return &s.backup.keep_daily; }},
    Option{"backup.keep_weekly", Kind::integer, "8", "0", "10000", kNone, true, "",
           "The same for weeks, which begin on Monday.",
           [](Settings& s) -> Target { return &s.backup.keep_weekly; }},
    Option{"backup.keep_monthly", Kind::integer, "12", "0", "10000", kNone, true, "",
           "The same for months.",
           [](Settings& s) -> Target { return &s.backup.keep_monthly; }},
    Option{"backup.keep_yearly", Kind::integer, "0", "0", "10000", kNone, true, "",
           "The same for years.",
           [](Settings& s) -> Target { return &s.backup.keep_yearly; }},
    Option{"backup.keep_within", Kind::text, "", "", "", kNone, true, "14d",
           "Keep all backups within this span before the newest: years, months, days and hours as in 1y6m14d12h.",
           [](Settings& s) -> Target { return &s.backup.keep_within; }, wrong_calendar_span},
    Option{"backup.keep_within_hourly", Kind::text, "", "", "", kNone, true, "2d",
           "Within this span before the newest backup, keep the newest of every hour.",
           [](Settings& s) -> Target { return &s.backup.keep_within_hourly; }, wrong_calendar_span},
    Option{"backup.keep_within_daily", Kind::text, "", "", "", kNone, true, "1m",
           "Within this span before the newest backup, keep the newest of every day.",
           [](Settings& s) -> Target { return &s.backup.keep_within_daily; }, wrong_calendar_span},
    Option{"backup.keep_within_weekly", Kind::text, "", "", "", kNone, true, "3m",
           "Within this span before the newest backup, keep the newest of every week.",
           [](Settings& s) -> Target { return &s.backup.keep_within_weekly; }, wrong_calendar_span},
    Option{"backup.keep_within_monthly", Kind::text, "", "", "", kNone, true, "2y",
           "Within this span before the newest backup, keep the newest of every month.",
           [](Settings& s) -> Target { return &s.backup.keep_within_monthly; }, wrong_calendar_span},
    Option{"backup.keep_within_yearly", Kind::text, "", "", "", kNone, true, "10y",
           "Within this span before the newest backup, keep the newest of every year.",
           [](Settings& s) -> Target { return &s.backup.keep_within_yearly; }, wrong_calendar_span},
    Option{"backup.min_verified", Kind::integer, "1", "1", "1000", kNone, true, "",
           "So many verified backups, the newest, are kept whatever the rest says.",
           [](Settings& s) -> Target { return &s.backup.min_verified; }},
    Option{"backup.max_age", Kind::span, "26h", "1h", "366d", kNone, true, "",
           "No good backup for this long is critical, and an alert.",
           [](Settings& s) -> Target { return &s.backup.max_age; }},
    Option{"backup.verify_within", Kind::span, "8d", "1h", "366d", kNone, true, "",
           "That no backup was verified for this long is a warning, and an alert.",
           [](Settings& s) -> Target { return &s.backup.verify_within; }},
    Option{"backup.restore_within", Kind::span, "35d", "1h", "366d", kNone, true, "",
           "That no backup was restored, for a trial or in earnest, for this long is a warning, and an alert.",
           [](Settings& s) -> Target { return &s.backup.restore_within; }},
    Option{"backup.prove_within", Kind::span, "100d", "1h", "366d", kNone, true, "",
           "That a recipient has not proven for this long that he can read backups is a warning, and an alert.",
           [](Settings& s) -> Target { return &s.backup.prove_within; }},
    Option{"backup.ping_url_file", Kind::secret_file, "", "", "", kNone, true, "backup-ping.url",
           "A file, readable by its owner only, whose first line is the address of a dead man's switch such as healthchecks.io.",
           [](Settings& s) -> Target { return &s.backup.ping_url; }},
    Option{"backup.ping_timeout", Kind::span, "5s", "100ms", "30s", kNone, true, "",
           "How long it may take to answer. A backup never fails because of it.",
           [](Settings& s) -> Target { return &s.backup.ping_timeout; }},

    Option{"backup.wal.directory", Kind::path, "", "", "", kNone, false, "/var/backups/visitor-wal",
           "A folder, best on another disk, where visitord archives the write-ahead log of the embedded database, "
           "with a base backup now and then. Without it nothing is archived.",
           [](Settings& s) -> Target { return &s.backup.wal.directory; }},
    Option{"backup.wal.keep", Kind::span, "14d", "1h", "366d", kNone, true, "",
           "Every moment of this last while can be restored.",
           [](Settings& s) -> Target { return &s.backup.wal.keep; }},
    Option{"backup.wal.base_every", Kind::span, "7d", "1h", "90d", kNone, true, "",
           "A base backup is made this often; a restore reads one, and the log that was written since.",
           [](Settings& s) -> Target { return &s.backup.wal.base_every; }},
    Option{"backup.wal.max_loss", Kind::span, "5m", "1s", "24h", kNone, true, "",
           "What was written at most this long ago may be missing in the archive.",
           [](Settings& s) -> Target { return &s.backup.wal.max_loss; }},
    Option{"backup.wal.max_behind", Kind::size, "4GiB", "128MiB", "1024GiB", kNone, false, "",
           "So much of the log waits on the disk of the database where it cannot be archived. What would be more is "
           "given up, so that the database goes on: then a new base backup begins a new archive.",
           [](Settings& s) -> Target { return &s.backup.wal.max_behind; }},
    Option{"backup.wal.warn_free", Kind::integer, "20", "1", "90", kNone, true, "",
           "Less than so many percent of the disk of the archive free is a warning and an alert, less than a quarter "
           "of that is critical.",
           [](Settings& s) -> Target { return &s.backup.wal.warn_free; }},

    Option{"audit.checkpoint_to", Kind::texts, "", "", "", kNone, true, "s3://visitor-audit/gate",
           "Where signed checkpoints of the audit go: file:///, s3:// or a https:// address that takes a POST.",
           [](Settings& s) -> Target { return &s.audit.checkpoint_to; }, wrong_audit_place},
    Option{"audit.checkpoint_interval", Kind::span, "15m", "10s", "1d", kNone, true, "",
           "How often the end of the audit is signed, where it has grown.",
           [](Settings& s) -> Target { return &s.audit.checkpoint_interval; }},
    Option{"audit.keep_days", Kind::integer, "0", "0", "36500", kNone, true, "",
           "Audit rows older than this are deleted, up to a checkpoint; 0: none ever is.",
           [](Settings& s) -> Target { return &s.audit.keep_days; }},

    Option{"log.level", Kind::choice, "info", "", "", kLevels, true, "",
           "The least important messages that are written: trace, debug, info, warning, error or off.",
           [](Settings& s) -> Target { return &s.log.level; }},
    Option{"log.format", Kind::choice, "auto", "", "", kFormats, false, "",
           "plain, json (one object a line), journal, or auto: journal under systemd, otherwise plain.",
           [](Settings& s) -> Target { return &s.log.format; }},
};

constexpr std::array kTables{
    Table{"state", "The files that visitor keeps for itself."},
    Table{"database", "PostgreSQL 15 or later."},
    Table{"secrets", "What seals the terminals' passwords and the guests' document numbers."},
    Table{"http", "The web server of visitord."},
    Table{"api", "The REST API below /api/v1/."},
    Table{"polling", "How terminals are asked for events."},
    Table{"visits", "How passages at the doors become visits."},
    Table{"rules", "What becomes an incident. Times of day are the site's."},
    Table{"alerts", "What people are told, and how it leaves."},
    Table{"changes", "The feed of changes, which 'visitorctl watch' and the dashboards follow."},
    Table{"auth", "What passwords cost those who guess them."},
    Table{"sessions", "How long people stay logged in."},
    Table{"email", "Alerts by e-mail."},
    Table{"telegram", "Alerts by a Telegram bot, its buttons and commands."},
    Table{"backup", "Backups: where they go, how long they stay, and who hears of it."},
    Table{"backup.wal", "Point in time: the embedded database as it was at any moment."},
    Table{"audit", "The record of who did what: where its checkpoints go, and how long it stays."},
    Table{"log", "What visitord writes, to standard error or the journal."},
};
// clang-format on

}  // namespace

std::string_view meaning(Kind kind) {
  switch (kind) {
    case Kind::text:
      return "text";
    case Kind::address:
      return "an IP address";
    case Kind::path:
      return "a path";
    case Kind::secret:
      return "text (secret)";
    case Kind::integer:
      return "a whole number";
    case Kind::size:
      return "a number of bytes";
    case Kind::span:
      return "a span of time";
    case Kind::clock_time:
      return "a time of day";
    case Kind::choice:
      return "one of a list of words";
    case Kind::choices:
      return "a list of words";
    case Kind::flag:
      return "true or false";
    case Kind::texts:
      return "a list of texts";
    case Kind::secret_file:
      return "a path of a secret";
  }
  return "";
}

std::span<const Option> options() {
  return kOptions;
}

const Option* find_option(std::string_view key) {
  for (const auto& option : kOptions)
    if (option.key == key) return &option;
  return nullptr;
}

std::span<const Table> tables() {
  return kTables;
}

std::string entry_name(const List& list, const Settings& settings, std::size_t entry) {
  return value_text(list.options.front(), settings, entry);
}

std::string value_text(const Option& option, const Settings& settings, std::size_t entry) {
  // Targets are for writing, too; nothing is written here.
  const auto target = option.member(const_cast<Settings&>(settings), entry);
  return std::visit(
      [&](const auto* member) -> std::string {
        using T = std::remove_cvref_t<decltype(*member)>;
        if constexpr (std::is_same_v<T, std::filesystem::path>)
          return member->string();
        else if constexpr (std::is_same_v<T, Secret>)
          return member->empty() ? "" : "***";
        else if constexpr (std::is_same_v<T, SecretFile>)
          return member->path.string();
        else if constexpr (std::is_same_v<T, bool>)
          return *member ? "true" : "false";
        else if constexpr (std::is_same_v<T, std::string>)
          return *member;
        else if constexpr (std::is_same_v<T, std::vector<std::string>>)
          return fmt::format("{}", fmt::join(*member, ", "));
        else if constexpr (std::is_same_v<T, std::size_t>)
          return size_text(*member);
        else if constexpr (std::is_integral_v<T>)
          return std::to_string(*member);
        else if (option.kind == Kind::clock_time)
          return clock_text(std::chrono::duration_cast<std::chrono::minutes>(*member));
        else
          return span_text(*member);
      },
      target);
}

std::string value_toml(const Option& option, const Settings& settings, std::size_t entry) {
  if (option.kind == Kind::integer || option.kind == Kind::flag) return value_text(option, settings, entry);
  const auto target = option.member(const_cast<Settings&>(settings), entry);
  const auto* const* list = std::get_if<std::vector<std::string>*>(&target);
  if (list == nullptr) return json_quote(value_text(option, settings, entry));
  std::vector<std::string> words;
  for (const auto& word : **list) words.push_back(json_quote(word));
  return fmt::format("[{}]", fmt::join(words, ", "));
}

}  // namespace visitor::config
