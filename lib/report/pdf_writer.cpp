#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <optional>
#include <unordered_map>
#include <utility>

#include "core/error.hpp"
#include "core/file.hpp"
#include "core/utf8.hpp"
#include "report/canvas.hpp"
#include "report/cell_text.hpp"
#include "report/chart_drawing.hpp"

namespace visitor::report {
namespace {

constexpr double kShortSide = 595.276, kLongSide = 841.89;  // A4, ISO 216
constexpr double kMargin = 36, kHeader = 22, kFooter = 20;
constexpr double kPadding = 2.5, kLeastType = 5.5, kUsualType = 8.5;
/// A character of usual text is about so wide, measured by the size of its
/// type.
constexpr double kCharacter = 0.6;
constexpr double kChartHeight = 170, kGap = 10;
/// A table begins on this page only where so much of it has room.
constexpr double kLeastTable = 90;
/// Each tagged element is kept in memory to the end: so many are enough for
/// what people read to the end.
constexpr std::int64_t kMostTaggedCells = 20'000;

constexpr Colour kGrey{0.45, 0.45, 0.45}, kRule{0.75, 0.78, 0.82}, kHeadFill{0.86, 0.90, 0.94},
    kZebra{0.96, 0.97, 0.98}, kWarning{0.54, 0.29, 0};

constexpr Label kWho{"Made by", "Составил"}, kWhen{"Made at", "Составлено"}, kSnapshot{"Snapshot", "Снимок данных"},
    kRows{"Rows", "Строк"}, kPage{"page {} of {}", "стр. {} из {}"}, kNone{"Nothing.", "Нет данных."};

/// A text to fill in.
template <class... Values>
std::string filled(std::string_view pattern, const Values&... values) {
  return fmt::format(fmt::runtime(pattern), values...);
}

/// Rows on disk, between being measured and being drawn. The file has no name,
/// and goes with the process.
class Spool {
 public:
  Spool() : file_(std::tmpfile(), &std::fclose) {
    if (!file_) fail("make");
  }

  void put(const void* data, std::size_t size) {
    if (std::fwrite(data, 1, size, file_.get()) != size) fail("write");
  }
  void put_number(std::uint32_t number) { put(&number, sizeof number); }
  void put_text(std::string_view text) {
    put_number(static_cast<std::uint32_t>(text.size()));
    put(text.data(), text.size());
  }
  void rewind() {
    if (std::fflush(file_.get()) != 0 || std::fseek(file_.get(), 0, SEEK_SET) != 0) fail("write");
  }
  std::uint32_t number() {
    std::uint32_t value = 0;
    get(&value, sizeof value);
    return value;
  }
  void text(std::string& into) {
    into.resize(number());
    get(into.data(), into.size());
  }

 private:
  void get(void* into, std::size_t size) {
    if (std::fread(into, 1, size, file_.get()) != size) fail("read");
  }
  [[noreturn]] static void fail(std::string_view what) {
    throw Error(Errc::failed, fmt::format("cannot {} the temporary file of the PDF: {}", what, errno_text(errno)),
                "Look whether the disk of the folder for temporary files is full.");
  }

  std::unique_ptr<std::FILE, int (*)(std::FILE*)> file_;
};

/// How the columns of a section lie on a page.
struct Layout {
  double page_width = 0, page_height = 0;
  Type type;
  std::vector<double> widths;
  std::vector<std::string> headings;
  std::vector<Side> sides;
  double head_height = 0;

  double body_top() const { return kMargin + kHeader; }
  double body_bottom() const { return page_height - kMargin - kFooter; }
  double body_width() const { return page_width - 2 * kMargin; }
};

bool is_number(Kind kind) {
  return kind == Kind::integer || kind == Kind::real || kind == Kind::span;
}

class PdfWriter : public Writer {
 public:
  explicit PdfWriter(Sink sink) : canvas_(Canvas::pdf(kShortSide, kLongSide, "sans", std::move(sink))) {}

