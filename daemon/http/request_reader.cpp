#include "daemon/http/request_reader.hpp"

#include <algorithm>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <optional>
#include <string>

#include "core/text.hpp"

namespace visitor::http {
namespace {

namespace beast = boost::beast;
namespace wire = boost::beast::http;

constexpr std::string_view kEndOfHead = "\r\n\r\n";
constexpr std::string_view kLineEnd = "\r\n";
constexpr auto kTooLarge = "the body is too large";
constexpr auto kNotUnderstood = "this is not a request that can be understood";

std::string_view view(beast::string_view text) {
  return {text.data(), text.size()};
}

bool is_control(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte < 0x20 || byte == 0x7F;
}

bool is_about_length(std::string_view name) {
  return equal_ignoring_case(name, "Content-Length") || equal_ignoring_case(name, "Transfer-Encoding");
}

bool is_digits(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

/// Where a request goes: in origin form, or in absolute form (RFC 9112, 3.2.2), or nothing.
struct Target {
  std::optional<std::string_view> authority;
  std::string_view path;
  std::string_view query;
};
std::optional<Target> split_target(std::string_view target) {
  Target out;
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!target.starts_with(scheme)) continue;
    target.remove_prefix(scheme.size());
    const auto end = std::min(target.find_first_of("/?"), target.size());
    out.authority = target.substr(0, end);
    target.remove_prefix(end);
    if (target.empty()) target = "/";
    break;
  }
  if (!target.starts_with('/')) return std::nullopt;
  const auto mark = std::min(target.find('?'), target.size());
  out.path = target.substr(0, mark);
  if (mark < target.size()) out.query = target.substr(mark + 1);
  return out;
}

/// What is wrong with how the body is announced; empty: nothing.
std::string_view wrong_framing(const Headers& headers, bool is_1_1) {
  std::size_t lengths = 0, encodings = 0;
  for (const auto& [name, value] : headers) {
    if (equal_ignoring_case(name, "Content-Length")) {
      ++lengths;
      if (!is_digits(value)) return "Content-Length is not a number";
    } else if (equal_ignoring_case(name, "Transfer-Encoding")) {
      ++encodings;
      if (!equal_ignoring_case(value, "chunked")) return "only the transfer encoding 'chunked' is understood";
    }
  }
  if (lengths + encodings > 1) return "the length of the body is said more than once";
  if (encodings > 0 && !is_1_1) return "HTTP/1.0 has no transfer encodings";
  return {};
}

/// What is wrong with the lines of a head, beyond what the parser looks at; empty: nothing.
std::string_view wrong_lines(std::string_view head) {
  for (std::size_t at = head.find("\r\n"); at != head.npos; at = head.find("\r\n", at + 2))
    if (at + 2 < head.size() && (head[at + 2] == ' ' || head[at + 2] == '\t'))
      return "a header is folded into several lines";
  return {};
}

}  // namespace

std::size_t RequestReader::feed(std::string_view bytes) {
  std::size_t taken = 0;
  if (state_ == State::head) {
    if (!look_at_head(bytes)) return 0;
    taken = looked_;
    take_head(bytes.substr(0, taken));
  }
  for (bool more = true; more && state_ == State::body;) {
    const auto size = take_body(bytes.substr(taken));
    taken += size;
    more = size > 0;
  }
  return taken;
}

/// Looks at what it has not looked at yet. \returns whether the head is whole and has no byte that may not be in one
bool RequestReader::look_at_head(std::string_view bytes) {
  const auto end = std::min(bytes.size(), limits_.head);
  for (; looked_ < end; ++looked_) {
    const char c = bytes[looked_];
    const bool after_return = looked_ > 0 && bytes[looked_ - 1] == '\r';
    if ((c == '\n') != after_return || (is_control(c) && c != '\t' && c != '\r' && c != '\n')) {
      refuse(400, kNotUnderstood);
      return false;
    }
    if (c == '\n' && bytes.substr(0, looked_ + 1).ends_with(kEndOfHead)) {
      ++looked_;
      return true;
    }
  }
  if (looked_ == limits_.head) refuse(431, "the header is too large");
  return false;
}

