#pragma once

#include <filesystem>
#include <functional>
#include <stop_token>
#include <string>
#include <vector>

#include "app/draft_file.hpp"
#include "app/remote/house.hpp"
#include "app/report_jobs.hpp"

/// As in app/reports.hpp and app/report_file.hpp, of a house elsewhere.
namespace visitor::app {

/// A report that visitord there knows.
struct RemoteReport {
  std::string json;  ///< as write() writes one
  std::string name;
  std::string about;
  struct Column {
    std::string key;
    bool usual = true;  ///< there where no columns are named
  };
  struct Section {
    std::string key;
    std::string title;
    std::vector<Column> columns;
  };
  std::vector<Section> sections;
};
std::vector<RemoteReport> list_reports(RemoteHouse& house);

/// A report that was made there, and fetched.
class RemoteDraft {
 public:
  /// Asks for it, waits until it is made, fetches it in pieces, checks its hash, and removes it there.
  /// \param server    of the house
  /// \param progress  called now and then with how many rows were written, and how many there will be about
  /// \param folder    where the file will be
  /// \throws Error failed       it could not be made there
  /// \throws Error interrupted  \p stop was requested
  /// \throws Error integrity    what came is not what was made
  RemoteDraft(RemoteHouse& house, const ApiServer& server, const ReportRequest& request,
              const std::filesystem::path& folder,
              const std::function<void(std::int64_t rows, std::int64_t expected)>& progress,
              const std::stop_token& stop);

  const ReportFile& file() const { return file_; }
  /// Gives it its name, with the manifest beside.
  void publish(const std::filesystem::path& path);
  void copy_to(const report::Sink& sink) const;

 private:
  DraftFile draft_;
  ReportFile file_;
  std::string manifest_;
};

}  // namespace visitor::app