  void begin(const Cover& cover, std::span<const Section> sections) override {
    cover_ = &cover;
    sections_ = sections;
    text_.emplace(cover.language, cover.zone);
    written_.rows.assign(sections.size(), 0);
    for (const auto& section : sections) layouts_.push_back(layout_of(section));
    if (layouts_.empty()) layouts_.push_back({kShortSide, kLongSide, {}, {}, {}, {}, 0});
    layout_ = &layouts_.front();
  }

  void chart(const Chart& chart) override { charts_.push_back(chart); }

  void section(std::size_t index) override {
    if (!measured_cover_) {
      measured_cover_ = true;
      draw_cover();
      draw_charts();
    }
    end_section();
    spool_.put_number(kSection);
    spool_.put_number(static_cast<std::uint32_t>(index));
    begin_section(index);
  }

  void row(std::span<const Cell> cells) override {
    const auto& columns = sections_[section_].columns;
    texts_.resize(cells.size());
    for (std::size_t i = 0; i < cells.size(); ++i)
      texts_[i].assign(clean_text(text_->of(columns[i], cells[i]), Controls::replaced, cleaned_, written_.losses));
    ++written_.rows[section_];
    put_row();
  }

  Written finish() override {
    end_section();
    spool_.put_number(kEnd);
    if (!measured_cover_) {
      draw_cover();
      draw_charts();
    }
    draw_notes();
    pages_ = page_;

    drawing_ = true;
    open_ = false;
    page_ = 0;
    const auto tagged = tagged_cells();
    tags_ = tagged <= kMostTaggedCells;
    canvas_.set_info({cover_->title, cover_->who, cover_->report, "visitor " VISITOR_VERSION, cover_->made_at});
    layout_ = &layouts_.front();
    draw_cover();
    draw_charts();
    spool_.rewind();
    for (auto what = spool_.number(); what != kEnd; what = spool_.number()) {
      if (what == kSection) {
        end_section();
        begin_section(spool_.number());
        continue;
      }
      const auto height = static_cast<double>(spool_.number()) / kFraction;
      const bool shaded = spool_.number() != 0;
      texts_.resize(layout_->widths.size());
      for (auto& text : texts_) spool_.text(text);
      place_row(height, shaded);
    }
    end_section();
    draw_notes();
    end_page();
    canvas_.finish();
    return written_;
  }

 private:
  // What follows in the spool.
  static constexpr std::uint32_t kRow = 1, kSection = 2, kEnd = 3;
  /// Heights are kept in this part of a point, so that both passes break pages
  /// at the same rows.
  static constexpr double kFraction = 64;

  Layout layout_of(const Section& section) {
    Layout layout;
    double characters = 0;
    for (const auto& column : section.columns) characters += std::max(column.width, 4) + 1;
    const auto size_on = [&](double side) { return (side - 2 * kMargin) / (characters * kCharacter); };
    const bool upright = size_on(kShortSide) >= kUsualType * 0.85;
    layout.page_width = upright ? kShortSide : kLongSide;
    layout.page_height = upright ? kLongSide : kShortSide;
    layout.type.size = std::clamp(size_on(layout.page_width), kLeastType, kUsualType);
    layout.widths = widths_of(section.columns, layout.body_width(), kCharacter * layout.type.size);
    for (const auto& column : section.columns) {
      layout.headings.push_back(heading(column, cover_->language));
      layout.sides.push_back(is_number(column.kind) ? Side::right : Side::left);
    }
    for (std::size_t i = 0; i < layout.widths.size(); ++i)
      layout.head_height =
          std::max(layout.head_height, canvas_.height_of(head_text(layout, i), layout.widths[i] - 2 * kPadding));
    layout.head_height += 2 * kPadding;
    return layout;
  }

