#include "cli/step_up.hpp"

#include <fmt/format.h>

#include "app/backups.hpp"
#include "app/remote/accounts.hpp"
#include "cli/prompt.hpp"
#include "core/clock.hpp"
#include "core/file.hpp"

namespace visitor::cli {

void add_code_file(Command& command, std::optional<std::filesystem::path>& file) {
  command.option("--code-file", "FILE", file, "A file with the code that is asked for, or '-' for standard input")
      .takes_file();
}

Secret get_code(const std::optional<std::filesystem::path>& file, const std::string& question) {
  if (file) return read_secret_file(*file);
  if (can_ask()) return ask_secret(question);
  throw Error(Errc::usage, "there is no terminal to ask for the code",
              "Give a file with --code-file FILE, or '-' for standard input.");
}

app::Work at_this_moment(app::Work work) {
  work.now = SystemClock{}.now();
  return work;
}

void show_code(Session& session, db::Pool& pool, const Vault& vault, const std::string& login, const Secret& code) {
  db::Transaction tx{pool};
  const auto checked = app::show_code(at_this_moment(session.work(tx)), vault, login, code);
  tx.commit();
  if (checked.retry_after)
    throw Error(
        Errc::denied, fmt::format("too many codes of '{}' were wrong", login),
        fmt::format("Try again in {} min.", std::chrono::ceil<std::chrono::minutes>(*checked.retry_after).count()));
  if (!checked.shown)
    throw Error(Errc::denied, fmt::format("the code of '{}' is wrong, or was used before", login),
                "Wait for the next one.");
}

void step_up(Session& session, const std::optional<std::filesystem::path>& code_file) {
  if (auto* house = session.remote()) {
    if (code_file) app::show_code(*house, read_secret_file(*code_file));
    return;
  }
  auto& pool = session.db();
  const auto need = [&] {
    db::Transaction tx{pool, kReading};
    return app::step_up_need(tx, Session::os_user());
  }();
  if (need != app::StepUpNeed::none) step_up(session, need, pool, session.vault(), code_file);
}

void step_up_if_any(Session& session, const std::optional<std::filesystem::path>& code_file) {
  if (app::has_database(session.instance())) step_up(session, code_file);
}

void step_up(Session& session, app::StepUpNeed need, db::Pool& pool, const Vault& vault,
             const std::optional<std::filesystem::path>& code_file) {
  const auto login = Session::os_user();
  if (need == app::StepUpNeed::none) return;
  if (need == app::StepUpNeed::enrolment)
    throw Error(Errc::denied, fmt::format("this asks for a code, and account '{}' has no authenticator", login),
                fmt::format("Run 'visitorctl totp enroll {}' first: a role of the account asks for one.", login));
  show_code(session, pool, vault, login, get_code(code_file, "Code of " + login));
}

}  // namespace visitor::cli
