// What an export costs: a million visits as a spreadsheet and as CSV, beside the library alone, openpyxl, and COPY;
// and ten thousand as a PDF, beside reportlab with the same rows, as strings and as paragraphs that wrap.

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <xlsxwriter.h>

#include <algorithm>
#include <boost/json.hpp>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "app/reports.hpp"
#include "core/error.hpp"
#include "core/file.hpp"
#include "report/cell_text.hpp"
#include "support/house.hpp"
#include "support/program.hpp"
#include "support/report.hpp"
#include "support/words.hpp"

using namespace visitor;
using Wall = std::chrono::steady_clock;
namespace json = boost::json;

namespace {

constexpr auto kUsage = R"(Usage: bench_export [--rows N] [--json]
Prints how fast, and in how much memory, visits are exported as a spreadsheet, as CSV and as a PDF.
  --rows N  visits (default 1000000); openpyxl gets a tenth of them, and a PDF 10000
  --json    one JSON object, for tests/bench/run, instead of the table
)";

constexpr double kMostMebibytes = 64;
constexpr double kOfBareLoop = 0.8;
constexpr double kOfOpenpyxl = 4.5;
constexpr double kOfCopy = 0.5;
constexpr std::int64_t kSample = 1000;
constexpr double kOfReportlab = 2.5, kShareOfMemory = 0.2;
constexpr std::int64_t kOpenpyxlShare = 10;  // it gets a tenth of the rows: rates are compared

constexpr auto kPeople = R"sql(
    INSERT INTO site (name, time_zone, created_at) VALUES ('Head office', 'Asia/Almaty', now());
    INSERT INTO department (site_id, name) SELECT 1, 'Отдел ' || n FROM generate_series(1, 24) AS n;
    INSERT INTO host (department_id, name, email, phone)
    SELECT 1 + n % 24, 'Сотрудник Омаров ' || n, 'host' || n || '@example.org', '+7701' || lpad(n::text, 7, '0')
      FROM generate_series(1, 400) AS n;
    INSERT INTO guest (name, company, email, phone, document_tail, created_at)
    SELECT 'Гость Петрова ' || n, 'Компания ' || n % 300, 'guest' || n || '@example.org',
           '+7702' || lpad(n::text, 7, '0'), lpad((n % 10000)::text, 4, '0'), now()
      FROM generate_series(1, 8500) AS n;)sql";
constexpr auto kVisits = R"sql(
    INSERT INTO visit (guest_id, host_id, department_id, site_id, purpose, kind, contact_phone, consent_at,
                       expected_from, expected_until, status, checked_in_at, checked_in_how, checked_out_at,
                       checked_out_how, ended_at, entry_count, exit_count, registered_by, registered_at)
    SELECT 1 + n % 8500, 1 + n % 400, 1 + n % 24, 1, 'BUSINESS_MEETING', 'contractor',
           '+7702' || lpad((n % 8500)::text, 7, '0'), t, t, t + interval '2 hours', 'CHECKED_OUT',
           t + interval '3 minutes', 'door', t + interval '73 minutes', 'door', t + interval '73 minutes', 1, 1, {}, t
      FROM (SELECT n, timestamptz '2016-01-01 00:00:00+00' + n * interval '5 minutes' AS t
              FROM generate_series({}::bigint, {}::bigint) AS n) v)sql";

struct Options {
  std::int64_t rows = 1'000'000;
  bool json = false;
};

std::optional<Options> parse(int argc, char** argv) {
  Options options;
  const bool good = bench::read_words(argc, argv, {{"--json", &options.json}, {"--rows", &options.rows, 1, 1'000'000}});
  if (!good) return std::nullopt;
  return options;
}

struct Run {
  double seconds = 0;
  double mebibytes = 0;  ///< resident at most
};

