#include <array>

#include "config/choices.hpp"
#include "config/options.hpp"
#include "config/values.hpp"

// The tables that may stand more than once.
namespace visitor::config {
namespace {

using std::size_t;

constexpr std::span<const std::string_view> kNone{};

/// The first option of every list.
constexpr Option name_option(std::string_view key, std::string_view example, std::string_view sentence,
                             Target (*target)(Settings&, size_t)) {
  return {key, Kind::text, "", "", "", kNone, true, example, sentence, nullptr, wrong_name, target, true};
}

template <auto entries>
constexpr List list_of(std::string_view name, std::string_view sentence, std::span<const Option> options) {
  return {name, sentence, options, [](const Settings& s) { return (s.*entries).size(); },
          [](Settings& s, size_t count) { (s.*entries).resize(count); }};
}

// clang-format off
constexpr std::array kWebhook{
    name_option("webhook.name", "control-room", "What routes and commands call it.",
                [](Settings& s, size_t n) -> Target { return &s.webhooks[n].name; }),
    Option{"webhook.url", Kind::text, "", "", "", kNone, true, "https://example.org/visitor",
           "Where alerts are posted to. A redirect is not followed.",
           nullptr, wrong_web_address,
           [](Settings& s, size_t n) -> Target { return &s.webhooks[n].url; }, true},
    Option{"webhook.secret_file", Kind::secret_file, "", "", "", kNone, true, "control-room.secret",
           "A file, readable by its owner only, whose first line signs what is sent. Without one nothing is signed.",
           nullptr, nullptr,
           [](Settings& s, size_t n) -> Target { return &s.webhooks[n].secret; }},
    Option{"webhook.ca_file", Kind::path, "", "", "", kNone, true, "/etc/visitor/hook-ca.pem",
           "Authorities, in PEM, that are believed besides those of the system.",
           nullptr, nullptr,
           [](Settings& s, size_t n) -> Target { return &s.webhooks[n].ca_file; }},
    Option{"webhook.allow", Kind::texts, "", "", "", kNone, true, "10.20.0.0/16",
           "Addresses and networks of your own that it may be at. All others that are not public are refused.",
           nullptr, wrong_network,
           [](Settings& s, size_t n) -> Target { return &s.webhooks[n].allow; }},
    Option{"webhook.timeout", Kind::span, "10s", "100ms", "50s", kNone, true, "",
           "A call without an answer within this time is tried again later.",
           nullptr, nullptr,
           [](Settings& s, size_t n) -> Target { return &s.webhooks[n].timeout; }},
};

constexpr std::array kExec{
    name_option("exec.name", "siren", "What routes and commands call it.",
                [](Settings& s, size_t n) -> Target { return &s.programs[n].name; }),
    Option{"exec.program", Kind::path, "", "", "", kNone, true, "/usr/local/bin/siren",
           "The program that is started for each alert, which it finds as JSON on its standard input. No shell is used.",
           nullptr, wrong_absolute_path,
           [](Settings& s, size_t n) -> Target { return &s.programs[n].path; }, true},
    Option{"exec.arguments", Kind::texts, "", "", "", kNone, true, "--floor=2",
           "What the program gets as its arguments.",
           nullptr, nullptr,
           [](Settings& s, size_t n) -> Target { return &s.programs[n].arguments; }},
    Option{"exec.timeout", Kind::span, "10s", "100ms", "50s", kNone, true, "",
           "A program that has not ended within this time is killed, with all that it started, and tried again later.",
           nullptr, nullptr,
           [](Settings& s, size_t n) -> Target { return &s.programs[n].timeout; }},
};

constexpr std::array kRecipient{
    name_option("recipient.name", "duty", "What routes, groups and commands call it.",
                [](Settings& s, size_t n) -> Target { return &s.recipients[n].name; }),
    Option{"recipient.language", Kind::choice, "en", "", "", kLanguages, true, "",
           "The language of the messages: en or ru.",
           nullptr, nullptr,
           [](Settings& s, size_t n) -> Target { return &s.recipients[n].language; }},
    Option{"recipient.telegram", Kind::text, "", "", "", kNone, true, "-1001234567890",
           "The id of a chat.",
           nullptr, wrong_chat,
           [](Settings& s, size_t n) -> Target { return &s.recipients[n].telegram; }},
    Option{"recipient.email", Kind::text, "", "", "", kNone, true, "duty@example.org",
           "An address.",
           nullptr, wrong_mail_address,
           [](Settings& s, size_t n) -> Target { return &s.recipients[n].email; }},
    Option{"recipient.webhook", Kind::text, "", "", "", kNone, true, "control-room",
           "The name of a [[webhook]].",
           nullptr, wrong_name,
           [](Settings& s, size_t n) -> Target { return &s.recipients[n].webhook; }},
    Option{"recipient.exec", Kind::text, "", "", "", kNone, true, "siren",
           "The name of an [[exec]].",
           nullptr, wrong_name,
           [](Settings& s, size_t n) -> Target { return &s.recipients[n].exec; }},
    Option{"recipient.quiet_from", Kind::clock_time, "00:00", "00:00", "23:59", kNone, true, "",
           "When quiet hours begin. What is not critical waits until they end, and is told together then.",
           nullptr, nullptr,
           [](Settings& s, size_t n) -> Target { return &s.recipients[n].quiet_from; }},
    Option{"recipient.quiet_until", Kind::clock_time, "00:00", "00:00", "23:59", kNone, true, "",
           "When they end. The same time as quiet_from: there are none.",
           nullptr, nullptr,
           [](Settings& s, size_t n) -> Target { return &s.recipients[n].quiet_until; }},
    Option{"recipient.time_zone", Kind::text, "", "", "", kNone, true, "Asia/Almaty",
           "Of the quiet hours. Without it: the zone of the site.",
           nullptr, wrong_time_zone,
           [](Settings& s, size_t n) -> Target { return &s.recipients[n].time_zone; }},
};

constexpr std::array kGroup{
    name_option("group.name", "security", "What routes and commands call it.",
                [](Settings& s, size_t n) -> Target { return &s.groups[n].name; }),
    Option{"group.members", Kind::texts, "", "", "", kNone, true, "duty",
           "The names of recipients.",
           nullptr, wrong_name,
           [](Settings& s, size_t n) -> Target { return &s.groups[n].members; }, true},
};

constexpr std::array kRoute{
    name_option("route.name", "everything", "What the ledger calls it.",
                [](Settings& s, size_t n) -> Target { return &s.routes[n].name; }),
    Option{"route.kinds", Kind::choices, "", "", "", kRoutedKinds, true, "",
           "What is told. Without it: incidents.",
           nullptr, nullptr,
           [](Settings& s, size_t n) -> Target { return &s.routes[n].match.kinds; }},
    Option{"route.types", Kind::choices, "", "", "", kIncidentTypes, true, "",
           "Incidents of these types only.",
           nullptr, nullptr,
           [](Settings& s, size_t n) -> Target { return &s.routes[n].match.types; }},
    Option{"route.severity", Kind::choice, "low", "", "", kSeverities, true, "",
           "Incidents of this severity and graver ones only: low, medium, high or critical.",
           nullptr, nullptr,
           [](Settings& s, size_t n) -> Target { return &s.routes[n].match.severity; }},
    Option{"route.sites", Kind::texts, "", "", "", kNone, true, "Main building",
           "The names of sites. Without it: all.",
           nullptr, nullptr,
           [](Settings& s, size_t n) -> Target { return &s.routes[n].match.sites; }},
    Option{"route.departments", Kind::texts, "", "", "", kNone, true, "Laboratory",
           "The names of departments. Without it: all, and what is of none.",
           nullptr, nullptr,
           [](Settings& s, size_t n) -> Target { return &s.routes[n].match.departments; }},
    Option{"route.late", Kind::choice, "no", "", "", kLateness, true, "",
           "What became known long after it happened: no, yes (nothing else) or any.",
           nullptr, nullptr,
           [](Settings& s, size_t n) -> Target { return &s.routes[n].match.late; }},
    Option{"route.to", Kind::texts, "", "", "", kNone, true, "security",
           "The names of recipients and groups, log, or users:NAME for a group of users ('visitorctl group').",
           nullptr, wrong_addressee,
           [](Settings& s, size_t n) -> Target { return &s.routes[n].to; }, true},
    Option{"route.channels", Kind::choices, "", "", "", kChannels, true, "",
           "On these channels only. Without it: on all that a recipient has.",
           nullptr, nullptr,
           [](Settings& s, size_t n) -> Target { return &s.routes[n].channels; }},
    Option{"route.continue", Kind::flag, "false", "", "", kNone, true, "",
           "Whether routes after this one are looked at, too. Without it the first that matches counts.",
           nullptr, nullptr,
           [](Settings& s, size_t n) -> Target { return &s.routes[n].goes_on; }},
    Option{"route.updates", Kind::flag, "true", "", "", kNone, true, "",
           "Whether there is news when somebody takes an incident on, or it is seen many times.",
           nullptr, nullptr,
           [](Settings& s, size_t n) -> Target { return &s.routes[n].updates; }},
    Option{"route.resolved", Kind::flag, "false", "", "", kNone, true, "",
           "Whether there is news when an incident has ended.",
           nullptr, nullptr,
           [](Settings& s, size_t n) -> Target { return &s.routes[n].resolved; }},
    Option{"route.group_wait", Kind::span, "0s", "0s", "1h", kNone, true, "",
           "How long a first alert waits for others, to be told together.",
           nullptr, nullptr,
           [](Settings& s, size_t n) -> Target { return &s.routes[n].group_wait; }},
    Option{"route.group_interval", Kind::span, "0s", "0s", "1d", kNone, true, "",
           "The least time between two messages to one place. What comes meanwhile is told together.",
           nullptr, nullptr,
           [](Settings& s, size_t n) -> Target { return &s.routes[n].group_interval; }},
    Option{"route.repeat", Kind::span, "0s", "0s", "30d", kNone, true, "",
           "How often to remind of an incident that nobody has answered; 0s for never.",
           nullptr, nullptr,
           [](Settings& s, size_t n) -> Target { return &s.routes[n].repeat; }},
};

constexpr std::array kEscalation{
    name_option("escalation.name", "chief", "What the ledger calls it.",
                [](Settings& s, size_t n) -> Target { return &s.escalations[n].name; }),
    Option{"escalation.types", Kind::choices, "", "", "", kIncidentTypes, true, "",
           "Incidents of these types only.",
           nullptr, nullptr,
           [](Settings& s, size_t n) -> Target { return &s.escalations[n].match.types; }},
    Option{"escalation.severity", Kind::choice, "low", "", "", kSeverities, true, "",
           "Incidents of this severity and graver ones only: low, medium, high or critical.",
           nullptr, nullptr,
           [](Settings& s, size_t n) -> Target { return &s.escalations[n].match.severity; }},
    Option{"escalation.sites", Kind::texts, "", "", "", kNone, true, "Main building",
           "The names of sites. Without it: all.",
           nullptr, nullptr,
           [](Settings& s, size_t n) -> Target { return &s.escalations[n].match.sites; }},
    Option{"escalation.departments", Kind::texts, "", "", "", kNone, true, "Laboratory",
           "The names of departments. Without it: all, and what is of none.",
           nullptr, nullptr,
           [](Settings& s, size_t n) -> Target { return &s.escalations[n].match.departments; }},
    Option{"escalation.after", Kind::span, "10m", "1m", "7d", kNone, true, "",
           "How long nobody may have answered: the incident is new, and nobody's.",
           nullptr, nullptr,
           [](Settings& s, size_t n) -> Target { return &s.escalations[n].after; }},
    Option{"escalation.to", Kind::texts, "", "", "", kNone, true, "security",
           "The names of recipients and groups, log, or users:NAME for a group of users ('visitorctl group').",
           nullptr, wrong_addressee,
           [](Settings& s, size_t n) -> Target { return &s.escalations[n].to; }, true},
    Option{"escalation.channels", Kind::choices, "", "", "", kChannels, true, "",
           "On these channels only. Without it: on all that a recipient has.",
           nullptr, nullptr,
           [](Settings& s, size_t n) -> Target { return &s.escalations[n].channels; }},
};

constexpr std::array kS3{
    name_option("s3.name", "offsite", "What this file calls it.",
                [](Settings& s, size_t n) -> Target { return &s.buckets[n].name; }),
    Option{"s3.bucket", Kind::text, "", "", "", kNone, true, "visitor-backups",
           "The bucket that this is about: that of a target s3://visitor-backups/prefix in [backup].",
           nullptr, nullptr,
           [](Settings& s, size_t n) -> Target { return &s.buckets[n].bucket; }, true},
    Option{"s3.endpoint", Kind::text, "", "", "", kNone, true, "https://minio.example.org:9000",
           "Scheme, host and port of the server. Without it: AWS's for the region.",
           nullptr, wrong_web_address,
           [](Settings& s, size_t n) -> Target { return &s.buckets[n].endpoint; }},
    Option{"s3.region", Kind::text, "", "", "", kNone, true, "eu-central-1",
           "Of the bucket. Without it: that of AWS_REGION or the profile, else us-east-1.",
           nullptr, wrong_name,
           [](Settings& s, size_t n) -> Target { return &s.buckets[n].region; }},
    Option{"s3.addressing", Kind::choice, "auto", "", "", kS3Addressing, true, "",
           "Where the bucket is named: in the path, in the host name, or auto, which is host for AWS and else path.",
           nullptr, nullptr,
           [](Settings& s, size_t n) -> Target { return &s.buckets[n].addressing; }},
    Option{"s3.ca_file", Kind::path, "", "", "", kNone, true, "/etc/visitor/minio-ca.pem",
           "Authorities, in PEM, that are believed besides those of the system.",
           nullptr, nullptr,
           [](Settings& s, size_t n) -> Target { return &s.buckets[n].ca_file; }},
    Option{"s3.credentials_file", Kind::path, "", "", "", kNone, true, "backup.s3",
           "A file, readable by its owner only, with keys as ~/.aws/credentials has them. Without it: the systemd "
           "credential backup-s3, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or ~/.aws/credentials.",
           nullptr, nullptr,
           [](Settings& s, size_t n) -> Target { return &s.buckets[n].credentials_file; }},
    Option{"s3.profile", Kind::text, "", "", "", kNone, true, "backup",
           "The section of that file. Without it: AWS_PROFILE, else default.",
           nullptr, nullptr,
           [](Settings& s, size_t n) -> Target { return &s.buckets[n].profile; }},
    Option{"s3.storage_class", Kind::text, "", "", "", kNone, true, "STANDARD_IA",
           "Asked for with each object. Classes that have to be thawed before they are read do not suit.",
           nullptr, wrong_name,
           [](Settings& s, size_t n) -> Target { return &s.buckets[n].storage_class; }},
    Option{"s3.encryption", Kind::choice, "none", "", "", kS3Encryption, true, "",
           "By the server, besides ours: AES256, aws:kms, or none, which leaves it to the bucket.",
           nullptr, nullptr,
           [](Settings& s, size_t n) -> Target { return &s.buckets[n].encryption; }},
    Option{"s3.kms_key", Kind::text, "", "", "", kNone, true, "alias/backup",
           "The key for aws:kms, which it stands for, too. Without it: the account's own.",
           nullptr, nullptr,
           [](Settings& s, size_t n) -> Target { return &s.buckets[n].kms_key; }},
    Option{"s3.lock_mode", Kind::choice, "none", "", "", kS3LockModes, true, "",
           "Object Lock, which the bucket must have: governance, compliance or none. With compliance nobody, the owner "
           "of the account included, can delete a backup before lock_for is over.",
           nullptr, nullptr,
           [](Settings& s, size_t n) -> Target { return &s.buckets[n].lock_mode; }},
    Option{"s3.lock_for", Kind::span, "0s", "0s", "3660d", kNone, true, "",
           "How long from its making on a backup is locked.",
           nullptr, nullptr,
           [](Settings& s, size_t n) -> Target { return &s.buckets[n].lock_for; }},
    Option{"s3.part_size", Kind::size, "8MiB", "5MiB", "1GiB", kNone, true, "",
           "What is sent at once, and so the memory that an upload takes, about. An upload has 10,000 parts at most.",
           nullptr, nullptr,
           [](Settings& s, size_t n) -> Target { return &s.buckets[n].part_size; }},
    Option{"s3.timeout", Kind::span, "120s", "1s", "1h", kNone, true, "",
           "A part that has not arrived within this time is sent again.",
           nullptr, nullptr,
           [](Settings& s, size_t n) -> Target { return &s.buckets[n].timeout; }},
};

constexpr std::array kLists{
    list_of<&Settings::webhooks>("webhook", "A web address that takes alerts as JSON.", kWebhook),
    list_of<&Settings::programs>("exec", "A program that takes alerts as JSON.", kExec),
    list_of<&Settings::recipients>("recipient", "Somebody who can be told.", kRecipient),
    list_of<&Settings::groups>("group", "Several recipients under one name.", kGroup),
    list_of<&Settings::routes>("route", "Who is told what. The first route that matches counts. Without any, everything "
                                        "goes to the log.", kRoute),
    list_of<&Settings::escalations>("escalation", "Who is told of incidents that nobody has answered.", kEscalation),
    list_of<&Settings::buckets>("s3", "How a bucket for backups is spoken to. AWS needs none of this where its region "
                                      "and keys are found in the environment.", kS3),
};
// clang-format on

}  // namespace

std::span<const List> lists() {
  return kLists;
}

}  // namespace visitor::config
