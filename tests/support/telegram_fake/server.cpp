#include "support/telegram_fake/server.hpp"

#include <fmt/format.h>
#include <httplib.h>

#include <algorithm>
#include <boost/json.hpp>
#include <condition_variable>
#include <cstdlib>
#include <mutex>
#include <thread>

#include "support/telegram_fake/control.hpp"
#include "support/visitor_sim_transport.hpp"

namespace visitor::telegram_fake {
namespace {

namespace json = boost::json;
using std::chrono::milliseconds;

Time system_time() {
  return std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
}

/// Fields of a JSON object or of a form; nothing where the body is neither.
std::optional<Wish> wish_of(const sim::HttpRequest& request) {
  Wish wish;
  for (const auto& part : request.parts) {
    if (part.filename.empty())
      wish.text[part.name] = part.content;
    else if (part.name == "photo")
      wish.photo = part.content;
  }
  if (!request.parts.empty()) return wish;
  json::error_code error;
  const auto value = json::parse(request.body.empty() ? std::string{"{}"} : request.body, error);
  if (error || !value.is_object()) return std::nullopt;
  for (const auto& [name, field] : value.get_object())
    wish.text[name] = field.is_string() ? std::string{field.get_string()} : json::serialize(field);
  return wish;
}

std::string text(const Wish& wish, const std::string& name) {
  const auto found = wish.text.find(name);
  return found == wish.text.end() ? "" : found->second;
}

std::int64_t number(const Wish& wish, const std::string& name) {
  return std::strtoll(text(wish, name).c_str(), nullptr, 10);
}

void send(sim::Wire& wire, int code, std::string_view type, std::string_view body) {
  wire.send(fmt::format("HTTP/1.1 {} {}\r\nContent-Type: {}\r\nContent-Length: {}\r\n\r\n{}", code,
                        code == 200 ? "OK" : "Error", type, body.size(), body));
}

}  // namespace

class Server::Impl {
 public:
  Impl(ServerOptions options, Server& server)
      : options_(std::move(options)), server_(server), state_(options_.limits, options_.any_chat) {
    if (!options_.now) options_.now = system_time;
    sim::Listener::Setup setup;
    setup.host = options_.host;
    setup.port = options_.port;
    setup.handle = [this](const sim::HttpRequest& request, sim::Wire& wire) { handle(request, wire); };
    listener_ = std::make_unique<sim::Listener>(std::move(setup));
    pushing_ = std::thread{[this] { push(); }};
  }

  ~Impl() {
    {
      const std::lock_guard lock{mutex_};
      stopping_ = true;
    }
    changed_.notify_all();
    listener_.reset();
    pushing_.join();
  }

  template <class Use>
  auto locked(Use&& use) {
    const std::lock_guard lock{mutex_};
    struct Notice {
      std::condition_variable& changed;
      ~Notice() { changed.notify_all(); }
    } notice{changed_};
    return use();
  }

  const ServerOptions& options() const { return options_; }
  int port() const { return listener_->port(); }

 private:
  friend class Server;

  void handle(const sim::HttpRequest& request, sim::Wire& wire) {
    if (request.path.starts_with("/control/")) {
      const auto [code, body] = control(server_, request);
      return send(wire, code, code == 200 ? "application/json" : "text/plain", body);
    }
    const auto slash = request.path.rfind('/');
    if (!request.path.starts_with("/bot") || slash < 4)
      return send(wire, 404, "application/json", Answer{404, "Not Found"}.json());
    const auto wish = wish_of(request);
    const auto method = request.path.substr(slash + 1);

    std::unique_lock lock{mutex_};
    Answer answer;
    const auto fault = check(request.path.substr(4, slash - 4), method, wish, answer);
    const auto kind = fault ? std::optional{fault->kind} : std::nullopt;
    if (answer.code == 200 && kind != Fault::Kind::lose && kind != Fault::Kind::html) answer = act(method, *wish, lock);
    calls_.push_back({method, wish ? text(*wish, "chat_id") : "", kind ? fault->code : answer.code});
    changed_.notify_all();
    lock.unlock();

    if (kind == Fault::Kind::html) return send(wire, fault->code, "text/html", "<html><body>Bad Gateway</body></html>");
    if (kind == Fault::Kind::hang) wire.wait(std::chrono::minutes{10});
    if (kind && kind != Fault::Kind::error) return wire.close_after();
    send(wire, answer.code, "application/json", answer.json());
  }

  /// Writes into \p answer why the call cannot be carried out, if so.
  std::optional<Fault> check(const std::string& token, const std::string& method, const std::optional<Wish>& wish,
                             Answer& answer) {
    if (token != options_.token) {
      answer = token.find(':') == std::string::npos ? Answer{404, "Not Found"} : Answer{401, "Unauthorized"};
      return std::nullopt;
    }
    if (!wish) {
      answer = {400, "Bad Request: can't parse the request"};
      return std::nullopt;
    }
    auto fault = take_fault(method);
    if (fault && fault->kind == Fault::Kind::error) {
      answer = {fault->code, fault->description};
      answer.retry_after = fault->retry_after;
    }
    return fault;
  }

  std::optional<Fault> take_fault(const std::string& method) {
    for (auto it = faults_.begin(); it != faults_.end(); ++it) {
      if (it->method.empty() ? method == "getUpdates" : it->method != method) continue;
      auto fault = *it;
      if (--it->count <= 0) faults_.erase(it);
      return fault;
    }
    return std::nullopt;
  }

