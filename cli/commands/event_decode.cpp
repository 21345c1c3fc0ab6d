#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "cli/commands.hpp"
#include "cli/session.hpp"
#include "core/file.hpp"
#include "hikvision/decode.hpp"

namespace visitor::cli {
namespace {

constexpr std::size_t kMostBytes = std::size_t{64} << 20;

struct Options {
  std::string file;
  bool summary = false;
};

std::string read_standard_input() {
  std::string bytes;
  std::array<char, 65536> chunk;
  while (true) {
    const auto got = ::read(STDIN_FILENO, chunk.data(), chunk.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw Error(Errc::usage, "cannot read standard input: " + errno_text(errno));
    if (got == 0) return bytes;
    bytes.append(chunk.data(), static_cast<std::size_t>(got));
    if (bytes.size() > kMostBytes) throw Error(Errc::usage, "standard input has more than 64 MiB");
  }
}

std::string read_capture(const std::string& file) {
  if (file == "-") return read_standard_input();
  auto bytes = [&] {
    try {
      return read_file(file, kMostBytes);
    } catch (const Error& error) {  // a file that the caller names is no part of the configuration
      throw Error(Errc::usage, error.message(), error.hint());
    }
  }();
  if (!bytes) throw Error(Errc::not_found, "there is no file '" + file + "'");
  return *std::move(bytes);
}

void run(const Options& options, Session& session) {
  const auto things = hikvision::decode(read_capture(options.file));
  if (!options.summary || session.json()) {
    session.print(hikvision::to_json(things) + "\n");
  } else {
    Table table{{{"Kind"}, {"Summary", Column::Align::left, Column::Fit::give}}};
    for (const auto& thing : things)
      table.add({{thing.kind, thing.kind == "unreadable" ? Tone::bad : Tone::plain}, thing.summary});
    session.print_table(table);
  }
  const auto bad = std::count_if(things.begin(), things.end(), [](const auto& t) { return t.kind == "unreadable"; });
  if (bad == 0) return;
  if (bad == static_cast<std::ptrdiff_t>(things.size()))
    throw Error(Errc::failed, "nothing in the capture can be read", "The summary of each part says why.");
  throw Error(Errc::partial, std::to_string(bad) + " of " + std::to_string(things.size()) + " parts cannot be read",
              "The summary of each part says why.");
}

}  // namespace

void add_event_decode(Command& event) {
  auto options = std::make_shared<Options>();
  event.add("decode", "Turn what was captured from a terminal into JSON, without configuration or database")
      .details(
          "Takes a search page, one of its items, a dump of the event stream, a push, an error body, deviceInfo, "
          "System/time or capabilities, with or without the HTTP headers above it. Events carry the name and the "
          "class that this version gives to their code.")
      .positional("FILE", options->file, "What was captured; '-' is standard input")
      .required()
      .takes_file()
      .flag("-s,--summary", options->summary, "One line for each part instead of JSON")
      .fails_with({Errc::partial, Errc::not_found})
      .example("visitorctl event decode page.json")
      .example("curl --digest -u admin http://192.0.2.7/ISAPI/System/deviceInfo | visitorctl event decode -",
               "What does this terminal say about itself?")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