void RequestReader::take_head(std::string_view head) {
  if (const auto wrong = wrong_lines(head); !wrong.empty()) return refuse(400, wrong);
  wire::request_parser<wire::empty_body> parser;
  parser.header_limit(static_cast<std::uint32_t>(limits_.head));
  parser.body_limit(boost::none);
  beast::error_code error;
  const auto taken = parser.put({head.data(), head.size()}, error);
  // Of a head that is whole nothing is left over, and nothing lacks.
  if (error || taken != head.size() || !parser.is_header_done()) return refuse(400, kNotUnderstood);
  const auto& message = parser.get();
  for (const auto& field : message)
    request_.headers.emplace_back(std::string{view(field.name_string())}, std::string{view(field.value())});
  const bool is_1_1 = message.version() == 11;
  if (const auto wrong = wrong_framing(request_.headers, is_1_1); !wrong.empty()) return refuse(400, wrong);
  const auto hosts = message.count(wire::field::host);
  if (hosts > 1 || (hosts == 0 && is_1_1)) return refuse(400, "there must be one Host header");
  const auto target = split_target(view(message.target()));
  if (!target) return refuse(400, "the target must begin with a slash");
  if (target->authority &&
      (target->authority->empty() || !equal_ignoring_case(*target->authority, request_.header("Host"))))
    return refuse(400, "the target is at another host than Host");
  const auto method = view(message.method_string());
  is_head_ = method == "HEAD";
  request_.method = is_head_ ? "GET" : method;
  request_.path = target->path;
  request_.query = target->query;
  keep_alive_ = message.keep_alive();
  announce_body();
}

/// The head is good; what follows it?
void RequestReader::announce_body() {
  state_ = State::body;
  if (!request_.header("Transfer-Encoding").empty()) {
    next_ = Next::size;
  } else if (const auto length = request_.header("Content-Length"); !length.empty()) {
    const auto size = to_integer(length);
    if (!size || static_cast<std::uint64_t>(*size) > limits_.body) return refuse(413, kTooLarge);
    left_ = static_cast<std::size_t>(*size);
  }
  if (next_ == Next::bytes && left_ == 0) state_ = State::whole;
  expects_word_ = state_ == State::body && equal_ignoring_case(request_.header("Expect"), "100-continue");
}

/// One step: a piece of the body, or what stands between two of them.
std::size_t RequestReader::take_body(std::string_view bytes) {
  if (next_ == Next::size || next_ == Next::trailer) return take_line(bytes);
  if (next_ == Next::end_of_chunk) {
    if (bytes.size() < kLineEnd.size()) return 0;
    if (!bytes.starts_with(kLineEnd)) refuse(400, "a chunk is longer than it says");
    next_ = Next::size;
    return kLineEnd.size();
  }
  const auto piece = bytes.substr(0, left_);
  request_.body += piece;
  left_ -= piece.size();
  if (left_ == 0 && next_ == Next::chunk) next_ = Next::end_of_chunk;
  if (left_ == 0 && next_ == Next::bytes) state_ = State::whole;
  return piece.size();
}

std::size_t RequestReader::take_line(std::string_view bytes) {
  const auto end = bytes.substr(0, limits_.head - trailers_).find(kLineEnd);
  if (end == bytes.npos) {
    if (bytes.size() >= limits_.head - trailers_) refuse(400, "what stands between two chunks is too long");
    return 0;
  }
  const auto line = bytes.substr(0, end);
  if (std::ranges::any_of(line, [](char c) { return is_control(c) && c != '\t'; }))
    refuse(400, kNotUnderstood);
  else if (next_ == Next::size)
    take_size(line);
  else
    take_trailer(line);
  return end + kLineEnd.size();
}

void RequestReader::take_size(std::string_view line) {
  constexpr std::size_t kMostDigits = 15;
  const auto digits = std::min(line.find_first_not_of("0123456789abcdefABCDEF"), line.size());
  const auto extension = line.substr(digits);
  // Not even a blank: some take it for a part of the size.
  if (digits == 0 || digits > kMostDigits || (!extension.empty() && !extension.starts_with(';')))
    return refuse(400, "a chunk says no size");
  const auto size = std::stoull(std::string{line.substr(0, digits)}, nullptr, 16);
  if (size > limits_.body - request_.body.size()) return refuse(413, kTooLarge);
  left_ = static_cast<std::size_t>(size);
  next_ = left_ == 0 ? Next::trailer : Next::chunk;
}

/// Of what comes behind the body nothing is kept.
void RequestReader::take_trailer(std::string_view line) {
  trailers_ += line.size() + kLineEnd.size();
  if (line.empty()) {
    state_ = State::whole;
    return;
  }
  const auto colon = line.find(':');
  const auto name = line.substr(0, colon);
  if (colon == line.npos || name.empty() || name.find_first_of(" \t") != name.npos || is_about_length(name))
    refuse(400, kNotUnderstood);
}

void RequestReader::refuse(int status, std::string_view message) {
  refusal_ = error_response(status, message);
  state_ = State::refused;
}

}  // namespace visitor::http