  Answer act(const std::string& method, const Wish& wish, std::unique_lock<std::mutex>& lock) {
    if (method == "getUpdates") return get_updates(wish, lock);
    if (method == "getMe") {
      Answer answer;
      answer.result = fmt::format(R"({{"id":{},"is_bot":true,"first_name":"Visitor","username":"visitor_fake_bot"}})",
                                  options_.token.substr(0, options_.token.find(':')));
      return answer;
    }
    if (method == "setWebhook") {
      const auto secret = text(wish, "secret_token");
      const bool clean = std::all_of(secret.begin(), secret.end(), [](unsigned char c) {
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_' || c == '-';
      });
      if (!clean || secret.size() > 256) return {400, "Bad Request: secret token contains unallowed characters"};
      webhook_ = text(wish, "url");
      webhook_secret_ = secret;
      return {};
    }
    if (method == "deleteWebhook") {
      webhook_.clear();
      webhook_secret_.clear();
      return {};
    }
    return state_.call(method, wish, options_.now());
  }

  Answer get_updates(const Wish& wish, std::unique_lock<std::mutex>& lock) {
    if (!webhook_.empty())
      return {409,
              "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the "
              "webhook first"};
    const auto offset = number(wish, "offset");
    const auto limit =
        static_cast<int>(wish.text.contains("limit") ? std::clamp<std::int64_t>(number(wish, "limit"), 1, 100) : 100);
    const auto wait = std::min<milliseconds>(std::chrono::seconds{number(wish, "timeout")}, options_.longest_poll);
    const auto until = std::chrono::steady_clock::now() + wait;
    const auto turn = ++poll_;
    changed_.notify_all();
    auto list = state_.updates(offset, limit);
    while (list.empty() && !stopping_ && turn == poll_ && changed_.wait_until(lock, until) != std::cv_status::timeout)
      list = state_.updates(0, limit);
    if (turn != poll_)
      return {409, "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"};
    Answer answer;
    answer.result = "[" + list + "]";
    return answer;
  }

  /// Hands updates to the webhook, one after the other, each until it is taken.
  void push() {
    std::unique_lock lock{mutex_};
    while (!stopping_) {
      const auto update = webhook_.empty() ? std::nullopt : state_.oldest();
      if (!update) {
        changed_.wait(lock);
        continue;
      }
      const auto slash = webhook_.find('/', webhook_.find("//") + 2);
      const auto origin = webhook_.substr(0, slash);
      const auto path = slash == std::string::npos ? std::string{"/"} : webhook_.substr(slash);
      const httplib::Headers headers{{"X-Telegram-Bot-Api-Secret-Token", webhook_secret_}};
      lock.unlock();
      httplib::Client client{origin};
      const auto result = client.Post(path, headers, update->second, "application/json");
      lock.lock();
      if (result && result->status / 100 == 2)
        state_.forget(update->first);
      else
        changed_.wait_for(lock, milliseconds{50});
    }
  }

  ServerOptions options_;
  Server& server_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool stopping_ = false;
  State state_;
  std::vector<Fault> faults_;
  std::vector<Call> calls_;
  std::uint64_t poll_ = 0;
  std::string webhook_, webhook_secret_;
  std::unique_ptr<sim::Listener> listener_;
  std::thread pushing_;
};

Server::Server(ServerOptions options) : impl_(std::make_unique<Impl>(std::move(options), *this)) {}
Server::~Server() = default;

int Server::port() const {
  return impl_->port();
}
std::string Server::url() const {
  return fmt::format("http://{}:{}", impl_->options().host, impl_->port());
}
const std::string& Server::token() const {
  return impl_->options().token;
}
void Server::with(const std::function<void(State&)>& use) {
  impl_->locked([&] { use(impl_->state_); });
}
void Server::fail(Fault fault) {
  impl_->locked([&] { impl_->faults_.push_back(std::move(fault)); });
}
std::vector<Call> Server::calls() const {
  return impl_->locked([&] { return impl_->calls_; });
}
int Server::calls_of(const std::string& method) const {
  const auto all = calls();
  return static_cast<int>(
      std::count_if(all.begin(), all.end(), [&](const Call& call) { return call.method == method; }));
}
std::vector<Shown> Server::shown(std::int64_t chat) const {
  return impl_->locked([&] {
    std::vector<Shown> list;
    if (const auto* found = impl_->state_.find_chat(chat))
      for (const auto& message : found->messages)
        if (!message.deleted) list.push_back(message);
    return list;
  });
}
std::string Server::press(std::int64_t chat, std::int64_t message, const Person& by, const std::string& data) {
  return impl_->locked([&] { return impl_->state_.press(chat, message, by, data); });
}
void Server::say(std::int64_t chat, const Person& by, const std::string& text) {
  impl_->locked([&] { impl_->state_.say(chat, by, text); });
}
std::vector<PressAnswer> Server::answers() const {
  return impl_->locked([&] { return impl_->state_.answers(); });
}
std::size_t Server::updates_waiting() const {
  return impl_->locked([&] { return impl_->state_.waiting(); });
}
std::string Server::webhook() const {
  return impl_->locked([&] { return impl_->webhook_; });
}
std::string Server::webhook_secret() const {
  return impl_->locked([&] { return impl_->webhook_secret_; });
}

}  // namespace visitor::telegram_fake
