#include <fmt/format.h>

#include "cli/arguments.hpp"
#include "cli/log_in_commands.hpp"
#include "cli/views.hpp"
#include "cli/views_log_in.hpp"

namespace visitor::cli {
namespace {

struct Options {
  domain::ApiKeyId key;
};

void run(const Options& options, Session& session) {
  db::Transaction tx{session.db(), kReading};
  const auto work = session.reader(tx);
  const auto audit = app::audit_api_key(work, options.key);
  session.show(audit, api_key_use_table(audit, zone_for(work, std::nullopt).name()));
  if (!audit.unused.empty())
    session.note(fmt::format("{} of {} permissions were never needed since {}.", audit.unused.size(),
                             audit.key.permissions.size(),
                             time_cell(audit.key.created_at, zone_for(work, std::nullopt).name()).text));
}

}  // namespace

void add_apikey_audit(Command& apikey) {
  auto options = std::make_shared<Options>();
  apikey.add("audit", "Show which permissions of an API key were ever needed")
      .details("Uses are written down once an hour, so a time may be up to an hour old.")
      .positional("KEY", options->key, "Number shown by 'apikey list'")
      .required()
      .fails_with({Errc::not_found})
      .uses_database()
      .example("visitorctl apikey audit 3")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
