#include <fmt/format.h>

#include <cmath>
#include <iterator>

#include "core/text.hpp"
#include "report/cell_text.hpp"

namespace visitor::report {
namespace {

/// Values as programs want them.
class Values {
 public:
  explicit Values(Losses& losses) : losses_(losses) {}

  void put(std::string& out, const Cell& cell) {
    if (const auto* text = std::get_if<std::string_view>(&cell)) {
      out += json_quote(clean_text(*text, Controls::kept, cleaned_, losses_));
    } else if (const auto* number = std::get_if<std::int64_t>(&cell)) {
      fmt::format_to(std::back_inserter(out), "{}", *number);
    } else if (const auto* real = std::get_if<double>(&cell)) {
      put_real(out, *real);
    } else if (const auto* truth = std::get_if<bool>(&cell)) {
      out += *truth ? "true" : "false";
    } else if (const auto* moment = std::get_if<Instant>(&cell)) {
      out += '"' + to_iso(*moment) + '"';
    } else if (const auto* date = std::get_if<std::chrono::year_month_day>(&cell)) {
      out += '"';
      put_date(out, *date);
      out += '"';
    } else if (const auto* span = std::get_if<std::chrono::seconds>(&cell)) {
      fmt::format_to(std::back_inserter(out), "{}", span->count());
    } else {
      out += "null";
    }
  }

  void put_real(std::string& out, double value) {
    if (std::isfinite(value)) {
      fmt::format_to(std::back_inserter(out), "{}", value);
      return;
    }
    ++losses_[static_cast<std::size_t>(Loss::number_as_text)];
    fmt::format_to(std::back_inserter(out), "\"{}\"", value);
  }

 private:
  Losses& losses_;
  std::string cleaned_;
};

std::string_view name_of(Kind kind) {
  constexpr std::string_view kNames[] = {"text", "word", "integer", "real", "yes_no", "moment", "date", "span"};
  return kNames[static_cast<std::size_t>(kind)];
}

std::string_view name_of(ChartKind kind) {
  constexpr std::string_view kNames[] = {"columns", "bars", "line", "pie"};
  return kNames[static_cast<std::size_t>(kind)];
}

/// The names of a section's members, quoted and with a colon behind.
std::vector<std::string> member_names(const Section& section) {
  std::vector<std::string> names;
  for (const auto& column : section.columns) names.push_back(json_quote(column.key) + ":");
  return names;
}

class JsonWriter : public Writer {
 public:
  explicit JsonWriter(Sink sink) : out_(std::move(sink)), values_(written_.losses) {}

  void begin(const Cover& cover, std::span<const Section> sections) override {
    sections_ = sections;
    written_.rows.assign(sections.size(), 0);
    auto& out = out_.text();
    out += "{\n  \"report\": " + json_quote(cover.report) + ",\n  \"title\": " + json_quote(cover.title);
    out += ",\n  \"by\": " + json_quote(cover.who) + ",\n  \"made_at\": \"" + to_iso(cover.made_at) + '"';
    out += ",\n  \"time_zone\": " + json_quote(cover.zone.name()) + ",\n  \"filter\": [";
    for (std::size_t i = 0; i < cover.filter.size(); ++i)
      out += fmt::format("{}{{\"name\": {}, \"value\": {}}}", i > 0 ? ", " : "", json_quote(cover.filter[i].first),
                         json_quote(cover.filter[i].second));
    out += "],\n  \"snapshot\": " + json_quote(cover.snapshot) + ",\n  \"withheld\": [";
    for (std::size_t i = 0; i < cover.withheld.size(); ++i) out += (i > 0 ? ", " : "") + json_quote(cover.withheld[i]);
    out += "],\n  \"charts\": [";
    language_ = cover.language;
  }

