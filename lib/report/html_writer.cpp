#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <optional>

#include "core/markup.hpp"
#include "report/cell_text.hpp"

namespace visitor::report {
namespace {

constexpr Label kWho{"Made by", "Составил"}, kWhen{"Made at", "Составлено"}, kSnapshot{"Snapshot", "Снимок данных"},
    kRows{"Rows", "Строк"};

constexpr std::string_view kStyle =
    "body{font:14px/1.4 system-ui,sans-serif;margin:2em;color:#1b1b1b}h1{font-size:22px}h2{font-size:17px}"
    "dl{display:grid;grid-template-columns:max-content 1fr;gap:2px 16px}dt{color:#555}dd{margin:0}"
    "table{border-collapse:collapse;margin-bottom:2em}th{position:sticky;top:0;background:#dde6f0;text-align:left}"
    "th,td{padding:3px 8px;border:1px solid #c8d0d8;vertical-align:top;white-space:pre-wrap}"
    "tr:nth-child(even) td{background:#f6f8fa}td.n{text-align:right;font-variant-numeric:tabular-nums}"
    ".withheld{color:#8a4b00}figure{margin:0 0 2em}.bar{background:#4a7ab5;height:12px;display:inline-block}"
    "@media print{th{position:static}}";

class HtmlWriter : public Writer {
 public:
  explicit HtmlWriter(Sink sink) : out_(std::move(sink)) {}

  void begin(const Cover& cover, std::span<const Section> sections) override {
    cover_ = &cover;
    sections_ = sections;
    written_.rows.assign(sections.size(), 0);
    text_.emplace(cover.language, cover.zone);
    const auto language = cover.language;
    auto& out = out_.text();
    out += fmt::format("<!DOCTYPE html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n<title>",
                       domain::name(language));
    put(cover.title);
    // Nothing in the page may load or run anything, whatever a text holds.
    out +=
        "</title>\n<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
        "'unsafe-inline'\">\n<meta name=\"viewport\" content=\"width=device-width\">\n<style>";
    out += kStyle;
    out += "</style>\n</head>\n<body>\n<h1>";
    put(cover.title);
    out += "</h1>\n<dl>\n";
    fact(kWho.in(language), cover.who);
    std::string when;
    put_stamp(when, LocalClock{cover.zone}.local(cover.made_at));
    fact(kWhen.in(language), when + " " + cover.zone.name());
    for (const auto& [name, value] : cover.filter) fact(name, value);
    fact(kSnapshot.in(language), cover.snapshot);
    out += "</dl>\n";
    for (const auto& sentence : cover.withheld) {
      out += "<p class=\"withheld\">";
      put(sentence);
      out += "</p>\n";
    }
  }

  void chart(const Chart& chart) override {
    auto& out = out_.text();
    double most = 0;
    for (const auto& series : chart.series)
      for (const auto value : series.values)
        if (std::isfinite(value)) most = std::max(most, value);
    out += "<figure>\n<figcaption>";
    put(chart.title);
    out += "</figcaption>\n<table>\n";
    for (std::size_t row = 0; row < chart.categories.size(); ++row)
      for (std::size_t i = 0; i < chart.series.size(); ++i) {
        const auto value = chart.series[i].values[row];
        out += "<tr><td>";
        if (i == 0) put(chart.categories[row]);
        out += "</td><td>";
        put(chart.series[i].name);
        const auto pixels = most > 0 && std::isfinite(value) ? std::lround(std::max(value, 0.0) / most * 300) : 0;
        out += fmt::format("</td><td><span class=\"bar\" style=\"width:{}px\"></span> {}</td></tr>\n", pixels, value);
      }
    out += "</table>\n</figure>\n";
    out_.settle();
  }

  void section(std::size_t index) override {
    end_section();
    section_ = index;
    open_ = true;
    const auto& section = sections_[index];
    auto& out = out_.text();
    out += "<h2>";
    put(section.title.in(cover_->language));
    out += "</h2>\n<table>\n<thead><tr>";
    for (const auto& column : section.columns) {
      out += "<th>";
      put(heading(column, cover_->language));
      out += "</th>";
    }
    out += "</tr></thead>\n<tbody>\n";
  }

  void row(std::span<const Cell> cells) override {
    const auto& columns = sections_[section_].columns;
    auto& out = out_.text();
    out += "<tr>";
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const auto kind = columns[i].kind;
      out += kind == Kind::integer || kind == Kind::real || kind == Kind::span ? "<td class=\"n\">" : "<td>";
      put(text_->of(columns[i], cells[i]));
      out += "</td>";
    }
    out += "</tr>\n";
    ++written_.rows[section_];
    out_.settle();
  }

  Written finish() override {
    end_section();
    auto& out = out_.text();
    const auto losses = written_.losses;
    for (const auto& loss : domain::names<Loss>())
      if (const auto count = losses[static_cast<std::size_t>(loss.value)]; count > 0)
        out +=
            fmt::format("<p>{}</p>\n", fmt::format(fmt::runtime(domain::label(loss.value, cover_->language)), count));
    out += "</body>\n</html>\n";
    out_.flush();
    return written_;
  }

 private:
  void put(std::string_view text) {
    out_.text() += escape_markup(clean_text(text, Controls::replaced, cleaned_, written_.losses));
  }
  void fact(std::string_view name, std::string_view value) {
    out_.text() += "<dt>";
    put(name);
    out_.text() += "</dt><dd>";
    put(value);
    out_.text() += "</dd>\n";
  }
  void end_section() {
    if (!open_) return;
    out_.text() +=
        fmt::format("</tbody>\n</table>\n<p>{}: {}</p>\n", kRows.in(cover_->language), written_.rows[section_]);
    open_ = false;
  }

  Buffered out_;
  const Cover* cover_ = nullptr;
  std::span<const Section> sections_;
  std::size_t section_ = 0;
  bool open_ = false;
  std::optional<CellText> text_;
  std::string cleaned_;
  Written written_;
};

}  // namespace

std::unique_ptr<Writer> html_writer(Sink sink) {
  return std::make_unique<HtmlWriter>(std::move(sink));
}

}  // namespace visitor::report
