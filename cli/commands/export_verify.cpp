#include <fmt/format.h>

#include "app/audit_documents.hpp"
#include "app/report_file.hpp"
#include "archive/keys.hpp"
#include "cli/export_commands.hpp"
#include "cli/session.hpp"

namespace visitor::cli {
namespace {

struct Options {
  std::filesystem::path file;
  std::vector<std::string> keys;
};

struct Verified {
  app::ReportManifest manifest;
};

void write(JsonWriter& json, const Verified& verified) {
  const auto& manifest = verified.manifest;
  json.begin_object().member("report", std::string_view{manifest.report});
  json.member("file", std::string_view{manifest.file}).member("rows", manifest.rows);
  json.member("bytes", static_cast<std::int64_t>(manifest.bytes)).member("sha256", std::string_view{manifest.sha256});
  json.member("by", std::string_view{manifest.by}).member("made_at", std::string_view{manifest.made_at});
  json.member("key", std::string_view{manifest.key}).end();
}

void run(const Options& options, Session& session) {
  for (const auto& key : options.keys) archive::require_signer(key);
  auto keys = options.keys;
  if (keys.empty()) {
    db::Transaction tx{session.db(), kReading};
    keys = app::audit_public_keys(tx, session.vault());
  }
  const Verified verified{app::verify_report(options.file, keys)};
  const auto& manifest = verified.manifest;
  Card card;
  card.add("Report", manifest.report);
  card.add("Rows", fmt::to_string(manifest.rows));
  card.add("Made by", manifest.by);
  card.add("Made at", manifest.made_at);
  card.add("SHA-256", manifest.sha256);
  card.add("Signed with", manifest.key);
  session.show(verified, card);
}

}  // namespace

void add_export_verify(Command& group) {
  auto options = std::make_shared<Options>();
  group.add("verify", "Find out whether a file is the one that was exported")
      .details(
          "The manifest beside the file, FILE.manifest.json, has its size and hash, and is signed with the key that "
          "signs checkpoints of the audit. Without --public-key the keys of this installation are believed, and the "
          "database is asked for them.")
      .positional("FILE", options->file, "As 'export' wrote it, with its manifest beside")
      .required()
      .takes_file()
      .option("--public-key", "KEY", options->keys, "Believe this key; needs no database")
      .fails_with({Errc::not_found, Errc::integrity})
      .uses_database()
      .example("visitorctl export verify visits.xlsx")
      .example("visitorctl export verify visits.xlsx --public-key vbs-1f0c...")
      .runs([options](Session& session) { run(*options, session); });
}

}  // namespace visitor::cli
