#include "support/visitor_sim_log.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <cerrno>
#include <cstring>
#include <fstream>

#include "core/error.hpp"

namespace visitor::sim {
namespace {

namespace json = boost::json;

std::string to_line(const Event& event) {
  const json::object row{{"serial", event.serial},
                         {"time_us", event.time.time_since_epoch().count()},
                         {"major", event.major},
                         {"minor", event.minor},
                         {"employee_no", event.employee_no},
                         {"name", event.name},
                         {"card_no", event.card_no},
                         {"door", event.door},
                         {"reader", event.reader},
                         {"remote_host", event.remote_host},
                         {"picture", event.picture}};
  return json::serialize(row) + "\n";
}

Event to_event(const json::object& row) {
  const auto text = [&](const char* name) { return json::value_to<std::string>(row.at(name)); };
  const auto number = [&](const char* name) { return row.at(name).to_number<std::int64_t>(); };
  Event event;
  event.serial = static_cast<std::uint64_t>(number("serial"));
  event.time = Instant{std::chrono::microseconds{number("time_us")}};
  event.major = static_cast<int>(number("major"));
  event.minor = static_cast<int>(number("minor"));
  event.employee_no = text("employee_no");
  event.name = text("name");
  event.card_no = text("card_no");
  event.door = static_cast<int>(number("door"));
  event.reader = static_cast<int>(number("reader"));
  event.remote_host = text("remote_host");
  event.picture = row.at("picture").as_bool();
  return event;
}

}  // namespace

EventLog::EventLog(std::size_t capacity, const std::filesystem::path& file) : capacity_(capacity) {
  if (file.empty()) return;
  load(file);
  fd_ = ::open(file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (fd_ < 0) {
    throw Error(Errc::usage, fmt::format("cannot write the log file {}: {}", file.string(), std::strerror(errno)));
  }
}

EventLog::~EventLog() {
  if (fd_ >= 0) ::close(fd_);
}

void EventLog::load(const std::filesystem::path& file) {
  std::ifstream in(file);
  if (!in) return;
  std::string line;
  std::uintmax_t whole = 0;
  for (int number = 1; std::getline(in, line) && !in.eof(); ++number) {
    try {
      const auto value = json::parse(line);
      const auto& row = value.as_object();
      if (const auto* next = row.if_contains("next")) {
        if (row.at("wipe").as_bool()) events_.clear();
        next_serial_ = next->to_number<std::uint64_t>();
      } else {
        auto event = to_event(row);
        next_serial_ = event.serial + 1;
        store(std::move(event));
      }
    } catch (const std::exception&) {
      throw Error(Errc::usage, fmt::format("{}:{} is not a line of a visitor-sim log", file.string(), number));
    }
    whole += line.size() + 1;
  }
  std::filesystem::resize_file(file, whole);
}

void EventLog::store(Event event) {
  events_.push_back(std::move(event));
  if (events_.size() > capacity_) {
    events_.pop_front();
    ++first_position_;
  }
}

void EventLog::write(std::string_view text) {
  while (fd_ >= 0 && !text.empty()) {
    const auto written = ::write(fd_, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) throw Error(Errc::failed, fmt::format("cannot write the log file: {}", std::strerror(errno)));
    text.remove_prefix(static_cast<std::size_t>(written));
  }
}

std::uint64_t EventLog::append(std::vector<Event> events) {
  const auto first = next_serial_;
  std::string lines;
  for (auto& event : events) {
    event.serial = next_serial_++;
    if (fd_ >= 0) lines += to_line(event);
  }
  write(lines);
  for (auto& event : events) store(std::move(event));
  return first;
}

std::vector<std::pair<std::uint64_t, Event>> EventLog::from_position(std::uint64_t position, std::size_t limit) const {
  std::vector<std::pair<std::uint64_t, Event>> found;
  for (auto at = std::max(position, first_position_); at < end_position() && found.size() < limit; ++at) {
    found.emplace_back(at, events_[at - first_position_]);
  }
  return found;
}

void EventLog::restart_serials(std::uint64_t next) {
  write(json::serialize(json::object{{"next", next}, {"wipe", false}}) + "\n");
  next_serial_ = next;
}

void EventLog::wipe() {
  write(R"({"next":1,"wipe":true})"
        "\n");
  first_position_ += events_.size();
  events_.clear();
  next_serial_ = 1;
}

}  // namespace visitor::sim
