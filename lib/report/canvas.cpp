#include "report/canvas.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <exception>
#include <numbers>
#include <unordered_map>
#include <utility>

#include "core/error.hpp"
#include "core/loaded_library.hpp"
#include "core/text.hpp"
#include "report/cairo.hpp"
#include "report/typesetter.hpp"

namespace visitor::report {

void* cairo_function(const char* name) {
  static const LoadedLibrary library{"libpangocairo-1.0.so.0", "the library that draws pages",
                                     "Install libpangocairo-1.0-0, and fonts for what is to be written."};
  return library.function(name);
}

namespace {

constexpr std::ptrdiff_t kQrBorder = 4;
/// From here on dots count as dark where there are only two kinds.
constexpr int kDark = 128;

void require_good(cairo_status_t status) {
  if (status == CAIRO_STATUS_SUCCESS) return;
  throw Error(Errc::failed, fmt::format("cannot draw: {}", cairo_status_to_string(status)));
}

}  // namespace

struct Canvas::Impl {
  Sink sink;
  std::exception_ptr thrown;  // by the sink: it must not pass through C
  Owned<cairo_surface_t> surface;
  Owned<cairo_t> cairo;
  Owned<PangoContext> context;
  Owned<PangoLayout> layout;
  Owned<PangoFontDescription> font;
  std::unordered_map<std::string, Owned<PangoLayout>> cached;
  std::string cache_key;
  std::optional<Type> type;  // that the font has now
  std::vector<std::pair<Type, Typesetter>> typesetters;
  // Texts that were set and not drawn yet: a row of a table costs little more than a cell.
  GlyphRun run;
  cairo_scaled_font_t* run_font = nullptr;
  Colour run_colour;
  double dots = 0;  // a point, of a picture; 0 for a PDF

  void open(Owned<cairo_surface_t> on, const std::string& family) {
    surface = std::move(on);
    require_good(cairo_surface_status(surface.get()));
    cairo.reset(cairo_create(surface.get()));
    if (dots > 0) {
      cairo_set_source_rgb(cairo.get(), 1, 1, 1);
      cairo_paint(cairo.get());
      cairo_scale(cairo.get(), dots, dots);
    }
    context.reset(pango_cairo_create_context(cairo.get()));
    // Positions as exact as paper has them, and the same on every device.
    const Owned<cairo_font_options_t> options{cairo_font_options_create()};
    cairo_font_options_set_hint_style(options.get(), CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options.get(), CAIRO_HINT_METRICS_OFF);
    cairo_font_options_set_antialias(options.get(), CAIRO_ANTIALIAS_GRAY);
    pango_cairo_context_set_font_options(context.get(), options.get());
    pango_context_set_round_glyph_positions(context.get(), FALSE);
    pango_cairo_update_context(cairo.get(), context.get());
    layout = new_layout();
    font.reset(pango_font_description_new());
    pango_font_description_set_family(font.get(), family.c_str());
  }

  Owned<PangoLayout> new_layout() {
    Owned<PangoLayout> made{pango_layout_new(context.get())};
    pango_layout_set_wrap(made.get(), PANGO_WRAP_WORD_CHAR);
    return made;
  }

  void throw_on() {
    if (thrown) std::rethrow_exception(thrown);
    require_good(cairo_status(cairo.get()));
  }

  /// Of what is drawn next; so what was to be drawn before that is.
  void colour(const Colour& colour) {
    draw_run();
    cairo_set_source_rgb(cairo.get(), colour.red, colour.green, colour.blue);
  }

  void draw_run() {
    if (run.glyphs.empty()) return;
    cairo_set_source_rgb(cairo.get(), run_colour.red, run_colour.green, run_colour.blue);
    cairo_set_scaled_font(cairo.get(), run_font);
    cairo_show_text_glyphs(cairo.get(), run.text.data(), static_cast<int>(run.text.size()), run.glyphs.data(),
                           static_cast<int>(run.glyphs.size()), run.clusters.data(),
                           static_cast<int>(run.clusters.size()), cairo_text_cluster_flags_t{});
    run.glyphs.clear();
    run.clusters.clear();
    run.text.clear();
  }