  /// Where they do not all fit, what is no text keeps its width as long as half of the room is left, so that no figure
  /// is broken and no moment but after its date; texts wrap.
  static std::vector<double> widths_of(const std::vector<Column>& columns, double room, double character) {
    const auto characters_of = [](const Column& column) { return std::max(column.width, 4) + 1; };
    const auto is_kept = [](const Column& column) { return column.kind != Kind::text && column.kind != Kind::word; };
    const auto kept_width = [&](const Column& column) {
      constexpr int kDate = 10;
      return (column.kind == Kind::moment ? kDate : column.width) * character + 2 * kPadding;
    };
    double kept = 0;
    int all = 0, texts = 0;
    for (const auto& column : columns) {
      all += characters_of(column);
      if (is_kept(column))
        kept += kept_width(column);
      else
        texts += characters_of(column);
    }
    const bool keeps = all * character > room && kept < room / 2 && texts > 0;
    std::vector<double> widths;
    for (const auto& column : columns) {
      if (keeps && is_kept(column))
        widths.push_back(kept_width(column));
      else
        widths.push_back((keeps ? room - kept : room) * characters_of(column) / (keeps ? texts : all));
    }
    return widths;
  }

  static Text head_text(const Layout& layout, std::size_t column) {
    return {layout.headings[column], {layout.type.size, true}, layout.sides[column], kBlack};
  }

  std::int64_t tagged_cells() const {
    std::int64_t cells = 0;
    for (std::size_t i = 0; i < sections_.size(); ++i)
      cells += written_.rows[i] * static_cast<std::int64_t>(sections_[i].columns.size() + 1);
    return cells;
  }

  // Pages. What is drawn is drawn only in the second pass; the first one
  // counts.

  void new_page() {
    end_page();
    ++page_;
    y_ = layout_->body_top();
    open_ = true;
    if (!drawing_) return;
    canvas_.begin_page(layout_->page_width, layout_->page_height);
    const Type type{7.5, false};
    const double width = layout_->body_width();
    tag("Artifact", [&] {
      canvas_.draw({cover_->title, type, Side::left, kGrey}, {kMargin, kMargin, width * 0.6, kHeader});
      canvas_.draw({section_title(), type, Side::right, kGrey}, {kMargin + width * 0.6, kMargin, width * 0.4, kHeader});
      canvas_.line(kMargin, kMargin + 14, kMargin + width, kMargin + 14, 0.5, kRule);
      const double foot = layout_->page_height - kMargin - 10;
      canvas_.line(kMargin, foot - 4, kMargin + width, foot - 4, 0.5, kRule);
      canvas_.draw({fmt::format("{}, {}", cover_->who, made_at()), type, Side::left, kGrey},
                   {kMargin, foot, width * 0.7, kFooter});
      canvas_.draw({filled(kPage.in(cover_->language), page_, pages_), type, Side::right, kGrey},
                   {kMargin + width * 0.7, foot, width * 0.3, kFooter});
    });
  }

  void end_page() {
    if (!open_) return;
    open_ = false;
    if (!drawing_) return;
    close_table();
    canvas_.end_page();
  }

  /// Room for so much on this page, or a new one. \returns whether it is a new
  /// one
  bool make_room(double height) {
    if (open_ && y_ + height <= layout_->body_bottom()) return false;
    new_page();
    return true;
  }

  template <class Draw>
  void tag(const char* name, Draw&& draw) {
    const bool tagged = tags_ && std::string_view{name} != "Artifact";
    if (tagged) canvas_.begin_tag(name);
    draw();
    if (tagged) canvas_.end_tag(name);
  }

  /// A paragraph of the body.
  void write(const std::string& said, const Type& type, const Colour& colour, const char* element, double indent = 0) {
    const Text text{cleaned(said), type, Side::left, colour};
    const double width = layout_->body_width() - indent;
    const double height = canvas_.height_of(text, width);
    make_room(height);
    if (drawing_) tag(element, [&] { canvas_.draw(text, {kMargin + indent, y_, width, height}); });
    y_ += height + 2;
  }

  /// Of what the report itself says; not counted.
  std::string cleaned(const std::string& text) {
    Losses ignored{};
    return std::string{clean_text(text, Controls::replaced, cleaned_, ignored)};
  }

  // The parts of the document.

  std::string made_at() {
    std::string when;
    put_stamp(when, LocalClock{cover_->zone}.local(cover_->made_at));
    return when + " " + cover_->zone.name();
  }

