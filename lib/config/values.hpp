#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

/// How single values are written in visitor.toml, both ways. Parsers return nothing where the text is none.
namespace visitor::config {

/// "500ms", "90s", "15m", "8h", "7d", "2w". A number without a unit is refused.
std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);
/// With the largest unit (up to hours, days from 48 h on) that leaves no rest: "15m", "1500ms".
std::string span_text(std::chrono::milliseconds span);

/// "06:00" to "24:00", as minutes since midnight.
std::optional<std::chrono::minutes> parse_clock_time(std::string_view text);
std::string clock_text(std::chrono::minutes time);

/// "512", "64KiB", "1MiB", "1GiB".
std::optional<std::size_t> parse_size(std::string_view text);
std::string size_text(std::size_t bytes);

/// An IPv4 or IPv6 address in digits.
bool is_ip_address(const std::string& text);

/// What is wrong with a text for that use, as a message of a problem; or empty.
std::string wrong_host(const std::string& text);
std::string wrong_mail_address(const std::string& text);
/// An address in digits, or a network: "10.0.0.0/8".
std::string wrong_network(const std::string& text);
/// Scheme, host and port of a web page, as a browser says it: "https://intranet.example.org".
std::string wrong_origin(const std::string& text);
/// "https://example.org/hook": http or https, and no name or password in it.
std::string wrong_web_address(const std::string& text);
/// The id of a Telegram chat: "-1001234567890".
std::string wrong_chat(const std::string& text);
/// The id of a person there: "123456789".
std::string wrong_telegram_person(const std::string& text);
/// An IANA name of a time zone.
std::string wrong_time_zone(const std::string& text);
/// A span of the calendar: "1y6m14d12h".
std::string wrong_calendar_span(const std::string& text);
/// Where backups go: "file:///var/backups/visitor", "s3://bucket/prefix".
std::string wrong_backup_target(const std::string& text);
/// The public half of a backup key.
std::string wrong_backup_key(const std::string& text);
std::string wrong_audit_place(const std::string& text);
std::string wrong_absolute_path(const std::string& text);
/// How entries of lists are called: 1 to 64 ASCII letters, digits, "-" and "_".
std::string wrong_name(const std::string& text);
/// What stands before the name of a group of users ('visitorctl group') where alerts are addressed.
inline constexpr std::string_view kUserGroup = "users:";
/// Whom alerts are addressed to: a name as above, or a group of users, "users:Night guards".
std::string wrong_addressee(const std::string& text);
/// Who gets a report: an address, or as above.
std::string wrong_report_recipient(const std::string& text);
/// How the files of a report are called: letters, digits, ".", "-", "_", and {name}, {report}, {date} and {time}.
std::string wrong_report_file(const std::string& text);

}  // namespace visitor::config
