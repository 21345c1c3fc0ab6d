#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>

#include "core/text.hpp"
#include "daemon/http/request_reader.hpp"

namespace {

using namespace visitor::http;
using State = RequestReader::State;

constexpr RequestReader::Limits kLimits{256, 300}, kWide{4096, 300};

bool frames(std::string_view name) {
  return visitor::equal_ignoring_case(name, "Content-Length") ||
         visitor::equal_ignoring_case(name, "Transfer-Encoding");
}

/// Everything of a request but how its body was announced.
std::string text_of(const Request& request) {
  auto text = request.method + ' ' + request.path + ' ' + request.query + '\n';
  for (const auto& [name, value] : request.headers)
    if (!frames(name)) text += name + ':' + value + '\n';
  return text + '\n' + request.body;
}

/// No other program can see another body, or other headers, in the same bytes.
void require_one_meaning(const Request& request) {
  std::size_t announced = 0, hosts = 0;
  for (const auto& [name, value] : request.headers) {
    if (name.empty() || value.find_first_of(std::string_view{"\r\n\0", 3}) != value.npos) std::abort();
    if (name.find_first_of(std::string_view{" \t\r\n:\0", 6}) != name.npos) std::abort();
    hosts += visitor::equal_ignoring_case(name, "Host") ? 1 : 0;
    if (!frames(name)) continue;
    ++announced;
    const bool chunked = visitor::equal_ignoring_case(value, "chunked");
    if (!chunked &&
        std::to_string(request.body.size()) != value.substr(std::min(value.find_first_not_of('0'), value.size() - 1)))
      std::abort();
  }
  if (announced > 1 || hosts > 1 || (announced == 0 && !request.body.empty())) std::abort();
  if (request.path.empty() || request.path.front() != '/') std::abort();
}

/// Written in its plainest form it reads as itself, to the last byte.
void require_round_trip(const Request& request, bool is_head) {
  auto plain = (is_head ? "HEAD" : request.method) + ' ' + request.path + (request.query.empty() ? "" : "?") +
               request.query + (request.header("Host").empty() ? " HTTP/1.0\r\n" : " HTTP/1.1\r\n");
  for (const auto& [name, value] : request.headers)
    if (!frames(name)) plain += name + ": " + value + "\r\n";
  plain += "Content-Length: " + std::to_string(request.body.size()) + "\r\n\r\n" + request.body;
  RequestReader reader{kWide};
  if (reader.feed(plain) != plain.size() || reader.state() != State::whole) std::abort();
  if (text_of(reader.request()) != text_of(request) || reader.is_head() != is_head) std::abort();
}

/// Every request of a connection, and how it ended.
std::string read(std::string_view stream, std::size_t piece) {
  std::string all, buffer;
  std::optional<RequestReader> reader{std::in_place, kLimits};
  while (!stream.empty()) {
    const auto head = stream.substr(0, piece);
    stream.remove_prefix(head.size());
    buffer += head;
    for (;;) {
      buffer.erase(0, reader->feed(buffer));
      if (reader->state() == State::refused) return all + "refused " + std::to_string(reader->refusal().status);
      if (reader->state() != State::whole) break;
      require_one_meaning(reader->request());
      require_round_trip(reader->request(), reader->is_head());
      all += text_of(reader->request()) + (reader->keep_alive() ? "\nstays\n" : "\ngoes\n");
      reader.emplace(kLimits);
    }
  }
  return all;
}

}  // namespace

// Wherever the network cuts the bytes of a connection, the same requests are read out of them.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 1) return 0;
  const std::string_view stream{reinterpret_cast<const char*>(data) + 1, size - 1};
  const auto whole = read(stream, stream.size() + 1);
  if (read(stream, 1) != whole || read(stream, 1 + data[0] % 37U) != whole) std::abort();
  return 0;
}
