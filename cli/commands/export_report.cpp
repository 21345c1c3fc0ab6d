#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <utility>

#include "app/remote/reports.hpp"
#include "app/report_file.hpp"
#include "cli/backup_options.hpp"
#include "cli/export_commands.hpp"
#include "cli/session.hpp"
#include "cli/stop_on_signal.hpp"
#include "core/text.hpp"

namespace visitor::cli {
namespace {

struct Options {
  const app::Report* report = nullptr;
  std::filesystem::path output = "-";
  std::optional<report::Format> format;
  std::optional<Moment> from;
  std::optional<Moment> to;
  std::string period;
  std::string site;
  std::string department;
  std::vector<std::string> statuses;
  std::vector<std::string> columns;
  std::string section;
  domain::Language locale = domain::Language::english;
  std::string time_zone;
  std::string reason;
  bool bom = false;
  bool excel = false;
  bool no_guard = false;
};

struct Exported {
  const app::ReportFile& file;
  std::string path;
};

void write(JsonWriter& json, const Exported& exported) {
  const auto& file = exported.file;
  json.begin_object().member("report", std::string_view{file.report}).member("format", domain::name(file.format));
  json.member("file", std::string_view{exported.path});
  json.member("manifest", std::string_view{app::manifest_of(exported.path).native()});
  json.member("rows", file.written.total()).member("bytes", static_cast<std::int64_t>(file.bytes));
  json.member("sha256", std::string_view{file.sha256}).key("sections").begin_array();
  for (std::size_t i = 0; i < file.sections.size(); ++i)
    json.begin_object().member("key", std::string_view{file.sections[i]}).member("rows", file.written.rows[i]).end();
  json.end().key("withheld").begin_array();
  for (const auto& sentence : file.cover.withheld) json.value(std::string_view{sentence});
  json.end().key("replaced").begin_object();
  for (const auto& loss : domain::names<report::Loss>())
    json.member(loss.name, file.written.losses[static_cast<std::size_t>(loss.value)]);
  json.end().end();
}

/// "4000 of about 60000 rows, 51200 a second, 1 s left"; what is left only as long as the planner's guess holds.
std::string progress_text(std::int64_t rows, std::int64_t expected, double seconds) {
  const auto rate = static_cast<double>(rows) / std::max(seconds, 0.001);
  if (rows >= expected) return fmt::format("{} rows, {:.0f} a second", rows, rate);
  const auto left = static_cast<std::int64_t>(std::ceil(static_cast<double>(expected - rows) / rate));
  return fmt::format("{} of about {} rows, {:.0f} a second, {} left", rows, expected, rate,
                     format_span(std::chrono::seconds{left}));
}

/// Rows, rate and the time that is left, in one line of a terminal; elsewhere nothing.
class RowsLine {
 public:
  explicit RowsLine(const Session& session)
      : err_(STDERR_FILENO, "standard error"),
        shown_(err_.is_terminal() && !session.json() && !session.globals().quiet) {}
  RowsLine(const RowsLine&) = delete;
  RowsLine& operator=(const RowsLine&) = delete;
  ~RowsLine() { clear(); }
  void clear() {
    if (!std::exchange(dirty_, false)) return;
    try {
      err_.write("\r\x1b[K");
    } catch (const Error&) {  // the terminal is gone
    }
  }

  bool shown() const { return shown_; }
  void operator()(std::int64_t rows, std::int64_t expected) {
    using std::chrono::duration;
    const auto took = duration<double>(std::chrono::steady_clock::now() - begun_).count();
    if (rows == 0 || took < next_) return;
    constexpr double kPause = 0.2;
    next_ = took + kPause;
    dirty_ = true;
    err_.write("\r\x1b[K" + progress_text(rows, expected, took));
  }

