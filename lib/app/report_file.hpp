#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "app/reports.hpp"
#include "core/clock.hpp"
#include "db/pool.hpp"

/// A report as a file: made whole or not at all, on record, and with a signed manifest.
namespace visitor::app {

struct ReportDesk {
  db::Pool& pool;
  const config::Settings& settings;
  const Vault& vault;
  const Actor& actor;  ///< with an account
  const Clock& clock;
  Instant made_at;      ///< what the file calls now
  domain::Scope scope;  ///< what may be seen
  std::optional<domain::Scope> also = {};
  std::stop_token stop = {};
  std::string scheduled = {};  ///< the name of the [[report]] that it is made for; empty: none
};

class DraftFile;
class ReportDraft;

struct ReportOptions {
  report::Format format = report::Format::xlsx;
  report::CsvOptions csv = {};
  /// Called now and then with how many rows were written, and how many there will be about.
  std::function<void(std::int64_t rows, std::int64_t expected)> progress = {};
  std::uint64_t largest = 0;   ///< bytes; 0: any size
  std::int64_t most_rows = 0;  ///< about; 0: any number
  bool nameless = false;       ///< it is only read from, not published: nothing is left of it, however the process ends
  std::int64_t job = 0;        ///< the audit row is about this one, where it was asked for as a job
  /// Called with what is whole and not on record yet.
  std::function<void(const ReportDraft&)> keep = {};
  /// Called in the transaction of the audit row; may be called again. What it throws undoes both.
  std::function<void(db::Transaction&, const ReportDraft&)> record = {};
};

/// What was made.
struct ReportFile {
  std::string report;
  report::Format format = report::Format::xlsx;
  report::Cover cover;
  std::vector<std::string> sections;  ///< keys
  report::Written written;
  std::uint64_t bytes = 0;
  std::string sha256;  ///< hexadecimal
};

/// A file without its name yet: goes when this does, unless it is published.
class ReportDraft {
 public:
  /// Reads the report in one snapshot of the database and writes it whole; then writes the audit row, with the filter,
  /// the number of rows and the hash, in a transaction of its own, before anybody can have the file.
  /// \param folder  where the file will be, so that giving it its name is one step
  /// \throws Error  as order_report(); database: nothing is left behind
  /// \throws Error conflict     it is larger than it may be
  /// \throws Error interrupted  the desk's stop was requested
  ReportDraft(const ReportDesk& desk, const Report& report, const ReportWish& wish, const ReportOptions& options,
              const std::filesystem::path& folder);
  ~ReportDraft();
  ReportDraft(const ReportDraft&) = delete;
  ReportDraft& operator=(const ReportDraft&) = delete;

  const ReportFile& file() const { return file_; }

  /// Gives it its name, replacing what has it, with the manifest "NAME.manifest.json" beside. Readable by its owner.
  /// \throws Error config  it cannot be written there; the name is as it was
  void publish(const std::filesystem::path& path);
  /// Hands its bytes over.
  void copy_to(const report::Sink& sink) const;
  /// Up to \p most bytes from \p offset on; empty behind the end. Any thread, one at a time.
  std::string piece(std::uint64_t offset, std::size_t most) const;
  /// The signed manifest of the file under that name.
  std::string manifest(const std::string& name) const { return manifest_(name); }

 private:
  std::unique_ptr<DraftFile> draft_;
  ReportFile file_;
  std::function<std::string(const std::string& name)> manifest_;
};

/// "visits.xlsx.manifest.json".
std::filesystem::path manifest_of(const std::filesystem::path& file);

/// What a manifest says.
struct ReportManifest {
  std::string report;
  std::string file;
  std::uint64_t bytes = 0;
  std::string sha256;
  std::int64_t rows = 0;
  std::string by;
  std::string made_at;
  std::string key;        ///< public, "vbs-…"
  std::string scheduled;  ///< the name of the [[report]] that it was made for; empty: none
};

/// \param text   a manifest
/// \param place  where it lies, for messages
/// \throws Error integrity  it is none, or was changed, or another key than one of \p keys made it
ReportManifest read_report_manifest(std::string_view text, std::string_view place,
                                    const std::vector<std::string>& keys);

/// Whether \p file is the one that its manifest speaks of, and the manifest was signed by one of \p keys.
/// \throws Error not_found  there is no such file or manifest
/// \throws Error integrity  it is another file, or the signature does not hold, or another key made it
ReportManifest verify_report(const std::filesystem::path& file, const std::vector<std::string>& keys);

}  // namespace visitor::app
