#include "report/xlsx_writer.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <iterator>
#include <optional>

#include "core/error.hpp"
#include "core/file.hpp"
#include "core/markup.hpp"
#include "core/utf8.hpp"
#include "report/cell_text.hpp"
#include "report/xlsx_library.hpp"

namespace visitor::report {
namespace {

using domain::Language;

constexpr std::size_t kLongestText = 32'767;  // UTF-16 units
constexpr std::int64_t kLargestInteger = std::int64_t{1} << 53;
constexpr std::size_t kFull = std::size_t{64} << 10;  // that rows are gathered to
constexpr int kCoverColumns[] = {26, 70};
constexpr int kChartRows = 18;  // that a chart covers, with room below

constexpr Label kCover{"Cover", "Титул"}, kCharts{"Charts", "Диаграммы"}, kWho{"Made by", "Составил"},
    kWhen{"Made at", "Составлено"}, kZone{"Time zone", "Часовой пояс"}, kRows{"Rows", "Строк"},
    kSnapshot{"Snapshot", "Снимок данных"}, kWithheld{"Withheld", "Скрыто"}, kReplaced{"Replaced", "Заменено"};

void check(lxw_error error, const char* what) {
  if (error != LXW_NO_ERROR)
    throw Error(Errc::failed, fmt::format("cannot write the spreadsheet: {}: {}", what, xlsx::error_text(error)),
                "Look whether the disk is full.");
}

/// What Excel calls a moment: days since the last of 1899, with 29 February 1900, which there was not, counted in.
std::optional<double> serial_of(std::chrono::local_time<std::chrono::microseconds> local) {
  using std::chrono::days;
  constexpr std::chrono::local_days kZero{std::chrono::year{1899} / 12 / 31};
  constexpr std::chrono::local_days kEnd{std::chrono::year{10000} / 1 / 1};
  constexpr int kLeapDayThatWasNot = 60;
  const auto day = std::chrono::floor<days>(local);
  if (day <= kZero || day >= kEnd) return std::nullopt;
  auto number = static_cast<double>((day - kZero).count());
  if (number >= kLeapDayThatWasNot) number += 1;
  const auto second = std::chrono::floor<std::chrono::seconds>(local - day);
  return number + static_cast<double>(second.count()) / 86'400.0;
}

/// Excel reads "_x0041_" as the character of that number; the underscore is written as such a one where that is not
/// meant. Source: ECMA-376, 22.9.2.19.
void put_escaped(std::string& out, std::string_view text) {
  const auto is_hex = [](char c) {
    return std::string_view{"0123456789abcdefABCDEF"}.find(c) != std::string_view::npos;
  };
  for (auto at = text.find("_x"); at != std::string_view::npos; at = text.find("_x")) {
    out += text.substr(0, at);
    const auto rest = text.substr(at);
    if (rest.size() >= 7 && rest[6] == '_' && std::all_of(rest.begin() + 2, rest.begin() + 6, is_hex)) out += "_x005F";
    out += '_';
    text.remove_prefix(at + 1);
  }
  out += text;
}

/// A number as the library writes it: printf's "%.16G".
void put_number_text(std::string& out, double number) {
  constexpr int kDigits = 16;
  std::array<char, 32> text{};
  const auto end =
      std::to_chars(text.data(), text.data() + text.size(), number, std::chars_format::general, kDigits).ptr;
  std::replace(text.data(), end, 'e', 'E');
  out.append(text.data(), end);
}

/// Text between tags; there is seldom anything in it to escape.
void put_markup(std::string& out, std::string_view text) {
  const auto is_special = [](char c) { return c == '&' || c == '<' || c == '>'; };
  if (std::none_of(text.begin(), text.end(), is_special))
    out += text;
  else
    out += escape_markup(text);
}

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\n';
}

/// "A", "B", … "Z", "AA": what a column is called.
std::string column_name(std::size_t at) {
  std::string name;
  for (auto left = at + 1; left > 0; left = (left - 1) / 26)
    name.insert(name.begin(), static_cast<char>('A' + (left - 1) % 26));
  return name;
}

/// At most so many UTF-16 units of \p text.
std::string_view cut_text(std::string_view text, std::size_t most) {
  std::size_t units = 0;
  for (std::size_t i = 0; i < text.size();) {
    const auto length = std::max<std::size_t>(utf8_length(text.substr(i)), 1);
    units += length == 4 ? 2 : 1;
    if (units > most) return text.substr(0, i);
    i += length;
  }
  return text;
}

/// A file that goes when this does.
class Scratch {
 public:
  explicit Scratch(const std::filesystem::path& folder) : name_((folder / "visitor-xlsx-XXXXXX").string()) {
    fd_ = Fd{::mkstemp(name_.data())};
    if (!fd_)
      throw Error(Errc::failed, fmt::format("cannot make a file in {}: {}", folder.string(), errno_text(errno)),
                  "Set TMPDIR to a folder with room for it.");
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  ~Scratch() { ::unlink(name_.c_str()); }

  const std::string& name() const { return name_; }

 private:
  std::string name_;
  Fd fd_;
};

class XlsxWriter : public Writer {
 public:
  XlsxWriter(Sink sink, XlsxOptions options)
      : sink_(std::move(sink)), options_(std::move(options)), file_(options_.folder) {}
  ~XlsxWriter() override {
    if (book_ != nullptr) xlsx::workbook_free(book_);
  }

