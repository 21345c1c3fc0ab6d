#include "app/report_post.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "app/account_recipients.hpp"
#include "app/alerts.hpp"
#include "app/backup_target.hpp"
#include "app/channels.hpp"
#include "core/error.hpp"
#include "core/mail_address.hpp"
#include "core/text.hpp"
#include "domain/backup.hpp"
#include "notify/email_channel.hpp"
#include "notify/texts.hpp"

namespace visitor::app {
namespace {

using report::Label;
using namespace std::chrono_literals;

constexpr unsigned kAttempts = 2;
constexpr std::size_t kLongestManifest = std::size_t{1} << 20;
// What the slowest line that is worth having takes in a second.
constexpr std::size_t kSlowest = std::size_t{32} << 10;

constexpr Label kReport{"Report", "Отчет"}, kRows{"Rows", "Строк"}, kMadeAt{"Made at", "Создан"},
    kMadeFor{"With the rights of", "С правами"}, kFile{"File", "Файл"};
constexpr Label kVerify{
    "The manifest beside the file is signed: 'visitorctl export verify FILE' says whether the file is the one that was "
    "made.",
    "Манифест рядом с файлом подписан: команда 'visitorctl export verify ФАЙЛ' скажет, тот ли это файл."};

std::string_view content_type(report::Format format) {
  using report::Format;
  switch (format) {
    case Format::xlsx:
      return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    case Format::pdf:
      return "application/pdf";
    case Format::csv:
      return "text/csv";
    case Format::json:
      return "application/json";
    case Format::jsonl:
      return "application/x-ndjson";
    case Format::html:
      return "text/html";
  }
  return "application/octet-stream";
}

std::string manifest_name(const std::string& file) {
  return manifest_of(file).string();
}

/// The e-mail addresses behind a name of [[recipient]] or [[group]], or a group of users.
std::vector<std::string> addresses_of(const Work& work, const std::string& name) {
  if (is_user_group(name)) require_user_group(work, name);
  config::Settings asked = work.settings;
  asked.routes = {{}};
  asked.routes.front().to = {name};
  asked.routes.front().channels = {std::string{domain::name(domain::Channel::email)}};
  const auto choice = domain::choose(routing_of({work.tx, work.actor, work.now, asked, work.scope}), {});
  std::vector<std::string> addresses;
  for (const auto& one : choice.chosen)
    if (one.place.channel == domain::Channel::email) addresses.push_back(one.place.address);
  return addresses;
}

std::span<const std::byte> bytes_of(std::string_view text) {
  return std::as_bytes(std::span{text});
}

/// Up to so many bytes of an object; nothing where there is none.
std::optional<std::string> read_object(archive::Target& target, const std::string& name, std::size_t most) {
  try {
    const auto download = target.get(name);
    std::string text(most, '\0');
    std::size_t size = 0;
    while (size < most) {
      const auto got = download->read(std::as_writable_bytes(std::span{text}.subspan(size)));
      if (got == 0) break;
      size += got;
    }
    text.resize(size);
    return text;
  } catch (const Error& error) {
    if (error.code() == Errc::not_found) return std::nullopt;
    throw;
  }
}

void require_ours(archive::Target& target, const std::string& file, const std::string& scheduled,
                  const std::vector<std::string>& keys) {
  const auto refuse = [&](const std::string& why) {
    return Error(Errc::conflict, fmt::format("{} at {} {}", file, target.address(), why),
                 "Move it away, or change 'file' of the [[report]].");
  };
  const auto manifest = read_object(target, manifest_name(file), kLongestManifest);
  if (!manifest) {
    if (read_object(target, file, 1)) throw refuse("is another file: it has no manifest");
    return;
  }
  std::string made_for;
  try {
    made_for = read_report_manifest(*manifest, manifest_name(file), keys).scheduled;
  } catch (const Error& error) {
    throw refuse("is another file: " + error.message());
  }
  if (made_for != scheduled)
    throw refuse(made_for.empty() ? "was exported by hand" : "was made for the [[report]] " + made_for);
}

}  // namespace

SendMail mail_sender(const config::Settings& settings) {
  return [&email = settings.email](const notify::FileMail& mail, std::stop_token stop) -> notify::Outcome {
    if (!is_mail_address(mail.to))
      return notify::Refused{
          fmt::format("{} is not an address that mail can go to", json_quote(shortened(printable(mail.to), 100)))};
    const auto content = notify::file_mail(mail, {email.from, email.from_name, ""});
    auto options = smtp_options(email);
    options.timeout = std::max<std::chrono::milliseconds>(
        options.timeout, 30s + std::chrono::seconds{static_cast<long>(content.size() / kSlowest)});
    try {
      const auto result = net::SmtpClient{std::move(options)}.send({email.from, mail.to, content}, std::move(stop));
      if (const auto* failure = std::get_if<net::SmtpFailure>(&result)) return notify::email_outcome(*failure);
      return notify::Delivered{std::get<net::SmtpAccepted>(result).reply};
    } catch (const Error& error) {
      return notify::RetryAfter{0ms, error.message()};
    }
  };
}

std::vector<ReportPlace> report_places(const Work& work, const config::Settings::Report& report) {
  std::vector<ReportPlace> places;
  const auto add = [&](const std::string& place, const std::string& problem) {
    if (std::ranges::find(places, place, &ReportPlace::place) == places.end()) places.push_back({place, problem});
  };
  for (const auto& name : report.recipients) {
    if (name.find('@') != std::string::npos) {
      add(name, "");
      continue;
    }
    try {
      const auto addresses = addresses_of(work, name);
      if (addresses.empty()) add(name, "nobody there can be reached by e-mail");
      for (const auto& address : addresses) add(address, "");
    } catch (const Error& error) {
      if (error.code() != Errc::not_found) throw;
      add(name, error.message());
    }
  }
  for (const auto& target : report.targets) add(target, "");
  return places;
}

bool is_report_target(std::string_view place) {
  return place.starts_with("file://") || place.starts_with("s3://");
}

std::unique_ptr<archive::Target> open_report_target(const config::Settings& settings, std::string_view url,
                                                    const Clock& clock, std::stop_token stop) {
  auto options = backup_target_options(settings, url);
  options.clock = &clock;
  options.stop = std::move(stop);
  options.s3.attempts = kAttempts;
  return archive::open_target(url, options);
}

std::string probe_report_target(const config::Settings& settings, const std::string& url, const Clock& clock,
                                std::stop_token stop) {
  try {
    const auto target = open_report_target(settings, url, clock, std::move(stop));
    read_object(*target, "probe", 1);
    constexpr std::array<std::byte, 1> kProbe{};
    target->put("probe")->write(kProbe);
    return "";
  } catch (const Error& error) {
    if (error.code() == Errc::interrupted) throw;
    return error.message();
  }
}

void put_report(archive::Target& target, const ReportDraft& draft, const std::string& file,
                const std::string& scheduled, const std::vector<std::string>& keys) {
  require_ours(target, file, scheduled, keys);
  // The manifest first: a file that has its name has one.
  const auto manifest = target.put(manifest_name(file));
  manifest->write(bytes_of(draft.manifest(file)));
  manifest->commit();
  const auto upload = target.put(file);
  draft.copy_to([&](std::string_view bytes) { upload->write(bytes_of(bytes)); });
  upload->commit();
}

notify::FileMail report_mail(const ReportDraft& draft, const config::Settings::Report& report, const std::string& file,
                             Instant now) {
  const auto& made = draft.file();
  const auto& cover = made.cover;
  const auto language = cover.language;
  notify::FileMail mail;
  mail.language = language;
  mail.created_at = now;
  mail.subject = fmt::format("{}: {}", cover.title, file.substr(0, file.rfind('.')));
  const auto line = [&](std::string_view label, std::string_view value) {
    mail.text += fmt::format("{}: {}\n", label, value);
  };
  line(kReport.in(language), fmt::format("{} ({})", cover.title, report.name));
  for (const auto& [label, value] : cover.filter) line(label, value);
  line(kRows.in(language), fmt::to_string(made.written.total()));
  line(kMadeAt.in(language), fmt::format("{} ({})", cover.zone.stamp(cover.made_at), cover.zone.name()));
  line(kMadeFor.in(language), cover.who);
  line(kFile.in(language),
       fmt::format("{}, {}", file, domain::bytes_words(static_cast<std::int64_t>(made.bytes), language)));
  line("SHA-256", made.sha256);
  mail.text += '\n';
  for (const auto& sentence : cover.withheld) mail.text += sentence + "\n";
  mail.text += std::string{kVerify.in(language)} + "\n";

  std::string bytes;
  bytes.reserve(made.bytes);
  draft.copy_to([&](std::string_view part) { bytes += part; });
  mail.files.push_back({file, std::string{content_type(made.format)}, std::move(bytes)});
  mail.files.push_back({manifest_name(file), "application/json", draft.manifest(file)});
  return mail;
}

void mark_repeated(notify::FileMail& mail) {
  mail.text = fmt::format("{}\n\n{}", phrase(notify::Phrase::possibly_repeated, mail.language), mail.text);
}

}  // namespace visitor::app
