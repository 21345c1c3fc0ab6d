#include <fmt/format.h>

#include "cli/backup_commands.hpp"
#include "cli/backup_options.hpp"

namespace visitor::cli {
namespace {

struct Options {
  std::optional<std::filesystem::path> key;
};

struct Exported {
  std::string name;
  std::string public_key;
};

void write(JsonWriter& json, const Exported& exported) {
  json.begin_object()
      .text_member("name", exported.name)
      .member("public_key", std::string_view{exported.public_key})
      .end();
}

void run(const Options& options, Session& session) {
  const auto key = read_key(options.key);
  const Exported exported{key.name(), key.public_key().text()};
  Card card;
  card.add("Name", exported.name);
  card.add("Public key", exported.public_key);
  session.show(exported, card);
}

}  // namespace

void add_backup_key_export(Command& key) {
  auto options = std::make_shared<Options>();
  auto& command = key.add("export", "Show the public half of a private key, for [backup] recipients");
  add_key(command, options->key);
  command.fails_with({Errc::denied})
      .example("visitorctl backup key export --key backup.key")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
