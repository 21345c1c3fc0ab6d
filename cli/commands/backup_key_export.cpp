#include <fmt/format.h>

#include "cli/backup_commands.hpp"
#include "cli/backup_options.hpp"
#include "cli/record.hpp"
#include "cli/step_up.hpp"

namespace visitor::cli {
namespace {

struct Options {
  std::optional<std::filesystem::path> key;
  std::optional<std::filesystem::path> code_file;
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
  step_up_if_any(session, options.code_file);
  put_on_record_if_any(session, {domain::AuditAction::exported, "backup", 0,
                                 app::Details{}
                                     .add("what", "public key")
                                     .add("name", std::string_view{key.name()})
                                     .add("public_key", std::string_view{key.public_key().text()})});
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
  add_code_file(command, options->code_file);
  command.details(std::string{kStepUpDetails} + " Where there is no database, nothing is asked.")
      .fails_with({Errc::denied})
      .example("visitorctl backup key export --key backup.key")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
