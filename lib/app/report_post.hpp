#pragma once

#include <functional>
#include <stop_token>
#include <string>
#include <vector>

#include "app/report_file.hpp"
#include "app/work.hpp"
#include "archive/target.hpp"
#include "notify/channel.hpp"
#include "notify/file_mail.hpp"

/// Where scheduled reports go, and how they get there.
namespace visitor::app {

/// Hands a mail over.
using SendMail = std::function<notify::Outcome(const notify::FileMail& mail, std::stop_token stop)>;

/// By the server of [email]. Waits as [email] timeout says, and longer for what is large.
SendMail mail_sender(const config::Settings& settings);

/// One of those who get a report.
struct ReportPlace {
  std::string place;  ///< an address, "file:///…", "s3://…"; where there is a problem, as the configuration has it
  std::string problem;  ///< why nothing can go there; empty: it can
};
/// Everybody and everything that \p report goes to, each once: addresses, those of recipients, groups and accounts that
/// are not disabled, then targets.
std::vector<ReportPlace> report_places(const Work& work, const config::Settings::Report& report);

bool is_report_target(std::string_view place);

/// The target, not as patient as for backups: a report is tried again later.
std::unique_ptr<archive::Target> open_report_target(const config::Settings& settings, std::string_view url,
                                                    const Clock& clock, std::stop_token stop);

/// Tries everything but the putting itself. \returns what is wrong; empty: nothing
std::string probe_report_target(const config::Settings& settings, const std::string& url, const Clock& clock,
                                std::stop_token stop);

/// Puts the file and its manifest there. What has one of their names is replaced only where the manifest there says
/// that it was made for the same [[report]].
/// \param keys  whose manifests are believed
/// \throws Error conflict  something else has the name
/// \throws Error  as archive::Target
void put_report(archive::Target& target, const ReportDraft& draft, const std::string& file,
                const std::string& scheduled, const std::vector<std::string>& keys);

/// The mail with the file and its manifest, without an address and a key.
notify::FileMail report_mail(const ReportDraft& draft, const config::Settings::Report& report, const std::string& file,
                             Instant now);

/// What is said in front of a mail that may have come before.
void mark_repeated(notify::FileMail& mail);

}  // namespace visitor::app