  std::string section_title() const {
    return in_section_ ? std::string{sections_[section_].title.in(cover_->language)} : std::string{};
  }

  void draw_cover() {
    new_page();
    if (drawing_) canvas_.add_outline(cover_->title, page_);
    write(cover_->title, {18, true}, kBlack, "H1");
    y_ += 4;
    const auto fact = [&](std::string_view name, const std::string& value) {
      if (!value.empty()) write(fmt::format("{}: {}", name, value), {9, false}, kBlack, "P");
    };
    const auto language = cover_->language;
    fact(kWho.in(language), cover_->who);
    fact(kWhen.in(language), made_at());
    for (const auto& [name, value] : cover_->filter) fact(name, value);
    fact(kSnapshot.in(language), cover_->snapshot);
    for (const auto& sentence : cover_->withheld) write(sentence, {9, false}, kWarning, "P");
    y_ += kGap;
  }

  /// Below each other, or side by side where the page is wide.
  void draw_charts() {
    const std::size_t columns = layout_->page_width > layout_->page_height ? 2 : 1;
    const double width = (layout_->body_width() + kGap) / static_cast<double>(columns) - kGap;
    for (std::size_t i = 0; i < charts_.size(); ++i) {
      if (i % columns == 0) make_room(kChartHeight);
      if (drawing_) {
        canvas_.add_outline(charts_[i].title, page_);
        const double x = kMargin + static_cast<double>(i % columns) * (width + kGap);
        tag("Figure", [&] { draw_chart(canvas_, charts_[i], {x, y_, width, kChartHeight - kGap}, cover_->language); });
      }
      if (i % columns == columns - 1 || i + 1 == charts_.size()) y_ += kChartHeight;
    }
  }

  void begin_section(std::size_t index) {
    const auto* before = layout_;
    section_ = index;
    in_section_ = true;
    section_rows_ = 0;
    layout_ = &layouts_[index];
    const bool turned = before->page_width != layout_->page_width;
    if (turned)
      new_page();
    else
      make_room(kLeastTable);
    if (drawing_) canvas_.add_outline(section_title(), page_);
    if (sections_.size() > 1 || section_title() != cover_->title) write(section_title(), {12, true}, kBlack, "H2");
    draw_head();
  }

  void end_section() {
    if (!in_section_) return;
    if (section_rows_ == 0) write(std::string{kNone.in(cover_->language)}, {8, false}, kGrey, "P");
    if (drawing_) close_table();
    write(fmt::format("{}: {}", kRows.in(cover_->language), written_.rows[section_]), {8, false}, kGrey, "P");
    y_ += kGap;
    in_section_ = false;
  }

  void draw_head() {
    if (drawing_) {
      open_table();
      canvas_.fill({kMargin, y_, layout_->body_width(), layout_->head_height}, kHeadFill);
      tag("TR", [&] {
        double x = kMargin;
        for (std::size_t i = 0; i < layout_->widths.size(); ++i) {
          tag("TH", [&] {
            canvas_.draw(head_text(*layout_, i),
                         {x + kPadding, y_ + kPadding, layout_->widths[i] - 2 * kPadding, layout_->head_height});
          });
          x += layout_->widths[i];
        }
      });
    }
    y_ += layout_->head_height;
  }

  void open_table() {
    if (table_open_) return;
    table_open_ = true;
    if (tags_) canvas_.begin_tag("Table");
  }
  void close_table() {
    if (!table_open_) return;
    table_open_ = false;
    if (tags_) canvas_.end_tag("Table");
  }

