#include "support/visitor_sim_profiles.hpp"

#include "core/text.hpp"

namespace visitor::sim {
namespace {

using namespace std::chrono_literals;

// Habits and their sources: HIKVISION.md, sections 2 (limits, members), 4 (stream) and 8 (nonces). Some quirks are
// known without the model that has them: past_end, CrowdAnswer::hang and nonce lives that nobody measured are spread
// over the models so that each is met.
std::vector<Profile> make_profiles() {
  std::vector<Profile> all;
  const auto add = [&all](std::string name, std::string model, std::string firmware) -> Profile& {
    all.push_back(Profile{.name = std::move(name), .model = std::move(model), .firmware = std::move(firmware)});
    return all.back();
  };

  auto& k342 = add("K1T342MWX", "DS-K1T342MWX", "V3.16.1");
  k342.lists_pic_enable = true;
  k342.total_before_status = true;
  k342.login_noise = true;
  k342.lock_first = true;
  k342.json_device_info = true;
  k342.slot_hold = 120s;

  auto& k340 = add("K1A340FWX", "DS-K1A340FWX", "V1.2.7");
  k340.max_position = 300'000;
  k340.honours_time_reverse_order = false;
  k340.zero_filled = true;
  k340.prints_empty_list = true;
  k340.wrong_method = WrongMethod::not_found;

  auto& k8003 = add("K1T8003MF", "DS-K1T8003MF", "V1.3.37");
  k8003.max_results = 10;
  k8003.over_limit = OverLimit::refuse;
  k8003.uuid_search_id = false;
  k8003.past_end = PastEnd::bad_parameters;
  k8003.logs_denials = false;

  auto& k804 = add("K1T804AMF", "DS-K1T804AMF", "V1.4.0");
  k804.max_results = 10;
  k804.over_limit = OverLimit::refuse;
  k804.lists_time_reverse_order = false;
  k804.nonce_life = 3500ms;
  k804.stale = StaleAnswer::counted;
  k804.success_clears_failures = false;
  k804.crowd = CrowdAnswer::hang;

  auto& k323 = add("K1T323MBWX", "DS-K1T323MBWX", "V4.23");
  k323.tls = Tls::on;
  k323.lists_pic_enable = true;
  k323.keep_alive = true;
  k323.nonce_life = 3s;
  k323.stale = StaleAnswer::silent;

  auto& k321 = add("K1T321MFWX", "DS-K1T321MFWX", "V3.9.20");
  k321.lists_pic_enable = true;
  k321.nonce_life = 2500ms;
  k321.stale = StaleAnswer::challenge;
  k321.past_end = PastEnd::empty_ok;

  auto& k341 = add("K1T341AM", "DS-K1T341AM", "V3.2.30");
  k341.accepts_window = false;
  k341.lists_time_reverse_order = false;

  auto& k448 = add("V4.48.40", "DS-K1T673DX", "V4.48.40");
  k448.algorithms = {DigestAlgorithm::sha256, DigestAlgorithm::md5};
  k448.nonce_uses = 2;
  k448.stale = StaleAnswer::counted;
  k448.login_body = LoginBody::response_status;
  k448.keep_alive = true;

  // From here on: one quirk each, whose model is not known; the model names only have the right form.
  auto& sha256 = add("sha256-only", "DS-K1T681DBX", "V4.40.0");
  sha256.algorithms = {DigestAlgorithm::sha256};
  sha256.lists_pic_enable = true;

  auto& newest = add("newest-first", "DS-K1T671M", "V3.2.0");
  newest.newest_first = true;
  newest.caches_search = false;
  newest.errors_with_200 = true;
  newest.busy_http_status = 200;

  auto& twin = add("anonymous-twin", "DS-K1T331W", "V1.4.2");
  twin.anonymous_twin = true;

  add("time-local", "DS-K1T605MF", "V2.1.1").time_form = TimeForm::local;
  add("time-compact", "DS-K1T606MF", "V2.1.2").time_form = TimeForm::offset_compact;
  add("time-short-hour", "DS-K1T606M", "V2.1.3").time_form = TimeForm::offset_short_hour;
  add("time-utc", "DS-K1T500S", "V1.1.0").time_form = TimeForm::utc_and_diff;
  add("time-zero", "DS-K1T501SF", "V1.1.1").time_form = TimeForm::zero_but_local;
  return all;
}

const std::vector<Profile>& table() {
  static const auto all = make_profiles();
  return all;
}

}  // namespace

std::span<const Profile> profiles() {
  return table();
}

std::optional<Profile> find_profile(std::string_view name) {
  for (const auto& profile : table()) {
    if (equal_ignoring_case(profile.name, name)) return profile;
  }
  return std::nullopt;
}

}  // namespace visitor::sim
