#include "app/badges.hpp"
#include "cli/arguments.hpp"
#include "cli/badge_commands.hpp"

namespace visitor::cli {
namespace {

void run(Session& session) {
  const auto key = app::badge_public_key(session.vault());
  if (!session.json()) return session.print(key + "\n");
  JsonWriter json;
  json.begin_object().member("public_key", std::string_view{key}).end();
  session.print(json.take());
}

}  // namespace

void add_badge_key(Command& badge) {
  badge.add("key", "Print the public key that badges are checked with")
      .details(
          "Whoever has it can check badges without the database, and make none. It follows from the master key: where "
          "that is replaced, badges printed before are worth nothing, and the key is another one.")
      .fails_with({Errc::config})
      .uses_database()
      .example("visitorctl badge key")
      .runs([](Session& session) { run(session); });
}

}  // namespace visitor::cli
