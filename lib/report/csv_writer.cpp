#include <algorithm>
#include <optional>

#include "report/cell_text.hpp"
#include "report/code_page.hpp"
#include "report/formula.hpp"

namespace visitor::report {
namespace {

constexpr std::string_view kLineEnd = "\r\n";

class CsvWriter : public Writer {
 public:
  CsvWriter(Sink sink, const CsvOptions& options)
      : out_(std::move(sink)), options_(options), separator_(options.excel ? ';' : ',') {}

  void begin(const Cover& cover, std::span<const Section> sections) override {
    language_ = cover.language;
    sections_ = sections;
    text_.emplace(cover.language, cover.zone, options_.excel ? ',' : '.');
    written_.rows.assign(sections.size(), 0);
    if (options_.bom && !options_.excel) out_.text() += "\xEF\xBB\xBF";
    if (options_.excel) out_.text() += "sep=;\r\n";
  }

  void chart(const Chart&) override {}

  void section(std::size_t index) override {
    section_ = index;
    const auto& columns = sections_[index].columns;
    if (sections_.size() > 1) {
      if (index > 0) out_.text() += kLineEnd;
      put(sections_[index].title.in(language_), true);
      out_.text() += kLineEnd;
    }
    for (std::size_t i = 0; i < columns.size(); ++i) {
      if (i > 0) out_.text() += separator_;
      put(heading(columns[i], language_), true);
    }
    out_.text() += kLineEnd;
  }

  void row(std::span<const Cell> cells) override {
    const auto& columns = sections_[section_].columns;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      if (i > 0) out_.text() += separator_;
      const auto text = text_->of(columns[i], cells[i]);
      put(text, std::holds_alternative<std::string_view>(cells[i]));
    }
    // A line with nothing in it would be no record.
    if (cells.size() == 1 && std::holds_alternative<std::monostate>(cells[0])) out_.text() += "\"\"";
    out_.text() += kLineEnd;
    ++written_.rows[section_];
    out_.settle();
  }

  Written finish() override {
    out_.flush();
    return written_;
  }

 private:
  void put(std::string_view text, bool from_outside) {
    if (!from_outside && separator_ == ',') {  // figures and times: nothing in them needs quotes
      out_.text() += text;
      return;
    }
    text = clean_text(text, Controls::kept, cleaned_, written_.losses);
    if (from_outside && options_.guard && looks_like_formula(text)) {
      ++written_.losses[static_cast<std::size_t>(Loss::guarded)];
      guarded_ = "'";
      guarded_ += text;
      text = guarded_;
    }
    if (options_.excel) {
      encoded_.clear();
      if (!put_windows_1251(encoded_, text)) ++written_.losses[static_cast<std::size_t>(Loss::code_page)];
      text = encoded_;
    }
    put_field(text);
  }

  void put_field(std::string_view text) {
    auto& out = out_.text();
    const auto is_special = [this](char c) { return c == '"' || c == '\r' || c == '\n' || c == separator_; };
    // Blanks at the ends are kept by quotes; some readers take them away without.
    if (std::none_of(text.begin(), text.end(), is_special) &&
        (text.empty() || (text.front() != ' ' && text.back() != ' '))) {
      out += text;
      return;
    }
    out += '"';
    for (;;) {
      const auto quote = text.find('"');
      out += text.substr(0, quote);
      if (quote == std::string_view::npos) break;
      out += "\"\"";
      text.remove_prefix(quote + 1);
    }
    out += '"';
  }

  Buffered out_;
  CsvOptions options_;
  char separator_;
  domain::Language language_ = domain::Language::english;
  std::span<const Section> sections_;
  std::size_t section_ = 0;
  std::optional<CellText> text_;
  std::string cleaned_;
  std::string guarded_;
  std::string encoded_;
  Written written_;
};

}  // namespace

std::unique_ptr<Writer> csv_writer(Sink sink, const CsvOptions& options) {
  return std::make_unique<CsvWriter>(std::move(sink), options);
}

}  // namespace visitor::report
