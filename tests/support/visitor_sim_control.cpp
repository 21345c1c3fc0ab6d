#include "support/visitor_sim_control.hpp"

#include <fmt/format.h>
#include <httplib.h>

#include <boost/json.hpp>
#include <functional>
#include <map>

#include "core/error.hpp"
#include "support/visitor_sim_bodies.hpp"
#include "support/visitor_sim_people.hpp"
#include "support/visitor_sim_transport.hpp"

namespace visitor::sim {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;

constexpr std::string_view kHelp = R"(Control port (JSON bodies; every member is optional unless said otherwise):
  POST /walk             {"employee_no","name","card_no","door":1,"reader":1,"minor":75}  -> {"serial"}
  POST /deny             the same with "minor":76, and "times":1 (at most 1000)           -> {"serial"}
  POST /event            {"major" and "minor" (both needed),"employee_no","name","card_no","door","reader",
                          "time":"2026-09-01T12:00:00Z"}                                  -> {"serial"}
  POST /door             {"open" (needed),"door":1}                                       -> {"serial"}
  POST /exit-button      {"door":1}                                                       -> {"serial"}
  POST /remote-open      {"door":1}                                                       -> {"serial"}
  POST /power-on         {}                                                               -> {"serial"}
  POST /backlog          {"count" (needed, at most 1000000),"hours":24,"employee_nos":["1001"]} -> {"serial"}
  POST /fault            {"kind" (needed),"times":1 (0: until cleared),"target":"AcsEvent?","pace_ms":1000}
  POST /clear-faults     {}
  POST /clock            {"offset_seconds"} or {"set":"1970-01-01T00:00:00Z"}
  POST /restart-serials  {"next":1,"wipe":false}
  POST /reboot           {"seconds":5}
  POST /unlock           {}
  POST /certificate      {}  a new key and certificate                                    -> {"sha256"}
  POST /reset-counters   {}
  GET  /state            -> {"profile","url","device_time","locked","faults","counters",
                             "events":[{"serial","time","major","minor","employee_no","door","reader"}]}
  GET  /state?events=no  -> the same without the events
)";

/// A body or member that is not known: 400.
struct Wrong {
  std::string message;
};

/// The members of a body. Each is read once; finish() refuses what nobody read.
class Members {
 public:
  explicit Members(const std::string& body) {
    json::error_code error;
    const auto value = json::parse(body.empty() ? std::string_view{"{}"} : std::string_view{body}, error);
    if (error || !value.is_object()) throw Wrong{"the body is not a JSON object"};
    members_ = value.as_object();
  }

  std::string text(std::string_view name, std::string otherwise = {}) {
    const auto value = take(name);
    if (!value) return otherwise;
    if (!value->is_string()) throw Wrong{fmt::format("{} is not a text", name)};
    return json::value_to<std::string>(*value);
  }
  std::int64_t number(std::string_view name, std::optional<std::int64_t> otherwise, std::int64_t least,
                      std::int64_t most) {
    const auto value = take(name);
    if (!value && otherwise) return *otherwise;
    if (!value || !value->is_int64() || value->as_int64() < least || value->as_int64() > most) {
      throw Wrong{fmt::format("{} is not a whole number from {} to {}", name, least, most)};
    }
    return value->as_int64();
  }
  int small(std::string_view name, std::optional<std::int64_t> otherwise) {
    return static_cast<int>(number(name, otherwise, 0, 0xFFFF));
  }
  bool flag(std::string_view name, std::optional<bool> otherwise) {
    const auto value = take(name);
    if (!value && otherwise) return *otherwise;
    if (!value || !value->is_bool()) throw Wrong{fmt::format("{} is not true or false", name)};
    return value->as_bool();
  }
  std::optional<Instant> time(std::string_view name) {
    const auto value = take(name);
    if (!value) return std::nullopt;
    int year = 0;
    unsigned month = 0;
    unsigned day = 0;
    int hour = 0;
    int minute = 0;
    int second = 0;
    char zone = 0;
    const auto written = value->is_string() ? json::value_to<std::string>(*value) : std::string{};
    if (std::sscanf(written.c_str(), "%4d-%2u-%2uT%2d:%2d:%2d%c", &year, &month, &day, &hour, &minute, &second,
                    &zone) != 7 ||
        zone != 'Z' || written.size() != 20) {
      throw Wrong{fmt::format("{} is not a time such as 2026-09-01T12:00:00Z", name)};
    }
    return std::chrono::sys_days{std::chrono::year{year} / month / day} + std::chrono::hours{hour} +
           std::chrono::minutes{minute} + std::chrono::seconds{second};
  }
  std::optional<json::value> take(std::string_view name) {
    const auto found = members_.find(name);
    if (found == members_.end()) return std::nullopt;
    auto value = found->value();
    members_.erase(found);
    return value;
  }
  void finish() const {
    if (members_.empty()) return;
    throw Wrong{fmt::format("{} is not known here", std::string{members_.begin()->key()})};
  }

