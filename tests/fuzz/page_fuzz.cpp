#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "core/error.hpp"
#include "hikvision/decode.hpp"
#include "hikvision/document.hpp"
#include "hikvision/page.hpp"

// Whatever a terminal answers, the decoder gives a page, an error body or an Error, and what it keeps as raw text is
// JSON that it reads again to the same text.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace visitor::hikvision;
  const std::string_view body{reinterpret_cast<const char*>(data), size};
  try {
    const auto answer = decode_page_or_status(body);
    if (const auto* page = std::get_if<Page>(&answer)) {
      for (const auto& event : page->events) {
        if (event.raw.size() > kMaxRawEvent) std::abort();
        const auto document = Document::parse(event.raw, "raw item");
        std::string again;
        append_json(again, document.root());
        if (again != event.raw) std::abort();
        // An XML element with attributes is an object with a "#text" from then on.
        if (event.raw.find("#text") != std::string::npos) continue;
        const auto second = decode_event(document.root());
        if (!second || second->major != event.major || second->minor != event.minor) std::abort();
      }
    }
  } catch (const visitor::Error&) {
    // The answer is refused, which is an outcome.
  }
  const auto shown = to_json(decode(body));
  const auto document =
      Document::parse(shown, "own output", {.bytes = std::size_t{1} << 30, .depth = 64, .nodes = 5'000'000});
  if (!document.root().find("decoded")) std::abort();
  return 0;
}
