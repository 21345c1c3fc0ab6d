#include "daemon/http/server.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <condition_variable>
#include <iterator>
#include <map>
#include <mutex>
#include <set>
#include <thread>
#include <utility>

#include "core/error.hpp"
#include "core/log.hpp"
#include "core/text.hpp"
#include "core/vault.hpp"
#include "daemon/http/company.hpp"
#include "daemon/http/forwarded.hpp"
#include "daemon/http/request_reader.hpp"
#include "daemon/http/worker_pool.hpp"

namespace visitor::http {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace wire = boost::beast::http;
using asio::ip::tcp;
using boost::system::error_code;
using std::chrono::milliseconds;
using SteadyClock = std::chrono::steady_clock;

constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);
constexpr milliseconds kLinger{1'000};
constexpr std::size_t kLingerBytes = 256 * 1024;
constexpr std::size_t kRefusing = 64;  // connections that are told "too many" at the same time
constexpr int kBacklog = 1024;
constexpr milliseconds kBusyPause{50};
constexpr std::size_t kPiece = 4096;             // that is read at once
constexpr auto kHttpsOnly = "max-age=15768000";  // half a year

/// Pages are plain text or JSON: nothing may be loaded, framed, sniffed or kept.
constexpr std::array<std::pair<std::string_view, std::string_view>, 5> kSecurityHeaders{{
    {"X-Content-Type-Options", "nosniff"},
    {"X-Frame-Options", "DENY"},
    {"Referrer-Policy", "no-referrer"},
    {"Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"},
    {"Cache-Control", "no-store"},
}};

bool is_request_id(std::string_view text) {
  return !text.empty() && text.size() <= 64 && std::ranges::all_of(text, [](unsigned char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_' ||
           c == '.';
  });
}

/// "Tue, 01 Sep 2026 17:27:53 GMT". Source: RFC 9110, 5.6.7.
std::string http_date(std::chrono::system_clock::time_point now) {
  const auto day = std::chrono::floor<std::chrono::days>(now);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss time{std::chrono::floor<std::chrono::seconds>(now - day)};
  constexpr std::array<std::string_view, 7> kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array<std::string_view, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT", kDays[std::chrono::weekday{day}.c_encoding()],
                     static_cast<unsigned>(date.day()), kMonths[static_cast<unsigned>(date.month()) - 1],
                     static_cast<int>(date.year()), time.hours().count(), time.minutes().count(),
                     time.seconds().count());
}

Response answer(const Handler& handler, const Request& request) {
  try {
    return handler(request);
  } catch (const Error& error) {
    const auto status = info(error.code()).http_status;
    const bool for_client = error.code() == Errc::usage || error.code() == Errc::not_found ||
                            error.code() == Errc::conflict || error.code() == Errc::denied;
    if (!for_client)
      log::warn("http: {} {} failed ({}): {}", request.method, request.path, request.id, error.message());
    return error_response(status, for_client ? std::string_view{error.message()} : "see the log, by the request id");
  } catch (const std::exception& error) {
    log::error("http: {} {} failed ({}): {}", request.method, request.path, request.id, error.what());
    return error_response(500, "see the log, by the request id");
  }
}

Response busy_response() {
  auto response = error_response(503, "too busy just now");
  response.headers.emplace_back("Retry-After", "1");
  return response;
}

/// Empty where there is none.
std::string next_piece(Source& source, const std::string& id) {
  try {
    return source.next();
  } catch (const std::exception& error) {
    log::warn("http: an answer was broken off ({}): {}", id, error.what());
    return "";
  }
}

using TlsStream = asio::ssl::stream<beast::tcp_stream>;

struct Session {
  beast::tcp_stream& stream;
  bool idle = true;                                         // between two requests
  std::optional<SteadyClock::time_point> waits_since = {};  // for the client to say something
};

