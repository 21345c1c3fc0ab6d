#include "cli/session.hpp"

#include <fmt/format.h>
#include <pwd.h>
#include <unistd.h>

#include <cstdlib>

#include "app/instance.hpp"
#include "app/remote/house.hpp"
#include "cli/prompt.hpp"
#include "config/load.hpp"
#include "config/remote.hpp"
#include "core/file.hpp"
#include "core/host.hpp"
#include "core/text.hpp"

namespace visitor::cli {

Session::Session(Globals globals, const Command& root, const Command& global)
    : globals_(std::move(globals)),
      root_(root),
      global_(global),
      out_(STDOUT_FILENO, "standard output"),
      err_(STDERR_FILENO, "standard error"),
      now_(SystemClock{}.now()) {}

Session::~Session() = default;

const config::Settings& Session::settings() {
  if (instance_) return instance_->settings();
  if (!settings_) settings_ = config::load(globals_.config);
  return *settings_;
}

app::Instance& Session::instance() {
  if (instance_) return *instance_;
  if (const auto there = server())
    throw Error(Errc::usage, fmt::format("this works on the database itself, not through {}", there->url),
                "Run it on the machine of that visitord.");
  instance_ = std::make_unique<app::Instance>(settings());
  return *instance_;
}

std::optional<app::ApiServer> Session::server(const std::function<std::string()>& otherwise) {
  const char* variable = std::getenv("VISITOR_SERVER");
  std::string url = globals_.server ? *globals_.server : variable != nullptr ? variable : "";
  auto key_file = globals_.key_file;
  auto ca_file = globals_.ca_file;
  // The key of remote.toml is for its own server, and goes to no other.
  if (!globals_.server && variable == nullptr)
    if (const auto there = config::find_remote(globals_.config)) {
      url = there->server;
      if (!key_file && !there->key_file.empty()) key_file = there->key_file;
      if (!ca_file && !there->ca_file.empty()) ca_file = there->ca_file;
    }
  if (url.empty() && otherwise) url = otherwise();
  if (url.empty()) {
    if (key_file || ca_file)
      throw Error(Errc::usage, "there is a key for a server, and no server", "Name it with --server URL.");
    return std::nullopt;
  }
  if (!key_file)
    throw Error(Errc::usage, fmt::format("there is no API key for {}", url),
                "Give the file that holds it with --key-file; 'visitorctl apikey create' makes one.");
  app::ApiServer server{url, read_secret_file(*key_file), std::nullopt};
  if (ca_file) server.ca_file = ca_file->string();
  return server;
}

app::RemoteHouse* Session::remote() {
  if (!remote_)
    if (auto there = server()) remote_ = std::make_unique<app::RemoteHouse>(*std::move(there), now_);
  return remote_.get();
}

db::Pool& Session::db() {
  return instance().pool();
}

const Vault& Session::vault() {
  return instance().vault();
}

std::string Session::os_user() {
  const char* sudo_user = std::getenv("SUDO_USER");
  if (::geteuid() == 0 && sudo_user && *sudo_user) return sudo_user;
  const auto* account = ::getpwuid(::geteuid());
  return account ? account->pw_name : "uid-" + std::to_string(::geteuid());
}

const domain::Origin& Session::origin() {
  constexpr std::size_t kRequestBytes = 8;
  if (origin_.source.empty())
    origin_ = {fmt::format("cli:{}({})@{}", os_user(), ::geteuid(), host_name()), to_hex(random_bytes(kRequestBytes))};
  return origin_;
}

app::Work Session::work(db::Transaction& tx) {
  actor_ = app::ensure_actor(tx, os_user(), domain::ActionHow::person, now_, origin());
  return {tx, *actor_, now_, settings(), domain::Scope::everything()};
}

app::Work Session::reader(db::Transaction& tx) {
  actor_ = app::Actor{{}, os_user(), domain::ActionHow::person, origin()};
  return {tx, *actor_, now_, settings(), domain::Scope::everything()};
}

Instant Session::instant(const Moment& moment, const Zone& zone) const {
  return parse_moment(moment.text, now_, zone);
}

void Session::print(std::string_view text) {
  out_.write(text);
}

void Session::print_table(const Table& table) {
  if (!out_.is_terminal()) return print(table.tsv());
  if (table.empty()) return note("None.");
  print(table.aligned(out_.width(), colour()));
}

void Session::note(const std::string& text) {
  if (globals_.quiet || globals_.json) return;
  err_.write(printable(text) + "\n");
}

void Session::note_cut(int limit) {
  note("Only the first " + std::to_string(limit) + " are shown; --limit shows more.");
}

void Session::confirm(const std::string& question, bool yes) {
  if (yes) return;
  if (!can_ask())
    throw Error(Errc::usage, "this cannot be undone, and there is no terminal to ask on", "Say --yes to mean it.");
  if (!ask_yes(question)) throw Error(Errc::interrupted, "nothing was done");
}

bool Session::colour() const {
  const char* no_color = std::getenv("NO_COLOR");
  const char* terminal = std::getenv("TERM");
  return out_.is_terminal() && !globals_.no_color && !(no_color && *no_color) &&
         !(terminal && std::string_view{terminal} == "dumb");
}

bool Session::for_people() const {
  return out_.is_terminal() && !globals_.json;
}

}  // namespace visitor::cli