  void use(const Type& wanted) {
    if (type == wanted) return;
    type = wanted;
    pango_font_description_set_absolute_size(font.get(), wanted.size * PANGO_SCALE);
    pango_font_description_set_weight(font.get(), wanted.bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
    pango_layout_set_font_description(layout.get(), font.get());
  }

  Typesetter& typesetter(const Type& wanted) {
    use(wanted);
    for (auto& [known, setter] : typesetters)
      if (known == wanted) return setter;
    return typesetters.emplace_back(wanted, Typesetter{layout.get()}).second;
  }

  /// Lays \p text out; a width below 0 is one line.
  void lay_out(const Text& text, double width) {
    use(text.type);
    pango_layout_set_text(layout.get(), text.text.data(), static_cast<int>(text.text.size()));
    pango_layout_set_width(layout.get(), width < 0 ? -1 : static_cast<int>(width * PANGO_SCALE));
    constexpr std::array kSides{PANGO_ALIGN_LEFT, PANGO_ALIGN_CENTER, PANGO_ALIGN_RIGHT};
    pango_layout_set_alignment(layout.get(), kSides[static_cast<std::size_t>(text.side)]);
  }

  std::pair<double, double> size() {
    int width = 0, height = 0;
    pango_layout_get_size(layout.get(), &width, &height);
    return {static_cast<double>(width) / PANGO_SCALE, static_cast<double>(height) / PANGO_SCALE};
  }

  void show(double x, double y, const Colour& in) {
    colour(in);
    cairo_move_to(cairo.get(), x, y);
    pango_cairo_show_layout(cairo.get(), layout.get());
  }
};

Canvas::Canvas(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Canvas::Canvas(Canvas&&) noexcept = default;

Canvas::~Canvas() {
  // Where nobody called finish(), what Cairo still has to write goes nowhere.
  if (impl_) impl_->sink = nullptr;
}

Canvas Canvas::pdf(double width, double height, std::string font, Sink sink) {
  auto impl = std::make_unique<Impl>();
  impl->sink = std::move(sink);
  // Cairo never hears of a failure: version 1.16 follows a null pointer when it ends a document that could not be
  // written.
  const auto write = [](void* closure, const unsigned char* data, unsigned int length) {
    auto& to = *static_cast<Impl*>(closure);
    if (!to.sink || to.thrown) return CAIRO_STATUS_SUCCESS;
    try {
      to.sink({reinterpret_cast<const char*>(data), length});
    } catch (...) {
      to.thrown = std::current_exception();
    }
    return CAIRO_STATUS_SUCCESS;
  };
  Owned<cairo_surface_t> surface{cairo_pdf_surface_create_for_stream(write, impl.get(), width, height)};
  impl->open(std::move(surface), font);
  return Canvas{std::move(impl)};
}

Canvas Canvas::picture(double width, double height, double dots_per_inch, std::string font) {
  auto impl = std::make_unique<Impl>();
  impl->dots = dots_per_inch / 72;
  const auto dots = [&](double points) { return static_cast<int>(std::lround(points * impl->dots)); };
  Owned<cairo_surface_t> surface{cairo_image_surface_create(CAIRO_FORMAT_RGB24, dots(width), dots(height))};
  impl->open(std::move(surface), font);
  return Canvas{std::move(impl)};
}

double Canvas::height_of(const Text& text, double width) {
  impl_->lay_out(text, width);
  return impl_->size().second;
}

double Canvas::width_of(const Text& text) {
  impl_->lay_out(text, -1);
  return impl_->size().first;
}

Canvas::Measure Canvas::measure(const Text& text, double width, double height) {
  auto* layout = impl_->layout.get();
  impl_->lay_out(text, width);
  Measure out{text.text.size(), impl_->size().second, pango_layout_get_unknown_glyphs_count(layout) > 0};
  const auto lines = pango_layout_get_line_count(layout);
  if (out.height <= height || lines < 2) return out;
  const Owned<PangoLayoutIter> at{pango_layout_get_iter(layout)};
  do {
    int top = 0, bottom = 0;
    pango_layout_iter_get_line_yrange(at.get(), &top, &bottom);
    const auto index = pango_layout_iter_get_index(at.get());
    if (static_cast<double>(bottom) / PANGO_SCALE > height && index > 0) {
      out.bytes = static_cast<std::size_t>(index);
      break;
    }
    out.height = static_cast<double>(bottom) / PANGO_SCALE;
  } while (pango_layout_iter_next_line(at.get()) != FALSE);
  return out;
}

std::optional<double> Canvas::height_of_cell(const Text& text, double width) {
  return impl_->typesetter(text.type).height_of(impl_->layout.get(), text.text, width);
}

void Canvas::draw(const Text& text, const Box& box) {
  impl_->lay_out(text, box.width);
  impl_->show(box.x, box.y, text.colour);
}

void Canvas::draw_cell(const Text& text, const Box& box) {
  constexpr std::size_t kMostBytes = 64, kMostLayouts = 256;
  auto& setter = impl_->typesetter(text.type);
  if (setter.font() != impl_->run_font || text.colour != impl_->run_colour) {
    impl_->draw_run();
    impl_->run_font = setter.font();
    impl_->run_colour = text.colour;
  }
  if (setter.set(impl_->layout.get(), text.text, box, text.side, impl_->run)) return;
  if (text.text.size() > kMostBytes) return draw(text, box);
  auto& cached = impl_->cached;
  auto& key = impl_->cache_key;
  const auto add = [&key](const auto& value) { key.append(reinterpret_cast<const char*>(&value), sizeof value); };
  key.assign(text.text);
  add(text.type.size);
  add(text.type.bold);
  add(text.side);
  add(box.width);
  auto found = cached.find(key);
  if (found == cached.end()) {
    if (cached.size() >= kMostLayouts) cached.clear();
    impl_->lay_out(text, box.width);
    found = cached.emplace(key, std::exchange(impl_->layout, impl_->new_layout())).first;
    impl_->type.reset();
  }
  impl_->colour(text.colour);
  cairo_move_to(impl_->cairo.get(), box.x, box.y);
  pango_cairo_show_layout(impl_->cairo.get(), found->second.get());
}

bool Canvas::draw_fitting(Text text, const Box& box, double least) {
  constexpr double kStep = 0.5, kWithoutWrapping = 2.0 / 3;
  const auto wanted = text.type.size;
  const auto fits = [&](bool one_line) {
    impl_->lay_out(text, one_line ? -1 : box.width);
    const auto [width, height] = impl_->size();
    return height <= box.height && (!one_line || width <= box.width);
  };
  // One line that is a little smaller reads better than a word alone on the second one.
  bool good = false;
  for (text.type.size = wanted; !good && text.type.size >= std::max(least, wanted * kWithoutWrapping);
       text.type.size -= kStep)
    if ((good = fits(true))) break;
  if (!good)
    for (text.type.size = wanted; text.type.size > least; text.type.size -= kStep)
      if ((good = fits(false))) break;
  if (!good) {
    text.type.size = least;
    good = fits(false);
  }
  if (!good) {
    pango_layout_set_height(impl_->layout.get(), static_cast<int>(box.height * PANGO_SCALE));
    pango_layout_set_ellipsize(impl_->layout.get(), PANGO_ELLIPSIZE_END);
  }
  // A line laid out without a width knows no side to be on.
  pango_layout_set_width(impl_->layout.get(), static_cast<int>(std::ceil(box.width * PANGO_SCALE)));
  const auto height = impl_->size().second;
  impl_->show(box.x, box.y + std::max(0.0, (box.height - height) / 2), text.colour);
  pango_layout_set_ellipsize(impl_->layout.get(), PANGO_ELLIPSIZE_NONE);
  pango_layout_set_height(impl_->layout.get(), -1);
  return good;
}

void Canvas::fill(const Box& box, const Colour& colour) {
  impl_->colour(colour);
  cairo_rectangle(impl_->cairo.get(), box.x, box.y, box.width, box.height);
  cairo_fill(impl_->cairo.get());
}

void Canvas::line(double x1, double y1, double x2, double y2, double width, const Colour& colour) {
  impl_->colour(colour);
  cairo_set_line_width(impl_->cairo.get(), width);
  cairo_move_to(impl_->cairo.get(), x1, y1);
  cairo_line_to(impl_->cairo.get(), x2, y2);
  cairo_stroke(impl_->cairo.get());
}

void Canvas::slice(double x, double y, double radius, double from, double to, const Colour& colour) {
  const auto angle = [](double turns) { return (turns - 0.25) * 2 * std::numbers::pi; };
  impl_->colour(colour);
  cairo_move_to(impl_->cairo.get(), x, y);
  cairo_arc(impl_->cairo.get(), x, y, radius, angle(from), angle(to));
  cairo_close_path(impl_->cairo.get());
  cairo_fill(impl_->cairo.get());
}

void Canvas::draw(const Picture& picture, const Box& box) {
  if (picture.width <= 0 || picture.height <= 0) return;
  impl_->draw_run();
  auto* cairo = impl_->cairo.get();
  const Owned<cairo_surface_t> surface{cairo_image_surface_create(CAIRO_FORMAT_ARGB32, picture.width, picture.height)};
  require_good(cairo_surface_status(surface.get()));
  const auto stride = static_cast<std::size_t>(cairo_image_surface_get_stride(surface.get()));
  auto* data = cairo_image_surface_get_data(surface.get());
  const auto row = static_cast<std::size_t>(picture.width);
  for (std::size_t y = 0; y < static_cast<std::size_t>(picture.height); ++y)
    std::copy_n(reinterpret_cast<const unsigned char*>(picture.dots.data() + y * row), row * 4, data + y * stride);
  cairo_surface_mark_dirty(surface.get());

  const auto scale = std::min(box.width / picture.width, box.height / picture.height);
  cairo_save(cairo);
  cairo_translate(cairo, box.x + (box.width - picture.width * scale) / 2,
                  box.y + (box.height - picture.height * scale) / 2);
  cairo_scale(cairo, scale, scale);
  cairo_set_source_surface(cairo, surface.get(), 0, 0);
  cairo_pattern_set_filter(cairo_get_source(cairo), CAIRO_FILTER_BEST);
  cairo_rectangle(cairo, 0, 0, picture.width, picture.height);
  cairo_clip(cairo);
  cairo_paint(cairo);
  cairo_restore(cairo);
}

void Canvas::draw(const QrCode& code, const Box& box) {
  const auto modules = static_cast<double>(code.width) + 2 * kQrBorder;
  const auto side = std::min(box.width, box.height);
  auto module = side / modules;
  auto x = box.x + (box.width - side) / 2, y = box.y + (box.height - side) / 2;
  if (const auto dots = impl_->dots; dots > 0) {
    const auto whole = std::max(1.0, std::floor(module * dots));
    x = std::round((x + (side - whole / dots * modules) / 2) * dots) / dots;
    y = std::round((y + (side - whole / dots * modules) / 2) * dots) / dots;
    module = whole / dots;
  }
  fill({x, y, module * modules, module * modules}, kWhite);
  auto* cairo = impl_->cairo.get();
  cairo_set_antialias(cairo, CAIRO_ANTIALIAS_NONE);
  impl_->colour(kBlack);
  const auto size = static_cast<std::ptrdiff_t>(code.width);
  for (std::ptrdiff_t row = 0; row < size; ++row) {
    for (std::ptrdiff_t column = 0; column < size; ++column) {
      if (!code.is_dark(column, row)) continue;
      const auto begin = column;  // neighbours in one piece, or a hair of light shows between them
      while (code.is_dark(column + 1, row)) ++column;
      cairo_rectangle(cairo, x + static_cast<double>(begin + kQrBorder) * module,
                      y + static_cast<double>(row + kQrBorder) * module,
                      static_cast<double>(column - begin + 1) * module, module);
    }
  }
  cairo_fill(cairo);
  cairo_set_antialias(cairo, CAIRO_ANTIALIAS_DEFAULT);
}

void Canvas::set_info(const DocumentInfo& info) {
  const auto set = [&](cairo_pdf_metadata_t what, const std::string& text) {
    if (!text.empty()) cairo_pdf_surface_set_metadata(impl_->surface.get(), what, text.c_str());
  };
  set(CAIRO_PDF_METADATA_TITLE, info.title);
  set(CAIRO_PDF_METADATA_AUTHOR, info.author);
  set(CAIRO_PDF_METADATA_SUBJECT, info.subject);
  set(CAIRO_PDF_METADATA_CREATOR, info.creator);
  set(CAIRO_PDF_METADATA_CREATE_DATE, to_iso(std::chrono::floor<std::chrono::seconds>(info.created)));
}

void Canvas::add_outline(const std::string& title, int page) {
  cairo_pdf_surface_add_outline(impl_->surface.get(), CAIRO_PDF_OUTLINE_ROOT, title.c_str(),
                                fmt::format("page={} pos=[0 0]", page).c_str(), CAIRO_PDF_OUTLINE_FLAG_OPEN);
}

void Canvas::begin_tag(const char* name) {
  impl_->draw_run();
  cairo_tag_begin(impl_->cairo.get(), name, nullptr);
}

void Canvas::end_tag(const char* name) {
  impl_->draw_run();
  cairo_tag_end(impl_->cairo.get(), name);
}

void Canvas::begin_page(double width, double height) {
  cairo_pdf_surface_set_size(impl_->surface.get(), width, height);
}

void Canvas::end_page() {
  impl_->draw_run();
  cairo_show_page(impl_->cairo.get());
  impl_->throw_on();
}

void Canvas::finish() {
  cairo_surface_finish(impl_->surface.get());
  if (impl_->thrown) impl_->throw_on();
  require_good(cairo_surface_status(impl_->surface.get()));
}

std::string Canvas::png() {
  impl_->draw_run();
  std::string out;
  const auto append = [](void* closure, const unsigned char* data, unsigned int length) {
    static_cast<std::string*>(closure)->append(reinterpret_cast<const char*>(data), length);
    return CAIRO_STATUS_SUCCESS;
  };
  impl_->throw_on();
  require_good(cairo_surface_write_to_png_stream(impl_->surface.get(), append, &out));
  return out;
}

Canvas::Bits Canvas::bits() {
  impl_->draw_run();
  impl_->throw_on();
  auto* surface = impl_->surface.get();
  cairo_surface_flush(surface);
  Bits out{static_cast<std::size_t>(cairo_image_surface_get_width(surface)),
           static_cast<std::size_t>(cairo_image_surface_get_height(surface)),
           {}};
  out.bytes.resize(out.row_bytes() * out.height);
  const auto stride = static_cast<std::size_t>(cairo_image_surface_get_stride(surface));
  const auto* data = cairo_image_surface_get_data(surface);
  for (std::size_t y = 0; y < out.height; ++y) {
    const auto* row = reinterpret_cast<const std::uint32_t*>(data + y * stride);
    for (std::size_t x = 0; x < out.width; ++x) {
      const auto dot = row[x];
      const auto luma = (299 * ((dot >> 16) & 255) + 587 * ((dot >> 8) & 255) + 114 * (dot & 255)) / 1000;
      if (luma < kDark) out.bytes[y * out.row_bytes() + x / 8] |= static_cast<unsigned char>(0x80U >> (x % 8));
    }
  }
  return out;
}

}  // namespace visitor::report