/// One more, for as long as it is there.
class Counted {
 public:
  explicit Counted(std::size_t* count) : count_(count) {
    if (count_ != nullptr) ++*count_;
  }
  ~Counted() {
    if (count_ != nullptr) --*count_;
  }
  Counted(const Counted&) = delete;
  Counted& operator=(const Counted&) = delete;

 private:
  std::size_t* count_;
};

beast::tcp_stream& lowest(beast::tcp_stream& stream) {
  return stream;
}
beast::tcp_stream& lowest(TlsStream& stream) {
  return stream.next_layer();
}

/// Lets the answer get through to a client that is still sending.
asio::awaitable<void> linger(beast::tcp_stream& stream) {
  error_code ignored;
  stream.socket().shutdown(tcp::socket::shutdown_send, ignored);
  stream.expires_after(kLinger);
  std::array<char, 4096> scrap;
  for (std::size_t total = 0; total < kLingerBytes;) {
    auto [error, size] = co_await stream.async_read_some(asio::buffer(scrap), kAwait);
    if (error) co_return;
    total += size;
  }
}
asio::awaitable<void> linger(TlsStream& stream) {
  lowest(stream).expires_after(kLinger);
  co_await stream.async_shutdown(kAwait);
}

/// Counts of one route. Statuses are counted by class, so their number is bounded.
struct RouteMetrics {
  std::array<app::Counter*, 4> by_class{};  // 2xx to 5xx
  app::Histogram* duration = nullptr;

  RouteMetrics(app::Registry& registry, const std::string& route) {
    for (std::size_t i = 0; i < by_class.size(); ++i)
      by_class[i] = &registry.counter("visitor_http_requests_total", "HTTP requests answered, by route and status.",
                                      {{"route", route}, {"status", fmt::format("{}xx", i + 2)}});
    duration =
        &registry.histogram("visitor_http_request_duration_seconds", "From the whole request to the answer, by route.",
                            app::duration_bounds(), {{"route", route}});
  }

  void note(int status, SteadyClock::duration took) const {
    by_class[static_cast<std::size_t>(std::clamp(status / 100, 2, 5) - 2)]->add();
    duration->observe(std::chrono::duration<double>(took).count());
  }
};

tcp::endpoint endpoint_of(const ServerOptions& options) {
  error_code error;
  const auto address = asio::ip::make_address(options.address, error);
  if (error)
    throw Error(Errc::config, fmt::format("cannot listen on {}: it is not an IP address", options.address),
                "Correct [http] address.");
  return {address, options.port};
}

void listen_on(tcp::acceptor& acceptor, const ServerOptions& options) {
  error_code error;
  const auto endpoint = endpoint_of(options);
  const auto need = [&] {
    if (!error) return;
    throw Error(Errc::config,
                fmt::format("cannot listen on {} port {}: {}", options.address, options.port, error.message()),
                error == asio::error::address_in_use ? "Another program uses that port; change [http] port, or stop it."
                                                     : "Correct [http] address and port.");
  };
  acceptor.open(endpoint.protocol(), error);
  need();
  acceptor.set_option(tcp::acceptor::reuse_address{true}, error);
  need();
  acceptor.bind(endpoint, error);
  need();
  acceptor.listen(kBacklog, error);
  need();
}

void adopt(tcp::acceptor& acceptor, const Fd& listening) {
  sockaddr_storage address{};
  socklen_t length = sizeof address;
  const bool known = getsockname(listening.get(), reinterpret_cast<sockaddr*>(&address), &length) == 0 &&
                     (address.ss_family == AF_INET || address.ss_family == AF_INET6);
  const int copy = known ? fcntl(listening.get(), F_DUPFD_CLOEXEC, 0) : -1;
  error_code error;
  if (copy >= 0) acceptor.assign(address.ss_family == AF_INET6 ? tcp::v6() : tcp::v4(), copy, error);
  if (copy < 0 || error)
    throw Error(Errc::config, "the socket that the service manager handed over is not a listening TCP socket",
                "Use ListenStream= with a TCP port in visitord.socket.");
}

}  // namespace