  void begin(const Cover& cover, std::span<const Section> sections) override {
    cover_ = &cover;
    sections_ = sections;
    written_.rows.assign(sections.size(), 0);
    text_.emplace(cover.language, cover.zone);
    clock_.emplace(cover.zone);
    auto folder = options_.folder.string();
    lxw_workbook_options options{LXW_TRUE, folder.data(), LXW_FALSE};
    book_ = xlsx::workbook_new_opt(file_.name().c_str(), &options);
    if (book_ == nullptr) throw Error(Errc::failed, "cannot begin a spreadsheet", "Look whether the disk is full.");
    heading_ = format();
    xlsx::set_bold(heading_);
    xlsx::set_bg_color(heading_, 0xDDE6F0);
    title_ = format();
    xlsx::set_bold(title_);
    xlsx::set_font_size(title_, 16);
    moment_ = format("yyyy-mm-dd hh:mm:ss");
    date_ = format("yyyy-mm-dd");
    span_ = format("[h]:mm:ss");
    integer_ = format("0");
    real_ = format("0.00");
    cover_sheet_ = add_sheet(std::string{kCover.in(cover.language)});
  }

  void chart(const Chart& chart) override {
    const auto language = cover_->language;
    if (charts_ == nullptr) {
      charts_ = add_sheet(std::string{kCharts.in(language)});
      check(xlsx::set_column(charts_, 0, 0, 24, nullptr), "column");
    }
    const auto name = std::string{kCharts.in(language)};
    const auto last = static_cast<lxw_col_t>(chart.series.size());
    const auto top = chart_row_;
    put_string(charts_, top, 0, chart.title, heading_);
    for (lxw_col_t i = 0; i < last; ++i)
      put_string(charts_, top, static_cast<lxw_col_t>(i + 1), chart.series[i].name, heading_);
    for (std::size_t row = 0; row < chart.categories.size(); ++row) {
      const auto line = static_cast<lxw_row_t>(top + 1 + row);
      put_string(charts_, line, 0, chart.categories[row], nullptr);
      for (lxw_col_t i = 0; i < last; ++i)
        check(xlsx::write_number(charts_, line, static_cast<lxw_col_t>(i + 1), chart.series[i].values[row], nullptr),
              "number");
    }
    const auto bottom = static_cast<lxw_row_t>(top + chart.categories.size());
    if (!chart.categories.empty()) {
      constexpr std::array<std::uint8_t, 4> kTypes{LXW_CHART_COLUMN, LXW_CHART_BAR, LXW_CHART_LINE, LXW_CHART_PIE};
      auto* drawn = xlsx::workbook_add_chart(book_, kTypes[static_cast<std::size_t>(chart.kind)]);
      xlsx::title_set_name(drawn, chart.title.c_str());
      for (lxw_col_t i = 0; i < last; ++i) {
        auto* series = xlsx::chart_add_series(drawn, nullptr, nullptr);
        xlsx::series_set_name(series, chart.series[i].name.c_str());
        xlsx::series_set_categories(series, name.c_str(), top + 1, 0, bottom, 0);
        xlsx::series_set_values(series, name.c_str(), top + 1, static_cast<lxw_col_t>(i + 1), bottom,
                                static_cast<lxw_col_t>(i + 1));
      }
      check(xlsx::insert_chart(charts_, top, static_cast<lxw_col_t>(last + 2), drawn), "chart");
    }
    chart_row_ = std::max<lxw_row_t>(bottom + 2, top + kChartRows);
  }

