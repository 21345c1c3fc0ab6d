#include "cli/terminal_check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "core/clock.hpp"

namespace visitor::cli {
namespace {

using hikvision::Failure;
using hikvision::FailureKind;
using Result = CheckStep::Result;
using std::chrono::seconds;

constexpr seconds kMuchDrift{30};  // as the rule clock_drift
constexpr int kUsualPage = 30;
constexpr int kSmallestPage = 10;  // DS-K1T8003MF and DS-K1T804AMF refuse more

/// The connection stands, and what came over it refuses us.
bool is_about_login(FailureKind kind) {
  return kind == FailureKind::wrong_password || kind == FailureKind::locked || kind == FailureKind::refused;
}

bool never_arrived(FailureKind kind) {
  return kind == FailureKind::offline || kind == FailureKind::timeout || kind == FailureKind::tls ||
         kind == FailureKind::certificate_changed || kind == FailureKind::interrupted;
}

class Walk {
 public:
  Walk(hikvision::Client& client, const KnownTerminal& known, const std::function<void(const CheckStep&)>& tell)
      : client_(client), known_(known), tell_(tell) {}

  std::optional<Failure> run() {
    const bool good = identity() && clock() && capabilities() && page();
    if (!good) skip_rest();
    return failure_;
  }

 private:
  void end(std::string step, Result result, std::string message, std::string hint = {}) {
    tell_({std::move(step), result, std::move(message), std::move(hint)});
    ++done_;
  }

  bool fail(std::string step, const Failure& failure) {
    end(std::move(step), Result::failed, failure.message, failure.hint);
    failure_ = failure;
    return false;
  }

  void skip_rest() {
    constexpr std::array kSteps{"connect", "log_in", "identity", "clock", "capabilities", "page"};
    while (done_ < kSteps.size()) end(kSteps[done_], Result::skipped, "");
  }

  /// The first request shows all three: whether there is somebody, whether we may come in, and who it is.
  bool identity() {
    const auto info = client_.device_info();
    if (!info && never_arrived(info.failure().kind)) return fail("connect", info.failure());
    const auto certificate = client_.certificate();
    end("connect", Result::ok, certificate ? "TLS, certificate SHA-256 " + net::to_text(*certificate) : "");
    if (!info && is_about_login(info.failure().kind)) return fail("log_in", info.failure());
    end("log_in", Result::ok, "");
    if (!info) return fail("identity", info.failure());
    auto text = fmt::format("{}, firmware {}, serial number {}", info->model.value_or("unnamed model"),
                            info->firmware_version.value_or("unknown"), info->serial_number.value_or("unknown"));
    hikvision::DeviceInfo before;
    if (!known_.serial_number.empty()) before.serial_number = known_.serial_number;
    if (!known_.mac_address.empty()) before.mac_address = known_.mac_address;
    if ((before.serial_number || before.mac_address) && !hikvision::is_same_device(before, *info))
      return fail("identity",
                  {.kind = FailureKind::bad_answer,
                   .message = fmt::format("another device answers: {} instead of {}",
                                          info->serial_number.value_or("unnamed"), known_.serial_number),
                   .hint = "Give this terminal its right address, or add the new device as a terminal of its own."});
    end("identity", Result::ok, std::move(text));
    return true;
  }

  bool clock() {
    const auto reading = client_.system_time();
    if (!reading && reading.failure().kind == FailureKind::not_supported) {
      end("clock", Result::warning, "this model does not show its clock",
          "Its events are taken to be in the time zone of the site.");
      return true;
    }
    if (!reading) return fail("clock", reading.failure());
    offset_ = reading->time.offset();
    device_now_ = reading->time.instant();
    const auto ahead = reading->ahead();
    if (!ahead) {
      end("clock", Result::warning, "it shows " + reading->time.local_time.text + " without an offset from UTC",
          "Set the time zone of the terminal; until then the site's is used.");
      return true;
    }
    const auto drift = std::chrono::duration<double>(*ahead);
    const auto text =
        fmt::format("{:+.1f} s from ours, {}", drift.count(), reading->time.mode.value_or("mode unknown"));
    const bool much = std::chrono::abs(*ahead) > kMuchDrift;
    end("clock", much ? Result::warning : Result::ok, text,
        much ? "Let the terminal keep time by NTP; check-ins count at the time of its clock." : "");
    return true;
  }

  bool capabilities() {
    const auto answer = client_.event_capabilities();
    if (!answer && answer.failure().kind == FailureKind::not_supported) {
      end("capabilities", Result::warning, "this model does not say what it can do", "The least is asked of it.");
      return true;
    }
    if (!answer) return fail("capabilities", answer.failure());
    capabilities_ = *answer;
    page_size_ = static_cast<int>(std::clamp<std::int64_t>(capabilities_.max_results.value_or(kUsualPage), 1, 30));
    end("capabilities", Result::ok,
        fmt::format("{} events a page",
                    capabilities_.max_results ? fmt::to_string(*capabilities_.max_results) : "unknown number of"));
    return true;
  }

  hikvision::SearchRequest request(int rows) const {
    hikvision::SearchRequest search;
    search.search_id = hikvision::make_search_id();
    search.max_results = rows;
    if (offset_ && device_now_) {
      search.start_time = hikvision::search_time(*device_now_ - std::chrono::hours{24}, *offset_);
      search.end_time = hikvision::search_time(*device_now_, *offset_);
    }
    if (capabilities_.pic_enable) search.pictures = false;
    return search;
  }

  bool page() {
    auto answer = client_.search_events(request(page_size_));
    if (!answer && answer.failure().kind == FailureKind::bad_parameters && page_size_ > kSmallestPage)
      answer = client_.search_events(request(kSmallestPage));
    if (!answer) return fail("page", answer.failure());
    const auto total = answer->total_matches;
    end("page", Result::ok,
        fmt::format("{} of {} events of the last day", answer->arrived(),
                    total ? fmt::to_string(*total) : "an unknown number of"));
    return true;
  }

  hikvision::Client& client_;
  const KnownTerminal& known_;
  const std::function<void(const CheckStep&)>& tell_;
  std::optional<Failure> failure_;
  std::size_t done_ = 0;
  hikvision::EventCapabilities capabilities_;
  std::optional<seconds> offset_;
  std::optional<Instant> device_now_;
  int page_size_ = kSmallestPage;
};

}  // namespace

std::string_view name(CheckStep::Result result) {
  switch (result) {
    case Result::ok:
      return "ok";
    case Result::warning:
      return "warning";
    case Result::failed:
      return "failed";
    case Result::skipped:
      return "skipped";
  }
  return "";
}

void write(JsonWriter& json, const CheckStep& step) {
  json.begin_object().member("name", step.name).member("result", name(step.result));
  json.text_member("message", step.message).text_member("hint", step.hint).end();
}

std::optional<hikvision::Failure> check_terminal(hikvision::Client& client, const KnownTerminal& known,
                                                 const std::function<void(const CheckStep&)>& tell) {
  return Walk{client, known, tell}.run();
}

}  // namespace visitor::cli
