#include "support/visitor_sim_time.hpp"

#include <map>
#include <pugixml.hpp>
#include <regex>

namespace visitor::sim {
namespace {

using std::chrono::minutes;

/// Children of Time by name; nothing where one comes twice, has children or is not one of the three.
std::optional<std::map<std::string, std::string>> members(const pugi::xml_node& time) {
  std::map<std::string, std::string> all;
  for (const auto& child : time.children()) {
    const std::string name = child.name();
    if (name != "timeMode" && name != "localTime" && name != "timeZone") return std::nullopt;
    if (child.first_child() != child.last_child() || !all.emplace(name, child.text().get()).second) return std::nullopt;
  }
  return all;
}

int number(const std::string& text) {
  return std::stoi(text);
}

std::optional<std::chrono::local_seconds> face(const std::string& text) {
  static const std::regex kFace{R"((\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d))"};
  std::smatch part;
  if (!std::regex_match(text, part, kFace)) return std::nullopt;
  using namespace std::chrono;
  const year_month_day day{year{number(part[1])}, month{static_cast<unsigned>(number(part[2]))},
                           std::chrono::day{static_cast<unsigned>(number(part[3]))}};
  const int hour = number(part[4]), minute = number(part[5]), second = number(part[6]);
  if (!day.ok() || hour > 23 || minute > 59 || second > 59) return std::nullopt;
  return local_days{day} + hours{hour} + minutes{minute} + seconds{second};
}

/// The letters are always CST, the sign is POSIX's.
std::optional<minutes> zone(const std::string& text) {
  static const std::regex kZone{R"(CST([+-])(\d{1,2}):(\d\d):00)"};
  std::smatch part;
  if (!std::regex_match(text, part, kZone)) return std::nullopt;
  const minutes length{number(part[2]) * 60 + number(part[3])};
  if (length > minutes{14 * 60}) return std::nullopt;
  return part[1] == "-" ? length : -length;
}

}  // namespace

Answer set_time(Core& core, const HttpRequest& request) {
  pugi::xml_document document;
  if (!document.load_buffer(request.body.data(), request.body.size()))
    return refuse(core, request, Refusal::bad_xml_format);
  const auto root = document.child("Time");
  const auto given = root ? members(root) : std::nullopt;
  if (!given || given->size() != 3) return refuse(core, request, Refusal::bad_xml_content);
  const auto local = face(given->at("localTime"));
  const auto offset = zone(given->at("timeZone"));
  if (given->at("timeMode") != "manual" || !local || !offset) return refuse(core, request, Refusal::bad_xml_content);

  core.options.utc_offset = *offset;
  core.time_mode = "manual";
  core.clock_offset = Instant{local->time_since_epoch()} - *offset - core.now();
  Event set;
  set.major = 3;
  set.minor = 1028;
  core.add({set});
  return done(request);
}

}  // namespace visitor::sim