struct Server::Impl {
  Impl(ServerOptions given, Router routes, app::Registry& registry);
  ~Impl();
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  asio::awaitable<void> accept();
  asio::awaitable<void> serve(tcp::socket socket);
  asio::awaitable<void> serve_tls(Session& session, TlsStream& stream, const std::string& remote);
  asio::awaitable<void> refuse(tcp::socket socket);
  /// Answers requests until the connection is to be closed.
  template <class Stream>
  asio::awaitable<void> converse(Session& session, Stream& stream, const std::string& remote);
  /// Reads one request and answers it. \returns false where the connection is to be closed
  template <class Stream>
  asio::awaitable<bool> exchange(Session& session, Stream& stream, beast::flat_buffer& buffer,
                                 const std::string& remote);
  /// \returns false where the connection ends before there is a request, or something that is none
  template <class Stream>
  asio::awaitable<bool> read(Stream& stream, beast::flat_buffer& buffer, RequestReader& reader);
  /// What \p work returns, done on \p pool; nothing where its queue is full.
  /// \param work  outlives the call
  template <class T>
  asio::awaitable<std::optional<T>> on_pool(WorkerPool& pool, const std::function<T()>& work);
  asio::awaitable<Response> first_answer(const Route& route, const Request& request);
  asio::awaitable<Response> on_worker(const Route& route, const Request& request);
  /// \returns false where too much waits for a worker
  bool handle_alone(Waiting waiting);
  /// Goes on with those who have waited. Any thread.
  void hand_over(Company::Answered answered);
  /// The status line and the fields of an answer with the empty line after them.
  std::string head_of(const Response& response, const std::string& id, bool keep_alive);
  /// \returns false where it could not be written
  template <class Stream>
  asio::awaitable<bool> write(Stream& stream, const Response& response, const std::string& id, bool head,
                              bool keep_alive);
  /// The pieces of a body. \returns false where it was broken off
  template <class Stream>
  asio::awaitable<bool> write_source(Stream& stream, const std::shared_ptr<Source>& source, const std::string& id);
  /// Any thread.
  void close_sessions(bool only_idle);
  /// Closes the connection that has waited for its client the longest. \returns false where none does
  bool make_room();

  // Coroutines that have not ended when io goes still use these, so io comes after them.
  ServerOptions options;
  Router router;
  std::map<const Route*, RouteMetrics> metrics;  // nullptr: no route
  app::Counter& accepted;
  app::Counter& refused;
  app::Counter& evicted;
  std::set<Session*> sessions;  // used by io's thread only
  std::size_t refusing = 0;
  std::size_t streams = 0;
  std::chrono::sys_seconds date_second{};
  std::string date;  // of that second, as a field
  bool draining = false;
  std::mutex mutex;
  std::condition_variable changed;
  std::atomic<std::size_t> connections{0};

  std::uint16_t port = 0;

  asio::io_context io{1};
  tcp::acceptor acceptor{io};
  std::unique_ptr<Company> company;
  std::unique_ptr<WorkerPool> workers;
  std::unique_ptr<WorkerPool> slow_workers;
  std::thread thread;
};

Server::Impl::Impl(ServerOptions given, Router routes, app::Registry& registry)
    : options(std::move(given)),
      router(std::move(routes)),
      accepted(registry.counter("visitor_http_connections_total", "TCP connections taken.")),
      refused(registry.counter("visitor_http_connections_refused_total", "TCP connections above the limit.")),
      evicted(registry.counter("visitor_http_connections_evicted_total",
                               "Waiting TCP connections that were closed to let others in.")) {
  for (const auto& route : router.routes()) metrics.try_emplace(&route, registry, route.path);
  metrics.try_emplace(nullptr, registry, "other");
  if (options.listening)
    adopt(acceptor, options.listening);
  else
    listen_on(acceptor, options);
  error_code ignored;
  port = acceptor.local_endpoint(ignored).port();
  workers = std::make_unique<WorkerPool>(options.workers, options.worker_queue);
  slow_workers = std::make_unique<WorkerPool>(options.slow_workers, options.slow_queue);
  company = std::make_unique<Company>(
      *workers, options.workers, options.worker_queue,
      [this](Waiting waiting) {
        if (!handle_alone(waiting)) hand_over({{std::move(waiting), busy_response()}});
      },
      [this](Company::Answered answered) { hand_over(std::move(answered)); });
  asio::co_spawn(io, accept(), asio::detached);
  thread = std::thread{[this] { io.run(); }};
}