/// Runs a program with its standard output in a file.
Run run(const std::vector<std::string>& words, const std::filesystem::path& output) {
  std::vector<char*> argv;
  for (const auto& word : words) argv.push_back(const_cast<char*>(word.c_str()));
  argv.push_back(nullptr);
  const auto start = Wall::now();
  const auto child = ::fork();
  if (child == 0) {
    const int file = ::open(output.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (file < 0 || ::dup2(file, STDOUT_FILENO) < 0) ::_exit(127);
    ::execvp(argv[0], argv.data());
    ::_exit(127);
  }
  int status = 0;
  rusage usage{};
  if (child < 0 || ::wait4(child, &status, 0, &usage) != child || status != 0)
    throw Error(Errc::failed, fmt::format("{} ended with status {}", words[0], status));
  return {std::chrono::duration<double>(Wall::now() - start).count(), static_cast<double>(usage.ru_maxrss) / 1024};
}

/// Keeps what a report hands over.
class Keeper : public report::Writer {
 public:
  using Value = std::variant<std::monostate, std::string, double>;

  void begin(const report::Cover& cover, std::span<const report::Section> sections) override {
    clock_.emplace(cover.zone);
    text_.emplace(cover.language, cover.zone);
    columns_ = sections[0].columns;
  }
  void chart(const report::Chart&) override {}
  void section(std::size_t) override {}
  void row(std::span<const report::Cell> cells) override {
    if (static_cast<std::int64_t>(rows.size()) == kSample) return;
    auto& row = rows.emplace_back();
    json::array plain;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      if (std::holds_alternative<std::monostate>(cells[i])) {
        row.emplace_back();
        plain.emplace_back(nullptr);
      } else if (std::holds_alternative<std::string_view>(cells[i])) {
        row.emplace_back(std::string{text_->of(columns_[i], cells[i])});
        plain.emplace_back(std::get<std::string>(row.back()));
      } else if (std::holds_alternative<Instant>(cells[i])) {
        constexpr double kDays = 46'266.0;  // what a date is in a sheet: a number of that size
        row.emplace_back(kDays + static_cast<double>(rows.size()) / 86'400.0);
        plain.emplace_back(json::object{{"at", text_->of(columns_[i], cells[i])}});
      } else {
        const auto* number = std::get_if<std::int64_t>(&cells[i]);
        row.emplace_back(number ? static_cast<double>(*number) : 0.048'611'111'111'111'11);
        plain.emplace_back(std::get<double>(row.back()));
      }
    }
    for_python.push_back(std::move(plain));
  }
  report::Written finish() override { return {}; }

  std::vector<std::vector<Value>> rows;
  json::array for_python;

 private:
  std::optional<report::LocalClock> clock_;
  std::optional<report::CellText> text_;
  std::vector<report::Column> columns_;
};

/// The library and nothing else.
double bare_loop(const Keeper& sample, std::int64_t count, const std::filesystem::path& file) {
  const auto start = Wall::now();
  auto folder = file.parent_path().string();
  lxw_workbook_options options{LXW_TRUE, folder.data(), LXW_FALSE};
  auto* book = workbook_new_opt(file.c_str(), &options);
  auto* sheet = workbook_add_worksheet(book, "Visits");
  auto* format = workbook_add_format(book);
  format_set_num_format(format, "yyyy-mm-dd hh:mm:ss");
  for (std::int64_t i = 0; i < count; ++i) {
    const auto& row = sample.rows[static_cast<std::size_t>(i) % sample.rows.size()];
    for (std::size_t j = 0; j < row.size(); ++j) {
      const auto line = static_cast<lxw_row_t>(i);
      const auto column = static_cast<lxw_col_t>(j);
      if (const auto* text = std::get_if<std::string>(&row[j]))
        worksheet_write_string(sheet, line, column, text->c_str(), nullptr);
      else if (const auto* number = std::get_if<double>(&row[j]))
        worksheet_write_number(sheet, line, column, *number, format);
    }
  }
  if (workbook_close(book) != LXW_NO_ERROR) throw Error(Errc::failed, "the bare loop cannot write its file");
  return std::chrono::duration<double>(Wall::now() - start).count();
}

/// The statement of the report without its filter, and the columns that the report has, for COPY.
std::string copy_statement() {
  const auto& section = app::get_report("visits").sections[0];
  std::string sql{section.statement.sql};
  std::vector<std::string_view> columns;
  for (const auto& one : section.columns)
    if (one.usual) columns.push_back(one.column.key == "document" ? "document_tail" : one.column.key);
  const auto replace = [&](std::string_view what, std::string_view with) {
    for (auto at = sql.find(what); at != std::string::npos; at = sql.find(what, at + with.size()))
      sql.replace(at, what.size(), with);
  };
  replace("$5::text[]", "'{}'::text[]");
  replace("$5", "'{}'");
  for (const auto* parameter : {"$1", "$2", "$3", "$4"}) replace(parameter, "NULL");
  replace("{scope}", "");
  replace("\n", " ");  // an argument of visitorctl holds no control character
  return fmt::format("COPY (SELECT {} FROM ({}) v) TO STDOUT (FORMAT csv)", fmt::join(columns, ", "), sql);
}

void take_sample(bench::House& house, Keeper& keeper) {
  house.work([&](const app::Work& work) {
    app::ReportWish wish;
    wish.since = "2016-01-01";
    wish.until = "2016-01-05";
    const auto order = app::order_report(work, app::get_report("visits"), wish, nullptr);
    app::write_report(work, order, keeper);
  });
}

void measure(const Options& options) {
  bench::House house;
  house.script(kPeople);
  constexpr std::int64_t kAtOnce = 50'000;
  for (std::int64_t from = 1; from <= options.rows; from += kAtOnce)
    house.script(fmt::format(kVisits, house.actor().account, from, std::min(options.rows, from + kAtOnce - 1)));
  house.script("VACUUM ANALYZE");
  const auto rows = static_cast<double>(options.rows);
  const auto folder = house.directory();
  const std::vector<std::string> visitorctl{bench::sibling("visitorctl"), "--quiet", "--config", house.config()};
  const auto with = [&](std::vector<std::string> more) {
    more.insert(more.begin(), visitorctl.begin(), visitorctl.end());
    return more;
  };
  const auto report = [&](const std::string& file) {
    return run(with({"export", "visits", "--from", "2000-01-01", "-o", folder / file}), "/dev/null");
  };

  const auto copy = run(with({"db", "shell", "--", "-XqAt", "-c", copy_statement()}), folder / "copy.csv");
  const auto csv = report("visits.csv");
  const auto xlsx = report("visits.xlsx");

  // Ten thousand: one every five minutes. Before anything is kept here: a child's memory is no less than this
  // program's when it was forked.
  const auto export_few = [&](const std::string& file) {
    return run({visitorctl[0], "--json", "--config", house.config(), "export", "visits", "--from", "2016-01-01", "--to",
                "2016-02-05", "-o", folder / file},
               folder / (file + ".json"));
  };
  const auto pdf = export_few("few.pdf");
  export_few("few.csv");
  const auto said = json::parse(read_file(folder / "few.pdf.json").value_or("{}"));
  const auto printed = static_cast<double>(said.at("rows").as_int64());
  const auto reportlab = [&](const std::string& kind) {
    return run({"/usr/bin/python3", VISITOR_BENCH_SOURCE "/export/reportlab_rows.py", kind, folder / "few.csv",
                folder / "python.pdf"},
               "/dev/null");
  };
  const auto plain = reportlab("plain");
  const auto wrapped = reportlab("wrapped");

  Keeper sample;
  take_sample(house, sample);
  const auto bare = bare_loop(sample, options.rows, folder / "bare.xlsx");
  std::ofstream{folder / "rows.json"} << json::serialize(sample.for_python);
  const auto of_python = std::max<std::int64_t>(options.rows / kOpenpyxlShare, 1);
  run({"/usr/bin/python3", VISITOR_BENCH_SOURCE "/export/openpyxl_rows.py", folder / "rows.json",
       fmt::to_string(of_python), folder / "python.xlsx"},
      folder / "python.out");
  const auto python = std::strtod(read_file(folder / "python.out").value_or("").c_str(), nullptr);

  bench::print("export",
               {{"visits to XLSX", rows / xlsx.seconds, "rows/s", rows / bare, "the library alone, same cells",
                 bench::ratio_at_least(kOfBareLoop)},
                {"visits to XLSX", rows / xlsx.seconds, "rows/s", static_cast<double>(of_python) / python,
                 "openpyxl, write-only, of a tenth", bench::ratio_at_least(kOfOpenpyxl)},
                {"visits to XLSX, resident", xlsx.mebibytes, "MiB", 0, "", bench::at_most(kMostMebibytes)},
                {"visits to CSV", rows / csv.seconds, "rows/s", rows / copy.seconds, "COPY TO STDOUT CSV",
                 bench::ratio_at_least(kOfCopy)},
                {"visits to CSV, resident", csv.mebibytes, "MiB", 0, "", bench::at_most(kMostMebibytes)},
                {"visits to PDF", printed / pdf.seconds, "rows/s", printed / plain.seconds,
                 "reportlab, LongTable of strings", bench::ratio_at_least(kOfReportlab)},
                {"visits to PDF, resident", pdf.mebibytes, "MiB", plain.mebibytes, "reportlab, LongTable of strings",
                 bench::ratio_at_most(kShareOfMemory)},
                {"visits to PDF, cells wrapped", printed / pdf.seconds, "rows/s", printed / wrapped.seconds,
                 "reportlab, LongTable of paragraphs", bench::ratio_at_least(kOfReportlab)},
                {"visits to PDF, resident", pdf.mebibytes, "MiB", wrapped.mebibytes,
                 "reportlab, LongTable of paragraphs", bench::ratio_at_most(kShareOfMemory)}},
               options.json);
}

}  // namespace

int main(int argc, char** argv) {
  return bench::run_program("bench_export", kUsage, argc, argv, parse, [](const Options& options) {
    measure(options);
    return 0;
  });
}
