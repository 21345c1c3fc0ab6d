#include "app/audit_export.hpp"

#include "cli/audit_commands.hpp"
#include "cli/session.hpp"

namespace visitor::cli {
namespace {

struct Options {
  int after = 0;
};

void run(const Options& options, Session& session) {
  const SystemClock clock;
  const auto actor = [&] {
    db::Transaction tx{session.db()};
    auto made = session.work(tx).actor;
    tx.commit();
    return made;
  }();
  std::string buffer;
  constexpr std::size_t kFull = std::size_t{1} << 20;
  app::export_audit({session.db(), session.settings(), session.vault(), actor, clock}, options.after,
                    [&](std::string_view line) {
                      buffer += line;
                      if (buffer.size() < kFull) return;
                      session.print(buffer);
                      buffer.clear();
                    });
  session.print(buffer);
}

}  // namespace

void add_audit_export(Command& audit) {
  auto options = std::make_shared<Options>();
  audit.add("export", "Write the audit as lines of JSON that anybody can verify")
      .details(
          "The first line says what the chain has before the first row; then come the rows with their hashes, and at "
          "the end the signed checkpoints. 'audit verify --file' checks such a file without a database. That it was "
          "exported is on record, too.")
      .option("--after", "LINK", options->after, "Only what comes after this link of the chain")
      .fails_with({Errc::not_found})
      .uses_database()
      .example("visitorctl audit export > audit.jsonl")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