  void chart(const Chart& chart) override {
    auto& out = out_.text();
    out += fmt::format("{}\n    {{\"key\": {}, \"title\": {}, \"kind\": \"{}\", \"categories\": [",
                       charts_++ > 0 ? "," : "", json_quote(chart.key), json_quote(chart.title), name_of(chart.kind));
    for (std::size_t i = 0; i < chart.categories.size(); ++i)
      out += (i > 0 ? ", " : "") + json_quote(chart.categories[i]);
    out += "], \"series\": [";
    for (std::size_t i = 0; i < chart.series.size(); ++i) {
      out += fmt::format("{}{{\"name\": {}, \"values\": [", i > 0 ? ", " : "", json_quote(chart.series[i].name));
      const auto& values = chart.series[i].values;
      for (std::size_t j = 0; j < values.size(); ++j) {
        if (j > 0) out += ", ";
        values_.put_real(out, values[j]);
      }
      out += "]}";
    }
    out += "]}";
  }

  void section(std::size_t index) override {
    end_section();
    const auto& section = sections_[index];
    section_ = index;
    names_ = member_names(section);
    auto& out = out_.text();
    if (index == 0) out += charts_ > 0 ? "\n  ],\n  \"sections\": [" : "],\n  \"sections\": [";
    out += fmt::format("{}\n    {{\n      \"key\": {},\n      \"title\": {},\n      \"columns\": [",
                       index > 0 ? "," : "", json_quote(section.key), json_quote(section.title.in(language_)));
    for (std::size_t i = 0; i < section.columns.size(); ++i) {
      const auto& column = section.columns[i];
      out += fmt::format("{}\n        {{\"key\": {}, \"kind\": \"{}\", \"label\": {}, \"masked\": {}}}",
                         i > 0 ? "," : "", json_quote(column.key), name_of(column.kind),
                         json_quote(heading(column, language_)), column.masked);
    }
    out += "\n      ],\n      \"rows\": [";
    open_ = true;
  }

  void row(std::span<const Cell> cells) override {
    auto& out = out_.text();
    out += written_.rows[section_]++ > 0 ? ",\n        {" : "\n        {";
    for (std::size_t i = 0; i < cells.size(); ++i) {
      if (i > 0) out += ", ";
      out += names_[i];
      out += ' ';
      values_.put(out, cells[i]);
    }
    out += '}';
    out_.settle();
  }

  Written finish() override {
    end_section();
    out_.text() += sections_.empty() ? "],\n  \"sections\": []\n}\n" : "\n  ]\n}\n";
    out_.flush();
    return written_;
  }

 private:
  void end_section() {
    if (open_) out_.text() += written_.rows[section_] > 0 ? "\n      ]\n    }" : "]\n    }";
    open_ = false;
  }

  Buffered out_;
  Written written_;
  Values values_;
  domain::Language language_ = domain::Language::english;
  std::span<const Section> sections_;
  std::size_t section_ = 0;
  std::vector<std::string> names_;
  int charts_ = 0;
  bool open_ = false;
};

class JsonlWriter : public Writer {
 public:
  explicit JsonlWriter(Sink sink) : out_(std::move(sink)), values_(written_.losses) {}

  void begin(const Cover&, std::span<const Section> sections) override {
    sections_ = sections;
    written_.rows.assign(sections.size(), 0);
  }
  void chart(const Chart&) override {}
  void section(std::size_t index) override {
    section_ = index;
    names_ = member_names(sections_[index]);
    begins_ = sections_.size() > 1 ? "{\"section\":" + json_quote(sections_[index].key) + "," : "{";
  }
  void row(std::span<const Cell> cells) override {
    auto& out = out_.text();
    out += begins_;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      if (i > 0) out += ',';
      out += names_[i];
      values_.put(out, cells[i]);
    }
    out += "}\n";
    ++written_.rows[section_];
    out_.settle();
  }
  Written finish() override {
    out_.flush();
    return written_;
  }

 private:
  Buffered out_;
  Written written_;
  Values values_;
  std::span<const Section> sections_;
  std::size_t section_ = 0;
  std::vector<std::string> names_;
  std::string begins_;
};

}  // namespace

std::unique_ptr<Writer> json_writer(Sink sink) {
  return std::make_unique<JsonWriter>(std::move(sink));
}

std::unique_ptr<Writer> jsonl_writer(Sink sink) {
  return std::make_unique<JsonlWriter>(std::move(sink));
}

}  // namespace visitor::report
