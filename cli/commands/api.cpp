#include <fmt/format.h>

#include <iostream>
#include <iterator>

#include "app/problems.hpp"
#include "app/remote/api_client.hpp"
#include "cli/commands.hpp"
#include "cli/session.hpp"
#include "core/file.hpp"

namespace visitor::cli {
namespace {

constexpr int kMostPages = 100'000;

struct Options {
  std::string method;
  std::string path;
  std::optional<std::filesystem::path> body_file;
  std::string body;
  std::string if_match;
  std::string key;
  bool paginate = false;
};

std::string local_server(Session& session) {
  const auto& http = session.settings().http;
  const auto address = http.address == "0.0.0.0" || http.address == "::" ? "127.0.0.1" : http.address;
  return fmt::format("{}://{}:{}", http.certificate_file.empty() ? "http" : "https",
                     address.find(':') == std::string::npos ? address : "[" + address + "]", http.port);
}

app::ApiServer server_of(Session& session) {
  return *session.server([&] { return local_server(session); });
}

std::string body_of(const Options& options) {
  if (!options.body_file) return options.body;
  if (*options.body_file == "-") return {std::istreambuf_iterator<char>{std::cin}, {}};
  const auto text = read_file(*options.body_file);
  if (!text) throw Error(Errc::usage, fmt::format("{} does not exist", options.body_file->string()));
  return *text;
}

std::string ended(std::string text) {
  if (!text.empty() && !text.ends_with('\n')) text += '\n';
  return text;
}

/// Every page of a list, as one array, printed as it comes.
void print_all(app::ApiClient& client, app::ApiRequest request, Session& session) {
  bool first = true;
  session.print("{\"results\":[");
  for (int pages = 0; pages < kMostPages; ++pages) {
    const auto page = app::take_apart(client.send(request).body);
    if (!page) throw Error(Errc::usage, fmt::format("{} is no list", request.path), "Leave out --paginate.");
    std::string text;
    for (const auto& one : page->results) text += (std::exchange(first, false) ? "\n" : ",\n") + one;
    session.print(text);
    if (page->next.empty()) break;
    request.path = page->next;
  }
  session.print("\n]}\n");
}

void run(const Options& options, Session& session) {
  app::ApiRequest request;
  request.method = options.method;
  for (auto& c : request.method) c = static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
  request.path = options.path.starts_with('/') ? options.path : "/" + options.path;
  request.body = body_of(options);
  request.if_match = options.if_match;
  request.idempotency_key = options.key;
  if (options.paginate && request.method != "GET")
    throw Error(Errc::usage, "--paginate is for GET", "Leave out --paginate.");
  app::ApiClient client{server_of(session)};
  if (options.paginate) return print_all(client, std::move(request), session);
  session.print(ended(client.send(request).body));
}

}  // namespace

void add_api(Command& root) {
  auto options = std::make_shared<Options>();
  root.add("api", "Send a request to the REST API, of this machine or another")
      .details(
          "PATH is below /api/v1 and may have a query. The page /api/v1/docs of a visitord lists all requests. Without "
          "--server, and where no other is named, the visitord of this machine is asked.")
      .positional("METHOD", options->method, "GET, POST, PATCH or DELETE, in any case")
      .required()
      .positional("PATH", options->path, "Such as /visits/?status=CHECKED_IN")
      .required()
      .option("--body", "JSON", options->body, "What to send")
      .option("--body-file", "FILE", options->body_file, "What to send, from a file; - for standard input")
      .takes_file()
      .option("--if-match", "ETAG", options->if_match, "Only where the thing is still as it was read")
      .option("--idempotency-key", "KEY", options->key, "Repeated with the same key, it is done once")
      .flag("--paginate", options->paginate, "All pages of a list, as one")
      .fails_with({Errc::not_found, Errc::conflict})
      .uses_server()
      .example("visitorctl api GET /visits/active --key-file key --paginate")
      .example("visitorctl api POST /incidents/7/resolve --key-file key --body '{\"notes\": \"seen\"}'")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
