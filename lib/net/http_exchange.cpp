#include "net/http_exchange.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <iterator>

#include "core/text.hpp"

namespace visitor::net {
namespace {

namespace http = boost::beast::http;
using Parser = http::response_parser<http::string_body>;

// No server has a reason to say more in its first line.
constexpr std::size_t kMostStatusLineBytes = 512;
// The sizes of chunks and what follows the last one: the wire may carry somewhat more than the body.
constexpr std::size_t kFramingSlack = 64 * 1024;
constexpr std::size_t kReadBytes = 16 * 1024;
// A body up to this size goes out in one piece with its head.
constexpr std::size_t kJoinedBytes = 16 * 1024;

bool has(const HttpRequest& request, std::string_view name) {
  return std::ranges::any_of(request.headers,
                             [&](const HttpHeader& header) { return equal_ignoring_case(header.name, name); });
}

std::string head_of(const HttpRequest& request, const Url& url, bool keep) {
  std::string head;
  auto line = [to = std::back_inserter(head)](std::string_view name, std::string_view value) {
    fmt::format_to(to, "{}: {}\r\n", name, value);
  };
  fmt::format_to(std::back_inserter(head), "{} {} HTTP/1.1\r\n", request.method, url.target);
  if (!has(request, "Host")) line("Host", url.authority());
  if (!has(request, "User-Agent")) line("User-Agent", "visitor/" VISITOR_VERSION);
  if (!has(request, "Accept")) line("Accept", "*/*");
  if (!keep && !has(request, "Connection")) line("Connection", "close");
  for (const auto& header : request.headers) line(header.name, header.value);
  if (!request.content_type.empty()) line("Content-Type", request.content_type);
  const bool takes_body = request.method == "POST" || request.method == "PUT" || request.method == "PATCH";
  if (!request.body.empty() || takes_body) line("Content-Length", fmt::to_string(request.body.size()));
  return head += "\r\n";
}

std::optional<NetFailure> write(Connection& connection, const HttpRequest& request, std::string head,
                                const Watch& watch) {
  const auto& body = request.body;
  if (body.size() <= kJoinedBytes) {
    head += body;
    return connection.write(head.data(), head.size(), watch);
  }
  if (const auto failure = connection.write(head.data(), head.size(), watch)) return failure;
  return connection.write(body.data(), body.size(), watch);
}

/// What came and is not understood yet.
class Inbox {
 public:
  Inbox(Connection& connection, const Watch& watch, std::size_t most)
      : connection_(connection), watch_(watch), most_(most) {}

  /// Waits for more. At the end of the stream ended() is true and nothing has failed.
  std::optional<NetFailure> fill() {
    if (received_ >= most_) return NetFailure::too_large;
    if (begin_ > 0) {
      bytes_.erase(0, begin_);
      begin_ = 0;
    }
    const auto size = bytes_.size();
    const auto room = std::min(kReadBytes, most_ - received_);
    bytes_.resize(size + room);
    const auto got = connection_.read(bytes_.data() + size, room, watch_);
    const auto* count = std::get_if<std::size_t>(&got);
    bytes_.resize(size + (count == nullptr ? 0 : *count));
    if (count == nullptr) return std::get<NetFailure>(got);
    received_ += *count;
    ended_ = *count == 0;
    return std::nullopt;
  }

  std::string_view text() const { return std::string_view{bytes_}.substr(begin_); }
  void drop(std::size_t count) { begin_ += count; }
  void insert_blank(std::size_t at) { bytes_.insert(begin_ + at, 1, ' '); }
  bool ended() const { return ended_; }
  std::size_t received() const { return received_; }

 private:
  Connection& connection_;
  const Watch& watch_;
  std::size_t most_;
  std::string bytes_;
  std::size_t begin_ = 0;
  std::size_t received_ = 0;
  bool ended_ = false;
};

NetFailure failure_of(boost::beast::error_code code) {
  if (code == http::error::header_limit || code == http::error::body_limit) return NetFailure::too_large;
  const bool cut = code == http::error::partial_message || code == http::error::end_of_stream;
  return cut ? NetFailure::closed : NetFailure::malformed;
}

/// Waits for the first line, and gives it the blank after the number that some devices leave out.
std::optional<NetFailure> await_status_line(Inbox& inbox) {
  auto end = inbox.text().find('\n');
  for (; end == std::string_view::npos; end = inbox.text().find('\n')) {
    if (inbox.text().size() > kMostStatusLineBytes) return NetFailure::malformed;
    if (const auto failure = inbox.fill()) return failure;
    if (inbox.ended()) return NetFailure::closed;
  }
  if (end > kMostStatusLineBytes) return NetFailure::malformed;
  constexpr std::string_view kBare = "HTTP/1.1 200\r";
  if (end == kBare.size()) inbox.insert_blank(end - 1);
  return std::nullopt;
}

std::optional<NetFailure> read_rest(Inbox& inbox, Parser& parser) {
  while (!parser.is_done()) {
    boost::beast::error_code code = http::error::need_more;
    if (!inbox.text().empty()) {
      const auto text = inbox.text();
      inbox.drop(parser.put(boost::asio::buffer(text.data(), text.size()), code));
    }
    if (code && code != http::error::need_more) return failure_of(code);
    if (parser.is_done() || (!code && !inbox.text().empty())) continue;
    if (const auto failure = inbox.fill()) return failure;
    if (!inbox.ended()) continue;
    parser.put_eof(code);
    if (code) return failure_of(code);
  }
  return std::nullopt;
}

/// An answer other than "100 Continue" and its kind.
std::optional<NetFailure> read(Inbox& inbox, const HttpRequest& request, const HttpOptions& options,
                               std::optional<Parser>& parser) {
  do {
    parser.emplace();
    parser->eager(true);
    parser->skip(request.method == "HEAD");
    parser->header_limit(static_cast<std::uint32_t>(options.max_head_bytes));
    parser->body_limit(options.max_body_bytes);
    if (const auto failure = await_status_line(inbox)) return failure;
    if (const auto failure = read_rest(inbox, *parser)) return failure;
  } while (parser->get().result_int() < 200 && parser->get().result_int() != 101);
  return std::nullopt;
}

}  // namespace

Exchange exchange(Connection& connection, const HttpRequest& request, const Url& url, const HttpOptions& options,
                  bool keep, const Watch& watch) {
  Exchange result;
  if ((result.failure = write(connection, request, head_of(request, url, keep), watch))) return result;
  Inbox inbox{connection, watch, options.max_head_bytes + options.max_body_bytes + kFramingSlack};
  std::optional<Parser> parser;
  result.failure = read(inbox, request, options, parser);
  result.answered = inbox.received() > 0;
  if (result.failure) return result;

  const bool open = keep && !inbox.ended() && inbox.text().empty() && parser->keep_alive() && !parser->need_eof();
  auto answer = parser->release();
  result.response.status = static_cast<int>(answer.result_int());
  for (const auto& field : answer) {
    result.response.headers.push_back({std::string{field.name_string()}, std::string{field.value()}});
  }
  result.response.body = std::move(answer.body());
  result.reusable = open;
  return result;
}

}  // namespace visitor::net
