#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "core/secret.hpp"

namespace visitor::config {

/// A secret in a file of its own, which only its owner may read.
struct SecretFile {
  std::filesystem::path path;  ///< empty: none
  Secret content;              ///< the file's first line, read along with the settings
};

/// Everything that visitor.toml can say, with its defaults: one const value, made once by config::load. The table of
/// keys, limits and sentences is config/options.hpp. Paths are absolute.
struct Settings {
  std::filesystem::path file;             ///< where this was read from; empty if there was no file
  std::set<std::string> from_file;        ///< keys that the file sets; all others have their default
  std::filesystem::path state_directory;  ///< [state] directory

  struct Database {
    Secret url;                       ///< any libpq string; empty: the embedded cluster
    std::filesystem::path url_file;   ///< where url was read from; empty: from the main file, if at all
    std::filesystem::path directory;  ///< of the embedded cluster; default <state>/postgres
    int pool_size = 8;
    std::chrono::milliseconds pool_wait{5'000};
    std::chrono::milliseconds statement_timeout{30'000};
  } database;

  struct Secrets {
    std::filesystem::path key_file;  ///< default <state>/master.key
  } secrets;

  struct Http {
    std::string address = "127.0.0.1";
    std::uint16_t port = 8480;  ///< 0: the system chooses
    int max_connections = 1024;
    std::chrono::milliseconds request_timeout{10'000};  ///< header and body must have arrived
    std::chrono::milliseconds idle_timeout{60'000};     ///< between two requests of one connection
    std::size_t body_limit = std::size_t{1} << 20;
    std::filesystem::path certificate_file;    ///< PEM, the chain behind it; empty: no TLS
    std::filesystem::path private_key_file;    ///< PEM
    std::vector<std::string> trusted_proxies;  ///< "10.0.0.0/8": whose X-Forwarded-For is believed
  } http;

  struct Api {
    int key_limit = 1'200;             ///< requests a minute of a session or an API key
    int address_limit = 6'000;         ///< requests a minute of an address
    std::vector<std::string> origins;  ///< "https://intranet.example.org": whose pages may use the API
    std::string locks = "warn";        ///< "warn" or "refuse": a write to what somebody else is editing
    std::chrono::seconds lock_lease{2 * 60};
  } api;

  struct Polling {
    std::chrono::milliseconds interval{2'000};  ///< for terminals without one of their own
    std::chrono::milliseconds connect_timeout{3'000};
    std::chrono::milliseconds request_timeout{10'000};
    std::chrono::seconds overlap{5 * 60};  ///< device time asked for again at each poll
    std::chrono::seconds lease{10};        ///< a terminal moves to another daemon this long after its last sign of life
    std::chrono::milliseconds backoff_max{60'000};
  } polling;

  struct Visits {
    std::chrono::seconds reentry_grace{15 * 60};
    std::chrono::seconds early_arrival{60 * 60};
    std::chrono::seconds presumed_left_after{12 * 3600};
  } visits;

  struct Rules {
    std::vector<std::string> off;  ///< incident types that are switched off
    std::chrono::seconds live_window{5 * 60};
    std::chrono::seconds long_stay{8 * 3600};
    std::chrono::seconds overstay{30 * 60};
    std::chrono::minutes day_begins{6 * 60};  ///< "06:00"
    std::chrono::minutes day_ends{22 * 60};   ///< "22:00"
    int failed_access_count = 3;
    std::chrono::seconds failed_access_window{5 * 60};
    int exit_entry_count = 4;
    std::chrono::seconds exit_entry_window{30 * 60};
    std::chrono::seconds terminal_offline{2 * 60};
    std::chrono::seconds clock_drift{30};
    int capacity = 0;  ///< 0: any number
    /// Of each type that has a rule, in the order of the choices of rules.off.
    std::array<std::string, 16> severity{"high", "medium",   "low",      "medium", "high",   "medium",
                                         "high", "critical", "critical", "high",   "medium", "critical",
                                         "high", "medium",   "low",      "high"};
    std::chrono::milliseconds interval{5'000};  ///< of the rules that look at the clock
  } rules;

  struct Alerts {
    std::string link_base;  ///< "https://visitor.example.org"; empty: messages have no link
    bool tell_hosts = true;
    std::string host_language = "en";
    std::chrono::minutes no_show_at{8 * 60};
    int storm_limit = 10;  ///< messages a minute to one place
    std::chrono::seconds storm_interval{60};
    std::chrono::minutes daily_summary_at{18 * 60};
    std::string weekly_report_day = "monday";
    std::chrono::minutes weekly_report_at{9 * 60};
    std::chrono::seconds give_up_after{24 * 3600};  ///< of what a channel does not take
    std::chrono::seconds canary_interval{0};        ///< 0: no canary
    std::vector<std::string> canary_to;             ///< "channel" or "channel:recipient"
  } alerts;

  struct Changes {
    std::chrono::seconds keep{7 * 24 * 3600};
  } changes;

  struct Auth {
    std::size_t hash_memory = std::size_t{64} << 20;  ///< bytes
    int hash_passes = 3;
    int hashes_at_once = 4;
  } auth;

  struct Sessions {
    std::chrono::seconds access{30 * 60};           ///< life of an access token
    std::chrono::seconds refresh{7 * 24 * 3600};    ///< of a refresh token: a session that rests ends then
    std::chrono::seconds absolute{30 * 24 * 3600};  ///< of a session
    std::chrono::seconds step_up{5 * 60};           ///< a code is fresh for this long
  } sessions;

  struct Email {
    std::string server;  ///< empty: no e-mail goes out
    int port = 0;        ///< 0: 587 with starttls, 465 with tls, 25 with none
    std::string tls = "starttls";
    std::filesystem::path ca_file;  ///< empty: the system's authorities
    std::string from;
    std::string from_name = "Visitor";
    std::string user;  ///< empty: no login
    SecretFile password;
    std::string list_id;
    std::chrono::milliseconds timeout{30'000};
  } email;

  struct Telegram {
    SecretFile token;  ///< empty: nothing goes to Telegram
    std::string base_url = "https://api.telegram.org";
    std::string language = "en";      ///< of what the bot answers
    std::vector<std::string> chats;   ///< ids of chats with buttons and commands
    std::vector<std::string> people;  ///< ids of those who may press
    std::string webhook_url;          ///< empty: the bot asks for updates
  } telegram;

  /// [[webhook]]
  struct Webhook {
    std::string name;
    std::string url;
    SecretFile secret;
    std::filesystem::path ca_file;
    std::vector<std::string> allow;  ///< addresses and networks that are not public and may be called all the same
    std::chrono::milliseconds timeout{10'000};
  };
  std::vector<Webhook> webhooks;

  /// [[exec]]
  struct Program {
    std::string name;
    std::filesystem::path path;
    std::vector<std::string> arguments;
    std::chrono::milliseconds timeout{10'000};
  };
  std::vector<Program> programs;

  /// [[recipient]]
  struct Recipient {
    std::string name;
    std::string language = "en";
    std::string telegram;  ///< id of a chat; this and the next three: empty for none
    std::string email;
    std::string webhook;                ///< name of a [[webhook]]
    std::string exec;                   ///< name of an [[exec]]
    std::chrono::minutes quiet_from{};  ///< the same as quiet_until: never quiet
    std::chrono::minutes quiet_until{};
    std::string time_zone;  ///< of the quiet hours; empty: the site's
  };
  std::vector<Recipient> recipients;

  /// [[group]]
  struct Group {
    std::string name;
    std::vector<std::string> members;  ///< names of recipients
  };
  std::vector<Group> groups;

  /// Which alerts a route or a step of the escalation means. What is empty means all.
  struct AlertMatch {
    std::vector<std::string> kinds;  ///< empty: incident_opened
    std::vector<std::string> types;
    std::string severity = "low";  ///< or graver
    std::vector<std::string> sites;
    std::vector<std::string> departments;
    std::string late = "no";
  };

  /// [[route]]
  struct Route {
    std::string name;
    AlertMatch match;
    std::vector<std::string> to;  ///< names of recipients and groups, or "log"
    std::vector<std::string> channels;
    bool goes_on = false;  ///< "continue"
    bool updates = true;
    bool resolved = false;
    std::chrono::seconds group_wait{};
    std::chrono::seconds group_interval{};
    std::chrono::seconds repeat{};  ///< zero: never
  };
  std::vector<Route> routes;

  /// [[escalation]]
  struct Escalation {
    std::string name;
    AlertMatch match;
    std::chrono::seconds after{10 * 60};
    std::vector<std::string> to;
    std::vector<std::string> channels;
  };
  std::vector<Escalation> escalations;

  /// The spans of keep_within… are those of parse_calendar_span(); empty: none.
  struct Backup {
    std::vector<std::string> targets;     ///< "file:///…", "s3://…"; empty: no backups are made
    std::vector<std::string> recipients;  ///< public keys
    bool scheduled = true;
    std::chrono::minutes schedule{3 * 60};  ///< "03:00" in time_zone
    std::string time_zone;                  ///< empty: that of the first site, or UTC
    int keep_last = 3;
    int keep_hourly = 0;
    int keep_daily = 14;
    int keep_weekly = 8;
    int keep_monthly = 12;
    int keep_yearly = 0;
    std::string keep_within;
    std::string keep_within_hourly;
    std::string keep_within_daily;
    std::string keep_within_weekly;
    std::string keep_within_monthly;
    std::string keep_within_yearly;
    int min_verified = 1;
    std::chrono::seconds max_age{26 * 3600};
    std::chrono::seconds verify_within{8 * 24 * 3600};
    std::chrono::seconds restore_within{35 * 24 * 3600};
    std::chrono::seconds prove_within{100 * 24 * 3600};
    SecretFile ping_url;
    std::chrono::milliseconds ping_timeout{5'000};

    /// [backup.wal]: the write-ahead log of the embedded database.
    struct Wal {
      std::filesystem::path directory;  ///< empty: it is not archived
      std::chrono::seconds keep{14 * 24 * 3600};
      std::chrono::seconds base_every{7 * 24 * 3600};
      std::chrono::seconds max_loss{5 * 60};
      std::size_t max_behind = std::size_t{4} << 30;
      int warn_free = 20;  ///< percent
    } wal;
  } backup;

  struct Audit {
    std::vector<std::string> checkpoint_to;  ///< "file:///…", "s3://…", "https://…"
    std::chrono::seconds checkpoint_interval{15 * 60};
    int keep_days = 0;  ///< 0: for ever
  } audit;

  /// [[s3]]
  struct S3 {
    std::string name;
    std::string bucket;    ///< "s3://bucket/…" among the targets of backups is this one
    std::string endpoint;  ///< empty: AWS's
    std::string region;    ///< empty: that of the environment or profile
    std::string addressing = "auto";
    std::filesystem::path ca_file;
    std::filesystem::path credentials_file;  ///< empty: systemd's, the environment's or ~/.aws
    std::string profile;
    std::string storage_class;
    std::string encryption = "none";
    std::string kms_key;
    std::string lock_mode = "none";
    std::chrono::seconds lock_for{0};
    std::size_t part_size = std::size_t{8} << 20;
    std::chrono::milliseconds timeout{120'000};  ///< of one part
  };
  std::vector<S3> buckets;

  struct Log {
    std::string level = "info";
    std::string format = "auto";  ///< auto, plain, json, journal
  } log;

  /// [[report]]
  struct Report {
    std::string name;
    std::string report;  ///< "visits"
    std::string format = "xlsx";
    std::string as;                   ///< login of the account with whose rights it is made
    std::chrono::minutes when{};      ///< "07:00" in time_zone
    std::vector<std::string> days;    ///< on these only: weekdays, first or last of the month; empty: every day
    std::string time_zone;            ///< empty: that of the site, else of the first one, else UTC
    std::string period;               ///< empty: the usual one of the report
    std::string site;                 ///< name or number; this and the next two: empty for all
    std::string department;           ///< the same
    std::vector<std::string> status;  ///< as the report has them
    std::vector<std::string> columns;
    std::string section;
    std::string locale = "en";
    std::vector<std::string> recipients;  ///< addresses, names of recipients and groups, groups of users
    std::vector<std::string> targets;     ///< "file:///…", "s3://…"
    std::string file = "{name}-{date}";   ///< without the ending
    std::size_t mail_limit = std::size_t{10} << 20;
  };
  std::vector<Report> reports;
};

}  // namespace visitor::config
