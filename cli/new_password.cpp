#include "cli/new_password.hpp"

#include "app/accounts.hpp"
#include "cli/prompt.hpp"

namespace visitor::cli {

void add_password_file(Command& command, std::optional<std::filesystem::path>& file, const std::string& without) {
  command
      .option("--password-file", "FILE", file,
              "File with the password in its first line; '-' is standard input; without it " + without)
      .takes_file();
}

std::string get_new_password(Session& session, const std::optional<std::filesystem::path>& file,
                             const std::string& login) {
  const auto password = get_secret(file, "New password of " + login);
  auth::require_good_password(password, login);
  if (!file && ask_secret("The same again").reveal() != password.reveal())
    throw Error(Errc::usage, "the two passwords differ", "Type the same one twice.");
  auth::Passwords passwords{app::password_cost(session.settings())};
  return app::hash_new_password(passwords, password, login);
}

}  // namespace visitor::cli