  void section(std::size_t index) override {
    end_sheet();
    section_ = index;
    parts_ = 0;
    begin_sheet();
  }

  void row(std::span<const Cell> cells) override {
    if (row_ == options_.rows_a_sheet) {
      end_sheet();
      begin_sheet();
    }
    const auto& columns = sections_[section_].columns;
    const auto before = rows_.size();
    row_name_.clear();
    fmt::format_to(std::back_inserter(row_name_), "{}\"", row_ + 1);
    rows_ += "<row r=\"";
    rows_ += row_name_;
    rows_ += '>';
    const auto empty = rows_.size();
    for (std::size_t i = 0; i < cells.size(); ++i) put(i, columns[i], cells[i]);
    if (rows_.size() > empty) {
      rows_ += "</row>";
      sheet_->dim_rowmax = static_cast<lxw_row_t>(row_);
    } else {
      rows_.resize(before);
    }
    if (rows_.size() >= kFull) put_rows();
    ++row_;
    ++written_.rows[section_];
  }

  Written finish() override {
    end_sheet();
    write_cover();
    // Sheets lie in files of the library, which does not look whether writing them went well.
    for (auto* sheet = STAILQ_FIRST(book_->worksheets); sheet != nullptr; sheet = STAILQ_NEXT(sheet, list_pointers))
      if (sheet->optimize_tmpfile != nullptr &&
          (std::fflush(sheet->optimize_tmpfile) != 0 || std::ferror(sheet->optimize_tmpfile) != 0))
        fail_to_write();
    check(xlsx::workbook_close(std::exchange(book_, nullptr)), "file");
    hand_over();
    return written_;
  }

 private:
  lxw_format* format(const char* number_format = nullptr) {
    auto* made = xlsx::workbook_add_format(book_);
    if (number_format != nullptr) xlsx::set_num_format(made, number_format);
    return made;
  }

  lxw_worksheet* add_sheet(const std::string& name) {
    auto* sheet = xlsx::workbook_add_worksheet(book_, name.c_str());
    if (sheet == nullptr) throw Error(Errc::failed, fmt::format("cannot begin the sheet '{}'", name));
    constexpr std::uint8_t kA4 = 9;
    xlsx::set_paper(sheet, kA4);
    xlsx::set_landscape(sheet);
    xlsx::fit_to_pages(sheet, 1, 0);
    return sheet;
  }

  void begin_sheet() {
    const auto& section = sections_[section_];
    const auto title = std::string{section.title.in(cover_->language)};
    sheet_ = add_sheet(++parts_ == 1 ? title : fmt::format("{} ({})", title, parts_));
    for (std::size_t i = 0; i < section.columns.size(); ++i) {
      const auto& column = section.columns[i];
      const auto at = static_cast<lxw_col_t>(i);
      check(xlsx::set_column(sheet_, at, at, column.width + 2, nullptr), "column");
      put_string(sheet_, 0, at, heading(column, cover_->language), heading_);
    }
    xlsx::freeze_panes(sheet_, 1, 0);
    check(xlsx::repeat_rows(sheet_, 0, 0), "heading");
    xlsx::write_pending_row(sheet_);  // what follows in its file is ours
    while (names_.size() < section.columns.size()) names_.push_back(column_name(names_.size()));
    row_ = 1;
  }

  /// The rows in hand, to where the library keeps those of the sheet: it would make an object of each cell, and print
  /// it with printf, which takes longer than all the rest.
  void put_rows() {
    if (std::fwrite(rows_.data(), 1, rows_.size(), sheet_->optimize_tmpfile) != rows_.size()) fail_to_write();
    rows_.clear();
  }

  [[noreturn]] void fail_to_write() const {
    throw Error(Errc::failed, fmt::format("cannot write the sheets of the spreadsheet: {}", errno_text(errno)),
                fmt::format("Make room in {}.", options_.folder.string()));
  }

