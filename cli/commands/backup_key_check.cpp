#include <fmt/format.h>

#include "cli/backup_commands.hpp"
#include "cli/backup_options.hpp"

namespace visitor::cli {
namespace {

struct Options {
  std::optional<std::filesystem::path> key;
};

struct Proven {
  std::string name;
  std::string public_key;
  Instant at;
};

void write(JsonWriter& json, const Proven& proven) {
  json.begin_object()
      .text_member("name", proven.name)
      .member("public_key", std::string_view{proven.public_key})
      .member("proven_at", proven.at)
      .end();
}

void run(const Options& options, Session& session) {
  const SystemClock clock;
  const auto key = read_key(options.key);
  const auto actor = backup_actor(session);
  app::prove_backup_key(backup_desk(session, actor, clock), key);
  session.done(Proven{key.name(), key.public_key().text(), session.now()},
               fmt::format("The key '{}' reads what is sealed for it.", key.name()));
}

}  // namespace

void add_backup_key_check(Command& key) {
  auto options = std::make_shared<Options>();
  auto& command = key.add("check", "Prove that a private key is there and works, and note when")
                      .details(
                          "Something new is sealed for its public half in [backup] recipients, and opened with it. "
                          "Health complains of keys that nobody has proven for a long time.");
  add_key(command, options->key);
  command.fails_with({Errc::denied, Errc::config, Errc::integrity})
      .uses_database()
      .example("visitorctl backup key check --key /media/safe/backup.key")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
