#include <array>

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

constexpr std::array kLists{
    list_of<&Settings::webhooks>("webhook", "A web address that takes alerts as JSON.", kWebhook),
    list_of<&Settings::programs>("exec", "A program that takes alerts as JSON.", kExec),
};
// clang-format on

}  // namespace

std::span<const List> lists() {
  return kLists;
}

}  // namespace visitor::config