Server::Impl::~Impl() {
  io.stop();
  thread.join();
  // Only now: what a worker finishes is handed to io, which no longer runs.
  workers.reset();
  slow_workers.reset();
}

asio::awaitable<void> Server::Impl::accept() {
  asio::steady_timer pause{io};
  bool complained = false;
  for (;;) {
    auto [error, socket] = co_await acceptor.async_accept(kAwait);
    if (!acceptor.is_open()) co_return;
    if (error) {
      // Out of descriptors, most likely: those in use come back.
      if (!std::exchange(complained, true)) log::warn("http: cannot take connections: {}", error.message());
      pause.expires_after(milliseconds{100});
      co_await pause.async_wait(kAwait);
      continue;
    }
    complained = false;
    accepted.add();
    // Whoever only waits does not keep others out: his client opens another one when he needs it.
    if (sessions.size() < options.max_connections || make_room()) {
      asio::co_spawn(io, serve(std::move(socket)), asio::detached);
      continue;
    }
    refused.add();
    if (!options.tls && refusing < kRefusing) asio::co_spawn(io, refuse(std::move(socket)), asio::detached);
  }
}

bool Server::Impl::make_room() {
  Session* longest = nullptr;
  for (auto* session : sessions)
    if (session->waits_since && (longest == nullptr || *session->waits_since < *longest->waits_since))
      longest = session;
  if (longest == nullptr) return false;
  evicted.add();
  longest->waits_since.reset();
  longest->stream.close();
  return true;
}

asio::awaitable<void> Server::Impl::serve(tcp::socket socket) {
  error_code ignored;
  socket.set_option(tcp::no_delay{true}, ignored);
  const auto remote = socket.remote_endpoint(ignored).address().to_string();

  struct Registration {
    Impl& impl;
    Session& session;
    Registration(Impl& i, Session& s) : impl(i), session(s) {
      impl.sessions.insert(&session);
      ++impl.connections;
    }
    ~Registration() {
      impl.sessions.erase(&session);
      const std::lock_guard lock{impl.mutex};
      --impl.connections;
      impl.changed.notify_all();
    }
    Registration(const Registration&) = delete;
    Registration& operator=(const Registration&) = delete;
  };
  if (options.tls) {
    SSL_CTX_up_ref(options.tls.get());
    asio::ssl::context context{options.tls.get()};
    TlsStream stream{beast::tcp_stream{std::move(socket)}, context};
    Session session{lowest(stream)};
    const Registration registration{*this, session};
    co_await serve_tls(session, stream, remote);
  } else {
    beast::tcp_stream stream{std::move(socket)};
    Session session{stream};
    const Registration registration{*this, session};
    co_await converse(session, stream, remote);
  }
}

asio::awaitable<void> Server::Impl::serve_tls(Session& session, TlsStream& stream, const std::string& remote) {
  session.waits_since = SteadyClock::now();
  session.stream.expires_after(options.request_timeout);
  auto [error] = co_await stream.async_handshake(asio::ssl::stream_base::server, kAwait);
  if (!error) co_await converse(session, stream, remote);
}

