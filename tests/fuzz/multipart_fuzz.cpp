#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "hikvision/multipart.hpp"

namespace {

using namespace visitor::hikvision;

constexpr MultipartLimits kLimits{.headers = 64, .text_part = 96, .other_part = 128};

/// Every part as one text, and how many were skipped.
std::string split(std::string_view stream, std::size_t piece) {
  std::string all;
  const auto take = [&](Part&& part) {
    if (part.body.size() > kLimits.other_part) std::abort();
    all += '<' + part.content_type + '|' + part.name + '|' + part.body + '>';
  };
  MultipartSplitter splitter{"B", kLimits};
  while (!stream.empty()) {
    const auto head = stream.substr(0, piece);
    splitter.feed(head, take);
    stream.remove_prefix(head.size());
  }
  splitter.finish(take);
  return all + std::to_string(splitter.skipped());
}

}  // namespace

// Where the network cuts the stream makes no difference to the parts.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 1) return 0;
  const std::string_view stream{reinterpret_cast<const char*>(data) + 1, size - 1};
  const auto whole = split(stream, stream.size() + 1);
  if (split(stream, 1) != whole || split(stream, 1 + data[0] % 37U) != whole) std::abort();
  return 0;
}