  void end_sheet() {
    if (sheet_ == nullptr) return;
    put_rows();
    check(xlsx::autofilter(sheet_, 0, 0, static_cast<lxw_row_t>(row_ - 1),
                           static_cast<lxw_col_t>(sections_[section_].columns.size() - 1)),
          "filter");
    sheet_ = nullptr;
  }

  // Cells of a row.

  void put(std::size_t at, const Column& column, const Cell& cell) {
    if (std::holds_alternative<std::monostate>(cell)) return;
    if (std::holds_alternative<std::string_view>(cell)) {
      put_text(at, text_->of(column, cell));
    } else if (const auto* moment = std::get_if<Instant>(&cell)) {
      put_serial(at, column, cell, serial_of(clock_->local(*moment)), moment_);
    } else if (const auto* date = std::get_if<std::chrono::year_month_day>(&cell)) {
      const auto serial = date->ok() ? serial_of(std::chrono::local_days{*date}) : std::nullopt;
      put_serial(at, column, cell, serial, date_);
    } else if (const auto* span = std::get_if<std::chrono::seconds>(&cell)) {
      std::optional<double> days;
      if (span->count() >= 0 && span->count() < kLargestInteger) days = static_cast<double>(span->count()) / 86'400.0;
      put_serial(at, column, cell, days, span_);
    } else if (const auto* truth = std::get_if<bool>(&cell)) {
      open_cell(at);
      rows_ += *truth ? " t=\"b\"><v>1</v></c>" : " t=\"b\"><v>0</v></c>";
    } else if (const auto* number = std::get_if<std::int64_t>(&cell)) {
      if (*number > kLargestInteger || *number < -kLargestInteger) return put_number_as_text(at, column, cell);
      put_number(at, static_cast<double>(*number), integer_);
    } else if (const auto* real = std::get_if<double>(&cell)) {
      if (!std::isfinite(*real)) return put_number_as_text(at, column, cell);
      put_number(at, *real, real_);
    }
  }

  void put_serial(std::size_t at, const Column& column, const Cell& cell, std::optional<double> serial,
                  lxw_format* format) {
    if (serial) return put_number(at, *serial, format);
    ++written_.losses[static_cast<std::size_t>(Loss::date_as_text)];
    put_text(at, text_->of(column, cell));
  }

  void put_number_as_text(std::size_t at, const Column& column, const Cell& cell) {
    ++written_.losses[static_cast<std::size_t>(Loss::number_as_text)];
    put_text(at, text_->of(column, cell));
  }

  void open_cell(std::size_t at) {
    rows_ += "<c r=\"";
    rows_ += names_[at];
    rows_ += row_name_;
  }

  void put_number(std::size_t at, double number, lxw_format* format) {
    open_cell(at);
    fmt::format_to(std::back_inserter(rows_), " s=\"{}\"><v>", xlsx::format_index(format));
    put_number_text(rows_, number);
    rows_ += "</v></c>";
  }

  void put_text(std::size_t at, std::string_view text) {
    const auto& kept = writable(text);
    if (kept.empty()) return;
    open_cell(at);
    rows_ += is_blank(kept.front()) || is_blank(kept.back()) ? " t=\"inlineStr\"><is><t xml:space=\"preserve\">"
                                                             : " t=\"inlineStr\"><is><t>";
    put_markup(rows_, kept);
    rows_ += "</t></is></c>";
  }

  /// What a cell can hold of \p text. \returns a text that is good until the next call
  const std::string& writable(std::string_view text) {
    text = clean_text(text, Controls::replaced, cleaned_, written_.losses);
    string_.clear();
    put_escaped(string_, text);
    if (string_.size() > kLongestText) {
      const auto kept = cut_text(string_, kLongestText).size();
      if (kept < string_.size()) {
        ++written_.losses[static_cast<std::size_t>(Loss::long_text)];
        string_.resize(kept);
      }
    }
    return string_;
  }

  void put_string(lxw_worksheet* sheet, lxw_row_t row, lxw_col_t column, std::string_view text, lxw_format* format) {
    const auto& kept = writable(text);
    if (!kept.empty()) check(xlsx::write_string(sheet, row, column, kept.c_str(), format), "text");
  }