template <class Stream>
asio::awaitable<void> Server::Impl::converse(Session& session, Stream& stream, const std::string& remote) {
  beast::flat_buffer buffer;
  for (bool first = true;; first = false) {
    session.waits_since = SteadyClock::now();
    if (buffer.size() == 0) {
      if (draining) co_return;
      session.idle = true;
      session.stream.expires_after(first ? options.request_timeout : options.idle_timeout);
      auto [error, size] = co_await stream.async_read_some(buffer.prepare(kPiece), kAwait);
      if (error) co_return;
      buffer.commit(size);
      session.idle = false;
    }
    const bool more = co_await exchange(session, stream, buffer, remote);
    if (!more) co_return;
  }
}

template <class Stream>
asio::awaitable<bool> Server::Impl::read(Stream& stream, beast::flat_buffer& buffer, RequestReader& reader) {
  lowest(stream).expires_after(options.request_timeout);
  for (bool told = false;;) {
    const auto bytes = buffer.cdata();
    buffer.consume(reader.feed({static_cast<const char*>(bytes.data()), bytes.size()}));
    if (reader.state() == RequestReader::State::whole || reader.state() == RequestReader::State::refused)
      co_return true;
    if (reader.expects_word() && !std::exchange(told, true)) {
      wire::response<wire::empty_body> go_on{wire::status::continue_, 11};
      auto [error, size] = co_await wire::async_write(stream, go_on, kAwait);
      if (error) co_return false;
    }
    auto [error, size] = co_await stream.async_read_some(buffer.prepare(kPiece), kAwait);
    if (error) co_return false;
    buffer.commit(size);
  }
}

template <class Stream>
asio::awaitable<bool> Server::Impl::exchange(Session& session, Stream& stream, beast::flat_buffer& buffer,
                                             const std::string& remote) {
  RequestReader reader{{options.header_limit, options.body_limit}};
  const bool arrived = co_await read(stream, buffer, reader);
  if (!arrived) co_return false;
  session.waits_since.reset();
  const auto begin = SteadyClock::now();
  auto& request = reader.request();
  const auto given_id = request.header("X-Request-Id");
  request.id = is_request_id(given_id) ? std::string{given_id} : to_hex(random_bytes(8));
  request.remote = remote;
  if (reader.state() == RequestReader::State::refused) {
    metrics.at(nullptr).note(reader.refusal().status, SteadyClock::now() - begin);
    const bool written = co_await write(stream, reader.refusal(), request.id, reader.is_head(), false);
    session.waits_since = SteadyClock::now();
    if (written) co_await linger(stream);
    co_return false;
  }

  const auto match = router.match(reader.is_head() ? "HEAD" : request.method, request.path);
  const auto* route = match.route;
  Response response;
  if (route == nullptr) {
    const auto allow = router.match("", request.path).allow;
    response = allow.empty() ? error_response(404, "there is no such page")
                             : error_response(405, "this page does not take this method");
    if (!allow.empty()) response.headers.emplace_back("Allow", allow);
  } else {
    request.remote = client_of(request, options.proxies);
    if (route->where == Where::here)
      response = answer(route->handler, request);
    else
      response = co_await on_worker(*route, request);
  }
  if (response.source && streams >= options.max_streams) response = busy_response();
  const Counted counted{response.source ? &streams : nullptr};
  const auto took = SteadyClock::now() - begin;
  metrics.at(route).note(response.status, took);
  log::debug("http: {} {} {} in {} ms for {} ({})", request.method, request.path, response.status,
             std::chrono::duration_cast<milliseconds>(took).count(), request.remote, request.id);
  const bool keep_alive = reader.keep_alive() && !draining;
  const bool written = co_await write(stream, response, request.id, reader.is_head(), keep_alive);
  session.waits_since = SteadyClock::now();
  if (written && !keep_alive) co_await linger(stream);
  co_return written&& keep_alive;
}

