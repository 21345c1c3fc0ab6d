#include <fmt/format.h>
#include <unistd.h>

#include "archive/keys.hpp"
#include "cli/backup_commands.hpp"
#include "cli/session.hpp"

namespace visitor::cli {
namespace {

constexpr std::size_t kLongestName = 200;

struct Options {
  std::string name;
  std::optional<std::filesystem::path> out;
  bool print = false;
};

struct Made {
  std::string name;
  std::string public_key;
  std::string file;
};

void write(JsonWriter& json, const Made& made) {
  json.begin_object()
      .member("name", std::string_view{made.name})
      .member("public_key", std::string_view{made.public_key})
      .text_member("file", made.file)
      .end();
}

void run(const Options& options, Session& session) {
  if (options.name.empty() || options.name.size() > kLongestName)
    throw Error(Errc::usage, "a key has a name of 1 to 200 bytes");
  if (options.print && options.out) throw Error(Errc::usage, "--print and --out exclude each other");
  const auto key = archive::PrivateKey::make(options.name);
  const auto text = key.file_text(session.now());
  if (options.print) {
    session.print(text.reveal());
    return;
  }
  const auto file = options.out.value_or(options.name + ".backup-key");
  if (!options.out && options.name.find('/') != std::string::npos)
    throw Error(Errc::usage, "this name is none for a file", "Say where to put the key with --out.");
  archive::write_new_private_file(file, text);
  session.note(
      fmt::format("Wrote the private key to {}. Keep it away from this machine, in two places: without it no "
                  "backup can be read. This is the public key, for [backup] recipients:",
                  file.string()));
  const Made made{key.name(), key.public_key().text(), file.string()};
  if (session.json()) return session.done(made, "");
  session.print(made.public_key + "\n");
}

}  // namespace

void add_backup_key_create(Command& key) {
  auto options = std::make_shared<Options>();
  key.add("create", "Make a key that can read backups, and print its public half")
      .details(
          "The private half goes to a new file that only you can read; it is never overwritten. Do this on a machine "
          "that is not the server, if you can: the server needs the public half only.")
      .positional("NAME", options->name, "Whose key it is, or where it is kept")
      .required()
      .option("--out", "FILE", options->out, "Where to write the private half")
      .default_is("NAME.backup-key")
      .takes_file()
      .flag("--print", options->print, "Print the private half instead, to be stored elsewhere")
      .fails_with({Errc::conflict, Errc::config})
      .example("visitorctl backup key create safe --out /media/safe/backup.key")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
