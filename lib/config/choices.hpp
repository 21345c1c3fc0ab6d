#pragma once

#include <array>
#include <string_view>

/// Words that several options choose from. They are those of lib/domain, which this module does not see; tests hold the
/// lists together.
namespace visitor::config {

/// domain::IncidentType.
inline constexpr std::array<std::string_view, 18> kIncidentTypes{"exit_without_entry",
                                                                 "long_stay",
                                                                 "overstay",
                                                                 "suspicious_time",
                                                                 "multiple_failed_access",
                                                                 "repeated_exit_entry",
                                                                 "entry_without_visit",
                                                                 "blocked_guest",
                                                                 "duress",
                                                                 "door_forced",
                                                                 "door_held",
                                                                 "tamper",
                                                                 "terminal_offline",
                                                                 "event_gap",
                                                                 "clock_drift",
                                                                 "capacity",
                                                                 "backup",
                                                                 "other"};

/// domain::Severity.
inline constexpr std::array<std::string_view, 4> kSeverities{"low", "medium", "high", "critical"};

/// domain::Language.
inline constexpr std::array<std::string_view, 2> kLanguages{"en", "ru"};

/// domain::Channel.
inline constexpr std::array<std::string_view, 5> kChannels{"log", "telegram", "email", "webhook", "exec"};

/// Those of domain::AlertKind that routes choose from; news of an incident go where it was told.
inline constexpr std::array<std::string_view, 6> kRoutedKinds{"incident_opened", "guest_arrived", "guest_left",
                                                              "guest_no_show",   "daily_summary", "weekly_report"};

/// domain::Lateness.
inline constexpr std::array<std::string_view, 3> kLateness{"no", "yes", "any"};

/// archive::S3Options.
inline constexpr std::array<std::string_view, 3> kS3Addressing{"auto", "path", "host"};
inline constexpr std::array<std::string_view, 3> kS3Encryption{"none", "AES256", "aws:kms"};
inline constexpr std::array<std::string_view, 3> kS3LockModes{"none", "governance", "compliance"};

/// ISO 8601, Monday first.
inline constexpr std::array<std::string_view, 7> kWeekdays{"monday", "tuesday",  "wednesday", "thursday",
                                                           "friday", "saturday", "sunday"};

/// app::reports().
inline constexpr std::array<std::string_view, 11> kReports{"alerts",  "audit",     "auto-checkin", "departments",
                                                           "events",  "hosts",     "incidents",    "inside",
                                                           "summary", "terminals", "visits"};

/// report::Format.
inline constexpr std::array<std::string_view, 6> kReportFormats{"xlsx", "pdf", "csv", "json", "jsonl", "html"};

/// app::ReportWish.
inline constexpr std::array<std::string_view, 7> kReportPeriods{"today", "yesterday", "7d",        "last-week",
                                                                "30d",   "month",     "last-month"};

/// When a report is made: kWeekdays, and the first and the last day of a month.
inline constexpr std::array<std::string_view, 9> kReportDays{"monday",   "tuesday", "wednesday", "thursday", "friday",
                                                             "saturday", "sunday",  "first",     "last"};

}  // namespace visitor::config