template <class T>
asio::awaitable<std::optional<T>> Server::Impl::on_pool(WorkerPool& pool, const std::function<T()>& work) {
  // Captures are references only: g++ 12 destroys others of a temporary in a co_await twice.
  auto token = asio::use_awaitable;
  co_return co_await asio::async_initiate<decltype(token), void(std::optional<T>)>(
      [this, &pool, &work](auto handler) {
        auto shared = std::make_shared<decltype(handler)>(std::move(handler));
        const auto complete = [this, shared](std::optional<T> result) {
          asio::post(io, [shared, result = std::move(result)]() mutable {
            auto resume = std::move(*shared);
            std::move(resume)(std::move(result));
          });
        };
        if (!pool.submit([complete, &work] { complete(work()); })) complete(std::nullopt);
      },
      token);
}

asio::awaitable<Response> Server::Impl::first_answer(const Route& route, const Request& request) {
  auto token = asio::use_awaitable;
  co_return co_await asio::async_initiate<decltype(token), void(Response)>(
      [this, &route, &request](auto handler) {
        auto shared = std::make_shared<decltype(handler)>(std::move(handler));
        Waiting waiting{&route, &request, [shared](Response response) {
                          auto resume = std::move(*shared);
                          std::move(resume)(std::move(response));
                        }};
        const bool joins = route.together && request.method == "GET";
        if (joins ? company->submit(waiting) : handle_alone(waiting)) return;
        hand_over({{std::move(waiting), busy_response()}});
      },
      token);
}

asio::awaitable<Response> Server::Impl::on_worker(const Route& route, const Request& request) {
  auto response = co_await first_answer(route, request);
  if (!response.rest) co_return response;
  const Handler handler = [&response](const Request&) { return response.rest(); };
  const std::function<Response()> rest = [&handler, &request] { return answer(handler, request); };
  auto whole = co_await on_pool<Response>(*slow_workers, rest);
  if (!whole) whole = busy_response();
  for (auto& header : response.headers) whole->headers.push_back(std::move(header));
  co_return *std::move(whole);
}

bool Server::Impl::handle_alone(Waiting waiting) {
  return workers->submit([this, waiting = std::move(waiting)] {
    hand_over({{waiting, answer(waiting.route->handler, *waiting.request)}});
  });
}

void Server::Impl::hand_over(Company::Answered answered) {
  asio::post(io, [answered = std::move(answered)]() mutable {
    for (auto& [waiting, response] : answered) waiting.resume(std::move(response));
  });
}

