#pragma once

#include <xlsxwriter.h>

#include "core/loaded_function.hpp"
#include "core/loaded_library.hpp"

/// libxlsxwriter, loaded by the first call: few commands write spreadsheets. For xlsx_writer.cpp only.
namespace visitor::report::xlsx {

inline void* find_function(const char* name) {
  static const LoadedLibrary library{"libxlsxwriter.so.4", "the library that writes spreadsheets",
                                     "Install libxlsxwriter4."};
  return library.function(name);
}

template <class F>
using Function = LoadedFunction<find_function, F>;

inline constinit const Function<decltype(::workbook_new_opt)> workbook_new_opt{"workbook_new_opt"};
inline constinit const Function<decltype(::workbook_add_worksheet)> workbook_add_worksheet{"workbook_add_worksheet"};
inline constinit const Function<decltype(::workbook_add_format)> workbook_add_format{"workbook_add_format"};
inline constinit const Function<decltype(::workbook_add_chart)> workbook_add_chart{"workbook_add_chart"};
inline constinit const Function<decltype(::workbook_set_properties)> workbook_set_properties{"workbook_set_properties"};
inline constinit const Function<decltype(::workbook_close)> workbook_close{"workbook_close"};
inline constinit const Function<decltype(::lxw_workbook_free)> workbook_free{"lxw_workbook_free"};
inline constinit const Function<decltype(::lxw_strerror)> error_text{"lxw_strerror"};
inline constinit const Function<decltype(::worksheet_write_string)> write_string{"worksheet_write_string"};
inline constinit const Function<decltype(::worksheet_write_number)> write_number{"worksheet_write_number"};
inline constinit const Function<decltype(::lxw_worksheet_write_single_row)> write_pending_row{
    "lxw_worksheet_write_single_row"};
inline constinit const Function<decltype(::lxw_format_get_xf_index)> format_index{"lxw_format_get_xf_index"};
inline constinit const Function<decltype(::worksheet_set_column)> set_column{"worksheet_set_column"};
inline constinit const Function<decltype(::worksheet_freeze_panes)> freeze_panes{"worksheet_freeze_panes"};
inline constinit const Function<decltype(::worksheet_autofilter)> autofilter{"worksheet_autofilter"};
inline constinit const Function<decltype(::worksheet_insert_chart)> insert_chart{"worksheet_insert_chart"};
inline constinit const Function<decltype(::worksheet_set_landscape)> set_landscape{"worksheet_set_landscape"};
inline constinit const Function<decltype(::worksheet_set_paper)> set_paper{"worksheet_set_paper"};
inline constinit const Function<decltype(::worksheet_fit_to_pages)> fit_to_pages{"worksheet_fit_to_pages"};
inline constinit const Function<decltype(::worksheet_repeat_rows)> repeat_rows{"worksheet_repeat_rows"};
inline constinit const Function<decltype(::format_set_bold)> set_bold{"format_set_bold"};
inline constinit const Function<decltype(::format_set_num_format)> set_num_format{"format_set_num_format"};
inline constinit const Function<decltype(::format_set_bg_color)> set_bg_color{"format_set_bg_color"};
inline constinit const Function<decltype(::format_set_font_size)> set_font_size{"format_set_font_size"};
inline constinit const Function<decltype(::chart_add_series)> chart_add_series{"chart_add_series"};
inline constinit const Function<decltype(::chart_series_set_name)> series_set_name{"chart_series_set_name"};
inline constinit const Function<decltype(::chart_series_set_categories)> series_set_categories{
    "chart_series_set_categories"};
inline constinit const Function<decltype(::chart_series_set_values)> series_set_values{"chart_series_set_values"};
inline constinit const Function<decltype(::chart_title_set_name)> title_set_name{"chart_title_set_name"};

}  // namespace visitor::report::xlsx
