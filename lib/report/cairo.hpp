#pragma once

#include <cairo-pdf.h>
#include <pango/pangocairo.h>

#include "core/loaded_function.hpp"

// The functions of Cairo and Pango under their own names, for canvas.cpp, picture.cpp and typesetter.cpp alone.
namespace visitor::report {

/// The address of a function of libpangocairo or of what that brings along (Cairo, Pango, GObject), loaded by the first
/// call of any of them: few commands draw, and linked they would bring thirty libraries to every start.
/// \throws Error config  there is no libpangocairo, or one that lacks the function
void* cairo_function(const char* name);

template <class F>
using CairoFunction = LoadedFunction<cairo_function, F>;

#define VISITOR_CAIRO(name)                                     \
  inline constinit const CairoFunction<decltype(::name)> name { \
#name                                                       \
  }
VISITOR_CAIRO(cairo_arc);
VISITOR_CAIRO(cairo_clip);
VISITOR_CAIRO(cairo_close_path);
VISITOR_CAIRO(cairo_create);
VISITOR_CAIRO(cairo_destroy);
VISITOR_CAIRO(cairo_fill);
VISITOR_CAIRO(cairo_font_options_create);
VISITOR_CAIRO(cairo_font_options_destroy);
VISITOR_CAIRO(cairo_font_options_set_antialias);
VISITOR_CAIRO(cairo_font_options_set_hint_metrics);
VISITOR_CAIRO(cairo_font_options_set_hint_style);
VISITOR_CAIRO(cairo_image_surface_create);
VISITOR_CAIRO(cairo_image_surface_create_from_png_stream);
VISITOR_CAIRO(cairo_image_surface_get_data);
VISITOR_CAIRO(cairo_image_surface_get_height);
VISITOR_CAIRO(cairo_image_surface_get_stride);
VISITOR_CAIRO(cairo_image_surface_get_width);
VISITOR_CAIRO(cairo_line_to);
VISITOR_CAIRO(cairo_move_to);
VISITOR_CAIRO(cairo_paint);
VISITOR_CAIRO(cairo_pattern_set_filter);
VISITOR_CAIRO(cairo_get_source);
VISITOR_CAIRO(cairo_pdf_surface_add_outline);
VISITOR_CAIRO(cairo_pdf_surface_create_for_stream);
VISITOR_CAIRO(cairo_pdf_surface_set_metadata);
VISITOR_CAIRO(cairo_pdf_surface_set_size);
VISITOR_CAIRO(cairo_rectangle);
VISITOR_CAIRO(cairo_restore);
VISITOR_CAIRO(cairo_save);
VISITOR_CAIRO(cairo_scale);
VISITOR_CAIRO(cairo_set_antialias);
VISITOR_CAIRO(cairo_set_line_width);
VISITOR_CAIRO(cairo_set_scaled_font);
VISITOR_CAIRO(cairo_set_source_rgb);
VISITOR_CAIRO(cairo_set_source_surface);
VISITOR_CAIRO(cairo_show_page);
VISITOR_CAIRO(cairo_show_text_glyphs);
VISITOR_CAIRO(cairo_status);
VISITOR_CAIRO(cairo_status_to_string);
VISITOR_CAIRO(cairo_stroke);
VISITOR_CAIRO(cairo_surface_destroy);
VISITOR_CAIRO(cairo_surface_finish);
VISITOR_CAIRO(cairo_surface_flush);
VISITOR_CAIRO(cairo_surface_mark_dirty);
VISITOR_CAIRO(cairo_surface_status);
VISITOR_CAIRO(cairo_surface_write_to_png_stream);
VISITOR_CAIRO(cairo_tag_begin);
VISITOR_CAIRO(cairo_tag_end);
VISITOR_CAIRO(cairo_translate);
VISITOR_CAIRO(g_object_ref);
VISITOR_CAIRO(g_object_unref);
VISITOR_CAIRO(pango_cairo_context_set_font_options);
VISITOR_CAIRO(pango_cairo_create_context);
VISITOR_CAIRO(pango_cairo_font_get_scaled_font);
VISITOR_CAIRO(pango_cairo_show_layout);
VISITOR_CAIRO(pango_cairo_update_context);
VISITOR_CAIRO(pango_context_set_round_glyph_positions);
VISITOR_CAIRO(pango_font_description_free);
VISITOR_CAIRO(pango_font_description_new);
VISITOR_CAIRO(pango_font_description_set_absolute_size);
VISITOR_CAIRO(pango_font_description_set_family);
VISITOR_CAIRO(pango_font_description_set_weight);
VISITOR_CAIRO(pango_layout_get_baseline);
VISITOR_CAIRO(pango_layout_get_iter);
VISITOR_CAIRO(pango_layout_get_line_count);
VISITOR_CAIRO(pango_layout_get_line_readonly);
VISITOR_CAIRO(pango_layout_get_size);
VISITOR_CAIRO(pango_layout_get_unknown_glyphs_count);
VISITOR_CAIRO(pango_layout_is_ellipsized);
VISITOR_CAIRO(pango_layout_iter_free);
VISITOR_CAIRO(pango_layout_iter_get_index);
VISITOR_CAIRO(pango_layout_iter_get_line_yrange);
VISITOR_CAIRO(pango_layout_iter_next_line);
VISITOR_CAIRO(pango_layout_new);
VISITOR_CAIRO(pango_layout_set_alignment);
VISITOR_CAIRO(pango_layout_set_ellipsize);
VISITOR_CAIRO(pango_layout_set_font_description);
VISITOR_CAIRO(pango_layout_set_height);
VISITOR_CAIRO(pango_layout_set_text);
VISITOR_CAIRO(pango_layout_set_width);
VISITOR_CAIRO(pango_layout_set_wrap);
#undef VISITOR_CAIRO

}  // namespace visitor::report