std::string Server::Impl::head_of(const Response& response, const std::string& id, bool keep_alive) {
  const auto second = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  if (second != date_second) {
    date_second = second;
    date = http_date(second);
  }
  const fmt::format_int length{response.source ? response.source->size() : response.body.size()};
  // Of fields with one name the last one counts.
  std::vector<std::pair<std::string_view, std::string_view>> fields;
  fields.reserve(kSecurityHeaders.size() + response.headers.size() + 6);
  if (!keep_alive) fields.emplace_back("Connection", "close");
  fields.emplace_back("Date", date);
  fields.emplace_back("X-Request-Id", id);
  fields.insert(fields.end(), kSecurityHeaders.begin(), kSecurityHeaders.end());
  if (options.tls) fields.emplace_back("Strict-Transport-Security", kHttpsOnly);
  fields.emplace_back("Content-Type", response.content_type);
  for (const auto& [name, value] : response.headers) fields.emplace_back(name, value);
  fields.emplace_back("Content-Length", std::string_view{length.data(), length.size()});

  std::string head;
  head.reserve(1'024);
  const auto reason_text = wire::obsolete_reason(static_cast<wire::status>(response.status));
  fmt::format_to(std::back_inserter(head), "HTTP/1.1 {} {}\r\n", response.status,
                 std::string_view{reason_text.data(), reason_text.size()});
  for (auto field = fields.begin(); field != fields.end(); ++field) {
    const auto& [name, value] = *field;
    const auto same = [&name = name](const auto& other) { return equal_ignoring_case(name, other.first); };
    if (std::any_of(field + 1, fields.end(), same)) continue;
    head.append(name).append(": ");
    const auto begin = head.size();
    head += value;
    // No value begins another line.
    std::replace_if(
        head.begin() + static_cast<std::ptrdiff_t>(begin), head.end(),
        [](unsigned char c) { return c < 0x20 || c == 0x7F; }, ' ');
    head += "\r\n";
  }
  head += "\r\n";
  return head;
}

template <class Stream>
asio::awaitable<bool> Server::Impl::write(Stream& stream, const Response& response, const std::string& id, bool head,
                                          bool keep_alive) {
  const auto first = head_of(response, id, keep_alive);
  const std::array<asio::const_buffer, 2> bytes{asio::buffer(first),
                                                head ? asio::const_buffer{} : asio::buffer(response.body)};
  lowest(stream).expires_after(options.request_timeout);
  auto [error, size] = co_await asio::async_write(stream, bytes, kAwait);
  if (error) co_return false;
  if (!response.source || head) co_return true;
  co_return co_await write_source(stream, response.source, id);
}

template <class Stream>
asio::awaitable<bool> Server::Impl::write_source(Stream& stream, const std::shared_ptr<Source>& source,
                                                 const std::string& id) {
  const auto end = SteadyClock::now() + options.longest_stream;
  const std::function<std::string()> read = [&source, &id] { return next_piece(*source, id); };
  asio::steady_timer pause{io};
  for (auto left = source->size(); left > 0;) {
    auto piece = co_await on_pool<std::string>(*workers, read);
    if (!piece) {
      pause.expires_after(kBusyPause);
      co_await pause.async_wait(kAwait);
    } else if (piece->empty() || piece->size() > left) {
      co_return false;
    } else {
      lowest(stream).expires_after(options.request_timeout);
      auto [error, size] = co_await asio::async_write(stream, asio::buffer(*piece), kAwait);
      if (error) co_return false;
      left -= size;
    }
    if (SteadyClock::now() >= end) co_return false;
  }
  co_return true;
}

asio::awaitable<void> Server::Impl::refuse(tcp::socket socket) {
  const Counted count{&refusing};
  beast::tcp_stream stream{std::move(socket)};
  auto response = error_response(503, "too many connections");
  response.headers.emplace_back("Retry-After", "1");
  const std::string id = to_hex(random_bytes(8));
  const bool written = co_await write(stream, response, id, false, false);
  if (written) co_await linger(stream);
}

void Server::Impl::close_sessions(bool only_idle) {
  asio::post(io, [this, only_idle] {
    draining = true;
    error_code ignored;
    acceptor.close(ignored);
    for (auto* session : sessions)
      if (!only_idle || session->idle) session->stream.close();
  });
}

Server::Server(ServerOptions options, Router router, app::Registry& registry)
    : impl_(std::make_unique<Impl>(std::move(options), std::move(router), registry)) {}

Server::~Server() = default;

std::uint16_t Server::port() const {
  return impl_->port;
}

void Server::change(Tls tls, std::vector<net::Network> proxies) {
  asio::post(impl_->io, [impl = impl_.get(), tls = std::move(tls), proxies = std::move(proxies)]() mutable {
    if (impl->options.tls && tls) impl->options.tls = std::move(tls);
    impl->options.proxies = std::move(proxies);
  });
}

bool Server::drain(milliseconds deadline) {
  impl_->close_sessions(true);
  const auto none = [&] { return impl_->connections == 0; };
  std::unique_lock lock{impl_->mutex};
  if (impl_->changed.wait_for(lock, deadline, none)) return true;
  lock.unlock();
  impl_->close_sessions(false);
  return false;
}

Server::Stats Server::stats() const {
  const auto workers = impl_->workers->stats();
  return {impl_->connections, workers.busy, workers.waiting + impl_->company->waiting(),
          impl_->slow_workers->stats().waiting};
}

}  // namespace visitor::http