  /// Measures what stands in texts_, and puts it into the spool: in pieces
  /// where it is higher than a page.
  void put_row() {
    const double most = layout_->body_bottom() - layout_->body_top() - layout_->head_height - 2 * kPadding;
    const bool shaded = section_rows_ % 2 == 1;
    std::vector<std::string> rest;
    for (bool more = true; more;) {
      more = false;
      double height = line_height();
      rest.assign(texts_.size(), {});
      for (std::size_t i = 0; i < texts_.size(); ++i) {
        const double width = layout_->widths[i] - 2 * kPadding;
        if (texts_[i].empty()) continue;
        const auto quick = canvas_.height_of_cell({texts_[i], layout_->type, Side::left, kBlack}, width);
        if (quick && *quick <= most) {
          height = std::max(height, *quick);
          continue;
        }
        const auto measured =
            canvas_.measure({head_of(texts_[i], width, most), layout_->type, Side::left, kBlack}, width, most);
        if (measured.missing_glyphs) ++written_.losses[static_cast<std::size_t>(Loss::missing_glyphs)];
        if (measured.bytes < texts_[i].size()) {
          rest[i] = texts_[i].substr(measured.bytes);
          texts_[i].resize(measured.bytes);
          more = true;
        }
        height = std::max(height, measured.height);
      }
      const auto kept = static_cast<std::uint32_t>(std::ceil((height + 2 * kPadding) * kFraction));
      spool_.put_number(kRow);
      spool_.put_number(kept);
      spool_.put_number(shaded ? 1 : 0);
      for (const auto& text : texts_) spool_.put_text(text);
      place_row(static_cast<double>(kept) / kFraction, shaded);
      if (more) texts_.swap(rest);
    }
    ++section_rows_;
  }

  /// About as much of \p text as a page holds: what is much longer is not laid out again for each of its pages.
  std::string head_of(const std::string& text, double width, double height) const {
    constexpr double kNarrow = 0.45;
    const auto size = layout_->type.size;
    const auto most = static_cast<std::size_t>((height / size + 1) * (width / (size * kNarrow) + 1));
    std::size_t at = 0;
    for (std::size_t i = 0; i < most && at < text.size(); ++i) at += utf8_length(std::string_view{text}.substr(at));
    return text.substr(0, at);
  }

  double line_height() {
    auto& height = line_heights_[layout_->type.size];
    if (height == 0) height = canvas_.height_of({"Xg", layout_->type, {}, {}}, kLongSide);
    return height;
  }

  /// The row in texts_, of a height that is known.
  void place_row(double height, bool shaded) {
    if (make_room(height)) draw_head();
    if (drawing_) {
      open_table();
      if (shaded) canvas_.fill({kMargin, y_, layout_->body_width(), height}, kZebra);
      canvas_.line(kMargin, y_ + height, kMargin + layout_->body_width(), y_ + height, 0.25, kRule);
      tag("TR", [&] {
        double x = kMargin;
        for (std::size_t i = 0; i < texts_.size(); ++i) {
          tag("TD", [&] {
            if (texts_[i].empty()) return;
            canvas_.draw_cell({texts_[i], layout_->type, layout_->sides[i], kBlack},
                              {x + kPadding, y_ + kPadding, layout_->widths[i] - 2 * kPadding, height});
          });
          x += layout_->widths[i];
        }
      });
      ++section_rows_;
    }
    y_ += height;
  }

  /// What was replaced in the texts.
  void draw_notes() {
    for (const auto& loss : domain::names<Loss>())
      if (const auto count = written_.losses[static_cast<std::size_t>(loss.value)]; count > 0)
        write(filled(domain::label(loss.value, cover_->language), count), {8, false}, kWarning, "P");
  }

  Canvas canvas_;
  Spool spool_;
  const Cover* cover_ = nullptr;
  std::span<const Section> sections_;
  std::vector<Layout> layouts_;
  std::vector<Chart> charts_;
  std::optional<CellText> text_;
  std::string cleaned_;
  Written written_;

  bool drawing_ = false, measured_cover_ = false, open_ = false, in_section_ = false, table_open_ = false;
  bool tags_ = false;
  const Layout* layout_ = nullptr;
  std::size_t section_ = 0;
  std::int64_t section_rows_ = 0;
  std::vector<std::string> texts_;
  int page_ = 0, pages_ = 0;
  double y_ = 0;
  std::unordered_map<double, double> line_heights_;
};

}  // namespace

std::unique_ptr<Writer> pdf_writer(Sink sink) {
  return std::make_unique<PdfWriter>(std::move(sink));
}

}  // namespace visitor::report