  void write_cover() {
    const auto language = cover_->language;
    for (lxw_col_t i = 0; i < 2; ++i) check(xlsx::set_column(cover_sheet_, i, i, kCoverColumns[i], nullptr), "column");
    lxw_row_t line = 0;
    put_string(cover_sheet_, line, 0, cover_->title, title_);
    line += 2;
    const auto fact = [&](std::string_view name, std::string_view value) {
      put_string(cover_sheet_, line, 0, name, heading_);
      put_string(cover_sheet_, line++, 1, value, nullptr);
    };
    fact(kWho.in(language), cover_->who);
    put_string(cover_sheet_, line, 0, kWhen.in(language), heading_);
    if (const auto serial = serial_of(clock_->local(cover_->made_at)))
      check(xlsx::write_number(cover_sheet_, line, 1, *serial, moment_), "date");
    ++line;
    fact(kZone.in(language), cover_->zone.name());
    for (const auto& [name, value] : cover_->filter) fact(name, value);
    for (std::size_t i = 0; i < sections_.size(); ++i) {
      const auto title = sections_[i].title.in(language);
      put_string(cover_sheet_, line, 0, fmt::format("{}: {}", kRows.in(language), title), heading_);
      check(xlsx::write_number(cover_sheet_, line++, 1, static_cast<double>(written_.rows[i]), integer_), "number");
    }
    fact(kSnapshot.in(language), cover_->snapshot);
    for (const auto& sentence : cover_->withheld) fact(kWithheld.in(language), sentence);
    const auto losses = written_.losses;  // the cover's own texts are not counted
    for (const auto& loss : domain::names<Loss>())
      if (const auto count = losses[static_cast<std::size_t>(loss.value)]; count > 0)
        fact(kReplaced.in(language), fmt::format(fmt::runtime(domain::label(loss.value, language)), count));
    written_.losses = losses;

    auto title = cleaned(cover_->title);
    auto who = cleaned(cover_->who);
    lxw_doc_properties properties{};
    properties.title = title.data();
    properties.author = who.data();
    properties.created = std::chrono::floor<std::chrono::seconds>(cover_->made_at).time_since_epoch().count();
    check(xlsx::workbook_set_properties(book_, &properties), "properties");
  }

  std::string cleaned(std::string_view text) {
    auto ignored = Losses{};
    return std::string{cut_text(clean_text(text, Controls::replaced, cleaned_, ignored), 255)};
  }

  void hand_over() {
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> in{std::fopen(file_.name().c_str(), "rbe"), &std::fclose};
    if (!in) throw Error(Errc::failed, fmt::format("cannot read {}: {}", file_.name(), errno_text(errno)));
    std::array<char, 65'536> bytes{};
    while (const auto count = std::fread(bytes.data(), 1, bytes.size(), in.get()))
      sink_(std::string_view{bytes.data(), count});
    if (std::ferror(in.get()) != 0)
      throw Error(Errc::failed, fmt::format("cannot read {}: {}", file_.name(), errno_text(errno)));
  }

  Sink sink_;
  XlsxOptions options_;
  Scratch file_;
  const Cover* cover_ = nullptr;
  std::span<const Section> sections_;
  lxw_workbook* book_ = nullptr;
  lxw_worksheet* cover_sheet_ = nullptr;
  lxw_worksheet* charts_ = nullptr;
  lxw_worksheet* sheet_ = nullptr;
  lxw_format* heading_ = nullptr;
  lxw_format* title_ = nullptr;
  lxw_format* moment_ = nullptr;
  lxw_format* date_ = nullptr;
  lxw_format* span_ = nullptr;
  lxw_format* integer_ = nullptr;
  lxw_format* real_ = nullptr;
  lxw_row_t chart_row_ = 0;
  std::size_t section_ = 0;
  int parts_ = 0;
  std::int64_t row_ = 0;
  std::optional<CellText> text_;
  std::optional<LocalClock> clock_;
  std::string cleaned_;
  std::string string_;
  std::vector<std::string> names_;  // of the columns
  std::string row_name_;            // of the row in hand, with the quotation mark behind it
  std::string rows_;                // of the sheet, not yet in its file
  Written written_;
};

}  // namespace

std::unique_ptr<Writer> xlsx_writer(Sink sink, XlsxOptions options) {
  return std::make_unique<XlsxWriter>(std::move(sink), std::move(options));
}

}  // namespace visitor::report
