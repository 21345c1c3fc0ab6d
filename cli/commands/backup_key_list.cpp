#include <algorithm>

#include "cli/arguments.hpp"
#include "cli/backup_commands.hpp"
#include "cli/backup_options.hpp"
#include "cli/views.hpp"
#include "store/backup_log.hpp"

namespace visitor::cli {
namespace {

struct Listed {
  store::BackupKey key;
  bool in_use = false;
};

void write(JsonWriter& json, const Listed& listed) {
  json.begin_object()
      .text_member("name", listed.key.name)
      .member("public_key", std::string_view{listed.key.public_key})
      .member("in_use", listed.in_use)
      .member("proven_at", listed.key.proven_at)
      .end();
}

void run(Session& session) {
  std::vector<Listed> rows;
  for (const auto& recipient : app::backup_recipients(session.settings()))
    rows.push_back({{recipient.text(), "", std::nullopt}, true});
  db::Transaction tx{session.db(), kReading};
  for (auto& known : store::BackupLog{tx}.keys()) {
    const auto found = std::find_if(rows.begin(), rows.end(),
                                    [&](const Listed& row) { return row.key.public_key == known.public_key; });
    if (found == rows.end())
      rows.push_back({std::move(known), false});
    else
      found->key = std::move(known);
  }
  const auto zone = zone_for(session.reader(tx), std::nullopt).name();
  Table table{{{"Name"}, {"In use"}, {"Proven"}, {"Public key"}}};
  for (const auto& row : rows)
    table.add({row.key.name, row.in_use ? "yes" : "no",
               row.key.proven_at ? time_cell(row.key.proven_at, zone) : Cell{"never", Tone::warning},
               row.key.public_key});
  session.list("keys", rows, table);
}

}  // namespace

void add_backup_key_list(Command& key) {
  key.add("list", "List the keys that can read backups, and when each was last proven")
      .details("In use are those in [backup] recipients; the others can read older backups.")
      .fails_with({Errc::config})
      .uses_database()
      .example("visitorctl backup key list")
      .runs([](Session& session) { run(session); });
}

}  // namespace visitor::cli