 private:
  json::object members_;
};

Passage read_passage(Members& members, int minor) {
  Passage passage;
  passage.person = {members.text("employee_no"), members.text("name"), members.text("card_no")};
  passage.door = members.small("door", 1);
  passage.reader = members.small("reader", 1);
  passage.minor = members.small("minor", minor);
  return passage;
}

json::object serial(std::uint64_t number) {
  return {{"serial", number}};
}

json::object walk(Terminal& terminal, Members& members) {
  const auto passage = read_passage(members, 75);
  members.finish();
  return serial(terminal.walk(passage));
}

json::object deny(Terminal& terminal, Members& members) {
  const auto passage = read_passage(members, 76);
  const auto times = members.number("times", 1, 1, 1000);
  members.finish();
  std::uint64_t last = 0;
  for (std::int64_t i = 0; i < times; ++i) last = terminal.deny(passage);
  return serial(last);
}

json::object event(Terminal& terminal, Members& members) {
  Event row;
  row.major = members.small("major", std::nullopt);
  row.minor = members.small("minor", std::nullopt);
  row.employee_no = members.text("employee_no");
  row.name = members.text("name");
  row.card_no = members.text("card_no");
  row.door = members.small("door", 0);
  row.reader = members.small("reader", 0);
  row.time = members.time("time").value_or(Instant{});
  members.finish();
  return serial(terminal.add({row}));
}

json::object door(Terminal& terminal, Members& members) {
  const bool open = members.flag("open", std::nullopt);
  const auto number = members.small("door", 1);
  members.finish();
  return serial(terminal.door_contact(open, number));
}

json::object exit_button(Terminal& terminal, Members& members) {
  const auto number = members.small("door", 1);
  members.finish();
  return serial(terminal.exit_button(number));
}

json::object remote_open(Terminal& terminal, Members& members) {
  const auto number = members.small("door", 1);
  members.finish();
  return serial(terminal.remote_open(number));
}

json::object power_on(Terminal& terminal, Members& members) {
  members.finish();
  return serial(terminal.power_on());
}

json::object backlog(Terminal& terminal, Members& members) {
  const auto count = members.number("count", std::nullopt, 1, 1'000'000);
  const auto hours = members.number("hours", 24, 0, 24 * 365);
  std::vector<Person> people;
  if (const auto list = members.take("employee_nos")) {
    if (!list->is_array()) throw Wrong{"employee_nos is not a list"};
    for (const auto& item : list->as_array()) {
      if (!item.is_string()) throw Wrong{"employee_nos holds something that is not a text"};
      people.push_back({json::value_to<std::string>(item)});
    }
  }
  members.finish();
  if (people.empty()) people = invent_people(12);
  return serial(terminal.backlog(static_cast<std::size_t>(count), people, std::chrono::hours{hours}));
}

json::object fault(Terminal& terminal, Members& members) {
  const auto name = members.text("kind");
  const auto kind = find_fault(name);
  if (!kind) {
    std::string known;
    for (const auto each : fault_names()) known += fmt::format(" {}", each);
    throw Wrong{fmt::format("kind is none of{}", known)};
  }
  Fault armed;
  armed.kind = *kind;
  armed.times = static_cast<int>(members.number("times", 1, 0, 1'000'000));
  armed.target = members.text("target");
  armed.pace = std::chrono::milliseconds{members.number("pace_ms", 1000, 0, 3'600'000)};
  members.finish();
  terminal.arm(armed);
  return {};
}

json::object clear_faults(Terminal& terminal, Members& members) {
  members.finish();
  terminal.clear_faults();
  return {};
}

json::object clock(Terminal& terminal, Members& members) {
  if (const auto time = members.time("set")) {
    members.finish();
    terminal.set_device_time(*time);
  } else {
    const auto offset = members.number("offset_seconds", std::nullopt, -5'000'000'000, 5'000'000'000);
    members.finish();
    terminal.set_clock_offset(std::chrono::seconds{offset});
  }
  return {{"device_time", to_iso(terminal.device_time())}};
}