 private:
  Stream err_;
  bool shown_;
  bool dirty_ = false;
  double next_ = 0;
  std::chrono::steady_clock::time_point begun_ = std::chrono::steady_clock::now();
};

/// SOURCE_DATE_EPOCH, for files that are to be the same again. Source: reproducible-builds.org/specs/source-date-epoch.
Instant made_at(const Session& session) {
  const char* given = std::getenv("SOURCE_DATE_EPOCH");
  if (given == nullptr || *given == '\0') return session.now();
  const auto seconds = to_integer(given);
  constexpr long long kMost = 253'402'300'799;  // the end of the year 9999
  if (!seconds || *seconds < 0 || *seconds > kMost)
    throw Error(Errc::usage, "SOURCE_DATE_EPOCH is not a number of seconds since 1970");
  return Instant{std::chrono::seconds{*seconds}};
}

report::Format format_of(const Options& options) {
  if (options.format) return *options.format;
  auto ending = options.output.extension().string();
  if (!ending.empty()) ending.erase(0, 1);
  if (const auto format = domain::find_named<report::Format>(lower(ending))) return *format;
  if (options.output == "-") return report::Format::csv;
  throw Error(Errc::usage, fmt::format("the name {} does not say which format is wanted", options.output.string()),
              "Say --format xlsx, or end the name with .xlsx.");
}

std::vector<std::string> split(const std::vector<std::string>& given) {
  std::vector<std::string> all;
  for (std::string_view rest : given)
    while (!rest.empty()) {
      const auto comma = rest.find(',');
      if (const auto word = trim(rest.substr(0, comma)); !word.empty()) all.emplace_back(word);
      rest.remove_prefix(comma == std::string_view::npos ? rest.size() : comma + 1);
    }
  return all;
}

app::ReportWish wish_of(const Options& options) {
  app::ReportWish wish;
  if (options.from) wish.since = options.from->text;
  if (options.to) wish.until = options.to->text;
  wish.period = options.period;
  wish.site = options.site;
  wish.department = options.department;
  wish.statuses = split(options.statuses);
  wish.columns = split(options.columns);
  wish.section = options.section;
  wish.time_zone = options.time_zone;
  wish.language = options.locale;
  wish.reason = options.reason;
  return wish;
}

std::filesystem::path folder_of(const std::filesystem::path& output) {
  if (output == "-") return std::filesystem::temp_directory_path();
  return output.has_parent_path() ? output.parent_path() : std::filesystem::path{"."};
}

/// Hands the file over, and says what is in it.
template <class Draft>
void hand_over(const Options& options, Session& session, Draft& draft) {
  const auto& file = draft.file();
  const bool to_output = options.output == "-";
  if (to_output) {
    draft.copy_to([&](std::string_view bytes) { session.print(bytes); });
  } else {
    draft.publish(options.output);
  }
  for (const auto& sentence : file.cover.withheld) session.note(sentence);
  for (const auto& loss : domain::names<report::Loss>())
    if (const auto count = file.written.losses[static_cast<std::size_t>(loss.value)]; count > 0)
      session.note(fmt::format(fmt::runtime(loss.english), count) + ".");
  if (!to_output)
    session.done(
        Exported{file, options.output.string()},
        fmt::format("Wrote {} {} to {} ({}).", file.written.total(), file.written.total() == 1 ? "row" : "rows",
                    options.output.string(), amount_text(file.bytes)));
}

void run(const Options& options, Session& session) {
  const auto format = format_of(options);
  const bool to_output = options.output == "-";
  if ((options.bom || options.excel || options.no_guard) && format != report::Format::csv)
    throw Error(Errc::usage, "--bom, --excel and --no-guard are about CSV", "Add --format csv.");
  const bool binary = format == report::Format::xlsx || format == report::Format::pdf;
  if (to_output && binary && session.for_people())
    throw Error(Errc::usage, fmt::format("{} is nothing for a terminal", domain::name(format)), "Name a file with -o.");
  const StopOnSignal stop;
  const report::CsvOptions csv{.bom = options.bom, .excel = options.excel, .guard = !options.no_guard};
  RowsLine line{session};
  std::function<void(std::int64_t, std::int64_t)> progress;
  if (line.shown()) progress = [&](std::int64_t rows, std::int64_t expected) { line(rows, expected); };
  if (auto* house = session.remote()) {
    app::ReportRequest request{std::string{options.report->name}, wish_of(options), format, csv, {}};
    if (!to_output) request.file_name = options.output.filename().string();
    app::RemoteDraft draft{*house, *session.server(), request, folder_of(options.output), progress, stop.token()};
    line.clear();
    return hand_over(options, session, draft);
  }
  const SystemClock clock;
  const auto made = made_at(session);
  const auto actor = db::with_retry(session.db(), 3, [&](db::Transaction& tx) { return session.work(tx).actor; });
  const app::ReportDesk desk{.pool = session.db(),
                             .settings = session.settings(),
                             .vault = session.vault(),
                             .actor = actor,
                             .clock = clock,
                             .made_at = made,
                             .scope = domain::Scope::everything(),
                             .stop = stop.token()};
  const app::ReportOptions how{.format = format, .csv = csv, .progress = progress};
  app::ReportDraft draft{desk, *options.report, wish_of(options), how, folder_of(options.output)};
  line.clear();
  hand_over(options, session, draft);
}

void add_filters(Command& command, const app::Report& report, Options& options) {
  if (!report.counts.empty()) {
    command.option("--from", "TIME", options.from, fmt::format("Only what was {} at this time or later", report.counts))
        .option("--to", "TIME", options.to, fmt::format("Only what was {} before this time", report.counts))
        .option("--period", "PERIOD", options.period,
                "Instead: today, 7d, 30d or month, up to the end of today; yesterday, last-week or last-month")
        .default_is(std::string{report.usual_period});
  }
  const auto unless = [](std::string_view refused, const char* help) {
    return refused.empty() ? std::string{help} : fmt::format("Refused: {}", refused);
  };
  command.option("--site", "SITE", options.site, unless(report.no_site, "Only this site, by name or number"))
      .option("--department", "DEPARTMENT", options.department,
              unless(report.no_department, "Only this department, by name or number"));
  if (!report.statuses.empty())
    command.option("--status", "STATUS", options.statuses,
                   "Only these: " + lower(fmt::format("{}", fmt::join(report.statuses, ", "))));
}

}  // namespace

void add_export_report(Command& group) {
  for (const auto* report : app::reports()) {
    auto options = std::make_shared<Options>();
    options->report = report;
    auto& command = group.add(std::string{report->name}, std::string{report->about});
    command
        .option("-o,--output", "FILE", options->output,
                "Where to; - is standard output. It gets its name when it is whole, and a signed manifest beside")
        .takes_file()
        .default_is("-")
        .option("--format", "FORMAT", options->format, "By the ending of the name, or csv, where it is not given");
    add_filters(command, *report, *options);
    command.option("--columns", "KEYS", options->columns, "Only these, in this order; 'export list' shows their keys")
        .option("--section", "KEY", options->section, "Only this section")
        .option("--locale", "LANGUAGE", options->locale, "Of headings and words")
        .default_is("en")
        .option("--time-zone", "ZONE", options->time_zone, "Of its times, instead of that of the site")
        .option("--reason", "TEXT", options->reason, "Why document numbers are wanted whole; goes on record")
        .flag("--bom", options->bom, "CSV: begin with a byte order mark")
        .flag("--excel", options->excel, "CSV: as Excel reads it in Russian: semicolons and Windows-1251")
        .flag("--no-guard", options->no_guard, "CSV: leave texts as they are that a spreadsheet would run as formulas")
        .details(
            "The rows are of one moment of the database. That it was exported is on record, with the filter, the "
            "number of rows and the hash of the file. Document numbers are masked unless --reason says why they are "
            "wanted. What a format cannot hold is replaced, and said.\n"
            "\n"
            "With SOURCE_DATE_EPOCH in the environment, the same report of the same database has the same bytes. With "
            "--server, visitord there makes it with the rights of the key, and its clock says when.")
        .fails_with({Errc::not_found})
        .uses_house()
        .example(fmt::format("visitorctl export {} -o {}.xlsx --locale ru", report->name, report->name))
        .example(fmt::format("visitorctl export {} --format jsonl | jq .", report->name))
        .runs([options](Session& session) { run(*options, session); });
  }
}

}  // namespace visitor::cli
