#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "support/visitor_sim_core.hpp"
#include "support/visitor_sim_transport.hpp"

namespace visitor::sim {

struct Answer {
  int status = 200;
  std::string content_type{};
  std::string body{};
  std::vector<std::pair<std::string, std::string>> headers{};
  bool refused = false;
};

/// The bodies of HIKVISION.md section 1.
enum class Refusal {
  bad_parameters,
  parameters_lack,
  beyond_range,
  bad_json_format,
  bad_json_content,
  bad_url_format,
  not_support,
  method_not_allowed,
  invalid_operation,
  bad_xml_format,
  bad_xml_content,
  device_busy,
  device_error,
};

/// JSON where the request says format=json, XML elsewhere; HTTP status as the profile has it.
/// \param message  errorMsg, such as the name of the member; empty: as subStatusCode
Answer refuse(const Core& core, const HttpRequest& request, Refusal refusal, std::string_view message = {});

/// The 401 (or 400 for a header that cannot be read) for an admission that was not granted.
Answer refuse_login(const Core& core, const Admission& admission);

Answer device_info(const Core& core, const HttpRequest& request);
Answer device_time(const Core& core);
Answer user_check();
/// The ResponseStatus of a request that was done.
Answer done(const HttpRequest& request);

std::string print_time(const Core& core, Instant time);
/// "+05:00"
std::string print_offset(std::chrono::minutes offset);
std::string mac_address(const TerminalOptions& options);

/// The bytes of an answer, with the headers of a terminal.
std::string print_http(const Answer& answer, bool keep_alive);

}  // namespace visitor::sim