json::object restart_serials(Terminal& terminal, Members& members) {
  const auto next = members.number("next", 1, 1, 3'000'000'000);
  const bool wipe = members.flag("wipe", false);
  members.finish();
  if (wipe) terminal.wipe_log();
  terminal.restart_serials(static_cast<std::uint64_t>(next));
  return {};
}

json::object reboot(Terminal& terminal, Members& members) {
  const auto seconds = members.number("seconds", 5, 0, 3600);
  members.finish();
  terminal.reboot(std::chrono::seconds{seconds});
  return {};
}

json::object unlock(Terminal& terminal, Members& members) {
  members.finish();
  terminal.unlock();
  return {};
}

json::object certificate(Terminal& terminal, Members& members) {
  members.finish();
  terminal.replace_certificate();
  return {{"sha256", terminal.certificate_sha256()}};
}

json::object reset_counters(Terminal& terminal, Members& members) {
  members.finish();
  terminal.reset_counters();
  return {};
}

json::object counters_of(const Terminal& terminal) {
  const auto counters = terminal.counters();
  return {{"connections", counters.connections},
          {"requests", counters.requests},
          {"unauthenticated", counters.unauthenticated},
          {"authenticated", counters.authenticated},
          {"stale", counters.stale},
          {"malformed", counters.malformed},
          {"failed_logins", counters.failed_logins},
          {"attempts_while_locked", counters.attempts_while_locked},
          {"parallel", counters.parallel},
          {"searches", counters.searches},
          {"refused", counters.refused},
          {"streams", counters.streams}};
}

json::object state(const Terminal& terminal, bool with_events) {
  json::array faults;
  for (const auto& armed : terminal.faults()) {
    faults.push_back({{"kind", name_of(armed.kind)}, {"times", armed.times}, {"target", armed.target}});
  }
  json::object state{{"profile", terminal.options().profile.name},
                     {"url", terminal.url()},
                     {"device_time", to_iso(terminal.device_time())},
                     {"locked", terminal.locked()},
                     {"faults", std::move(faults)},
                     {"counters", counters_of(terminal)}};
  if (!with_events) return state;
  json::array events;
  for (const auto& event : terminal.events()) {
    events.push_back({{"serial", event.serial},
                      {"time", to_iso(event.time)},
                      {"major", event.major},
                      {"minor", event.minor},
                      {"employee_no", event.employee_no},
                      {"door", event.door},
                      {"reader", event.reader}});
  }
  state["events"] = std::move(events);
  return state;
}

using Command = json::object (*)(Terminal&, Members&);

const std::map<std::string, Command>& commands() {
  static const std::map<std::string, Command> all{{"/walk", walk},
                                                  {"/deny", deny},
                                                  {"/event", event},
                                                  {"/door", door},
                                                  {"/exit-button", exit_button},
                                                  {"/remote-open", remote_open},
                                                  {"/power-on", power_on},
                                                  {"/backlog", backlog},
                                                  {"/fault", fault},
                                                  {"/clear-faults", clear_faults},
                                                  {"/clock", clock},
                                                  {"/restart-serials", restart_serials},
                                                  {"/reboot", reboot},
                                                  {"/unlock", unlock},
                                                  {"/certificate", certificate},
                                                  {"/reset-counters", reset_counters}};
  return all;
}

Answer answer(Terminal& terminal, const HttpRequest& request) {
  const auto reply = [](int status, const json::object& body) {
    return Answer{status, "application/json", json::serialize(body) + "\n", {}, false};
  };
  try {
    if (request.path == "/state" && request.method == "GET") {
      const auto events = request.query.find("events");
      return reply(200, state(terminal, events == request.query.end() || events->second != "no"));
    }
    const auto command = commands().find(request.path);
    if (command == commands().end() || request.method != "POST") {
      return reply(
          404, {{"error", fmt::format("{} {} is not known; see visitor-sim --help", request.method, request.path)}});
    }
    Members members{request.body};
    return reply(200, command->second(terminal, members));
  } catch (const Wrong& wrong) {
    return reply(400, {{"error", wrong.message}});
  } catch (const Error& error) {
    return reply(500, {{"error", error.message()}});
  }
}

}  // namespace

std::string_view control_help() {
  return kHelp;
}

class Control::Impl {
 public:
  Impl(Terminal& terminal, const std::string& host, int port)
      : listener_([&] {
          Listener::Setup setup;
          setup.host = host;
          setup.port = port;
          setup.handle = [&terminal](const HttpRequest& request, Wire& wire) {
            wire.close_after();
            wire.send(print_http(answer(terminal, request), false));
          };
          return setup;
        }()) {}
  int port() const { return listener_.port(); }

 private:
  Listener listener_;
};

Control::Control(Terminal& terminal, const std::string& host, int port)
    : impl_(std::make_unique<Impl>(terminal, host, port)) {}
Control::~Control() = default;
int Control::port() const {
  return impl_->port();
}

bool walk_elsewhere(const std::string& host, int port, const Passage& passage) {
  httplib::Client client{host, port};
  client.set_connection_timeout(2s);
  client.set_read_timeout(2s);
  const json::object body{{"employee_no", passage.person.employee_no},
                          {"name", passage.person.name},
                          {"card_no", passage.person.card_no},
                          {"door", passage.door},
                          {"reader", passage.reader},
                          {"minor", passage.minor}};
  const auto result = client.Post("/walk", json::serialize(body), "application/json");
  return result && result->status == 200;
}

}  // namespace visitor::sim
