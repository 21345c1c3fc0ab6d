#include "config/contradictions.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "config/values.hpp"
#include "core/text.hpp"

namespace visitor::config {
namespace {

// Told without being anybody's address.
constexpr std::string_view kLog = "log", kHost = "host";

template <class Entry>
std::vector<std::string> names_of(const std::vector<Entry>& entries) {
  std::vector<std::string> names;
  for (const auto& entry : entries) names.push_back(entry.name);
  return names;
}

bool is_among(const std::string& name, const std::vector<std::string>& names) {
  return std::ranges::find(names, name) != names.end();
}

class Look {
 public:
  explicit Look(const Settings& settings) : settings_(settings) {}

  std::vector<Contradiction> run() {
    recipients();
    groups();
    for (const auto& route : settings_.routes) addressees("route." + route.name + ".to", route.to);
    for (const auto& step : settings_.escalations) addressees("escalation." + step.name + ".to", step.to);
    return std::move(wrong_);
  }

 private:
  void add(std::string key, std::string message) { wrong_.push_back({std::move(key), std::move(message)}); }

  void recipients() {
    const auto webhooks = names_of(settings_.webhooks);
    const auto programs = names_of(settings_.programs);
    for (const auto& one : settings_.recipients) {
      const auto key = "recipient." + one.name;
      reserved(key, one.name);
      if (one.telegram.empty() && one.email.empty() && one.webhook.empty() && one.exec.empty())
        add(key, "cannot be reached: give telegram, email, webhook or exec");
      if (!one.telegram.empty() && settings_.telegram.token.path.empty())
        add(key + ".telegram", "needs telegram.token_file");
      if (!one.email.empty() && settings_.email.server.empty()) add(key + ".email", "needs email.server");
      if (!one.webhook.empty()) known(key + ".webhook", one.webhook, webhooks, "[[webhook]]");
      if (!one.exec.empty()) known(key + ".exec", one.exec, programs, "[[exec]]");
    }
  }

  void groups() {
    const auto people = names_of(settings_.recipients);
    for (const auto& group : settings_.groups) {
      const auto key = "group." + group.name;
      reserved(key, group.name);
      if (is_among(group.name, people)) add(key, "a [[recipient]] has this name, too");
      if (group.members.empty()) add(key + ".members", "must hold at least one name");
      for (const auto& member : group.members) known(key + ".members", member, people, "[[recipient]]");
    }
  }

  void addressees(const std::string& key, const std::vector<std::string>& to) {
    auto names = names_of(settings_.recipients);
    for (const auto& group : settings_.groups) names.push_back(group.name);
    names.emplace_back(kLog);
    if (to.empty()) add(key, "must hold at least one name");
    for (const auto& name : to)
      if (!name.starts_with(kUserGroup)) known(key, name, names, "[[recipient]] or [[group]]");
  }

  void known(const std::string& key, const std::string& name, const std::vector<std::string>& names,
             std::string_view what) {
    if (is_among(name, names)) return;
    const auto near = nearest(name, names);
    add(key, fmt::format("there is no {} {}{}", what, json_quote(name),
                         near ? fmt::format("; did you mean {}?", json_quote(*near)) : ""));
  }

  void reserved(const std::string& key, const std::string& name) {
    if (name == kLog || name == kHost) add(key + ".name", fmt::format("{} has a meaning of its own", json_quote(name)));
  }

  const Settings& settings_;
  std::vector<Contradiction> wrong_;
};

}  // namespace

std::vector<Contradiction> routing_contradictions(const Settings& settings) {
  return Look{settings}.run();
}

std::vector<Contradiction> tls_contradictions(const Settings& settings) {
  const auto& http = settings.http;
  if (http.certificate_file.empty() == http.private_key_file.empty()) return {};
  if (http.certificate_file.empty()) return {{"http.private_key_file", "needs http.certificate_file"}};
  return {{"http.certificate_file", "needs http.private_key_file"}};
}

std::vector<Contradiction> bucket_contradictions(const Settings& settings) {
  std::vector<Contradiction> wrong;
  for (const auto& one : settings.buckets) {
    const auto key = "s3." + one.name;
    const auto first = std::ranges::find(settings.buckets, one.bucket, &Settings::S3::bucket);
    if (first->name != one.name)
      wrong.push_back({key + ".bucket", fmt::format("[[s3]] {} is about this bucket, too", json_quote(first->name))});
    if (!one.kms_key.empty() && one.encryption == "AES256")
      wrong.push_back({key + ".kms_key", "is of no use beside encryption = \"AES256\""});
    if (one.lock_mode != "none" && one.lock_for.count() == 0)
      wrong.push_back({key + ".lock_mode", "needs lock_for beside it"});
    if (one.lock_mode == "none" && one.lock_for.count() != 0)
      wrong.push_back({key + ".lock_for", "needs lock_mode beside it"});
  }
  return wrong;
}

std::vector<Contradiction> report_contradictions(const Settings& settings) {
  std::vector<Contradiction> wrong;
  std::vector<std::string> names;
  for (const auto& one : settings.recipients)
    if (!one.email.empty()) names.push_back(one.name);
  for (const auto& group : settings.groups)
    if (std::ranges::any_of(group.members, [&](const auto& member) { return is_among(member, names); }))
      names.push_back(group.name);
  for (const auto& report : settings.reports) {
    const auto key = "report." + report.name;
    if (report.recipients.empty() && report.targets.empty())
      wrong.push_back({key, "goes to nobody: give recipients or targets"});
    if (!report.recipients.empty() && settings.email.server.empty())
      wrong.push_back({key + ".recipients", "needs email.server"});
    for (const auto& to : report.recipients) {
      if (to.find('@') != std::string::npos || to.starts_with(kUserGroup) || is_among(to, names)) continue;
      const auto near = nearest(to, names);
      wrong.push_back({key + ".recipients",
                       fmt::format("there is no [[recipient]] or [[group]] {} with an e-mail{}", json_quote(to),
                                   near ? fmt::format("; did you mean {}?", json_quote(*near)) : "")});
    }
  }
  return wrong;
}

std::vector<Contradiction> wal_contradictions(const Settings& settings) {
  constexpr auto kDirectory = "backup.wal.directory";
  std::vector<Contradiction> wrong;
  if (settings.backup.wal.directory.empty()) return wrong;
  if (!settings.database.url.empty() || !settings.database.url_file.empty())
    wrong.push_back({kDirectory,
                     "is for the embedded database only; let pgbackrest or barman archive the log of the server "
                     "that [database] names, as visitorctl-backup-restore(1) says"});
  if (settings.backup.recipients.empty())
    wrong.push_back({kDirectory, "needs backup.recipients: nobody could read the archive"});
  if (is_among("file://" + settings.backup.wal.directory.string(), settings.backup.targets))
    wrong.push_back({kDirectory, "is among backup.targets, too; base backups and dumps are kept by different rules"});
  return wrong;
}

}  // namespace visitor::config
