#include "report/writer.hpp"

#include <numeric>

namespace visitor::report {

std::int64_t Written::total() const {
  return std::accumulate(rows.begin(), rows.end(), std::int64_t{0});
}

}  // namespace visitor::report

namespace visitor::domain {

using report::Format;
using report::Loss;

template <>
std::span<const Name<Format>> names() {
  static constexpr Name<Format> kNames[] = {
      {Format::xlsx, "xlsx", "Spreadsheet (XLSX)", "Таблица (XLSX)"},
      {Format::pdf, "pdf", "Document (PDF)", "Документ (PDF)"},
      {Format::csv, "csv", "Comma-separated values", "Значения через запятую"},
      {Format::json, "json", "JSON", "JSON"},
      {Format::jsonl, "jsonl", "JSON, a line for each row", "JSON построчно"},
      {Format::html, "html", "Web page", "Веб-страница"},
  };
  return kNames;
}

template <>
std::span<const Name<Loss>> names() {
  static constexpr Name<Loss> kNames[] = {
      {Loss::broken_text, "broken_text", "Bytes that are no UTF-8 were replaced in {} cells",
       "Байты не в UTF-8 заменены, ячеек: {}"},
      {Loss::control_characters, "control_characters", "Control characters were replaced in {} cells",
       "Управляющие символы заменены, ячеек: {}"},
      {Loss::long_text, "long_text", "Texts too long for a cell were cut in {} cells",
       "Слишком длинный текст обрезан, ячеек: {}"},
      {Loss::code_page, "code_page", "Characters that Windows-1251 lacks were replaced in {} cells",
       "Символы вне Windows-1251 заменены, ячеек: {}"},
      {Loss::guarded, "guarded", "Texts that a spreadsheet would run as formulas were guarded in {} cells",
       "Текст, похожий на формулу, обезврежен, ячеек: {}"},
      {Loss::date_as_text, "date_as_text", "Dates that the format cannot hold were written as text in {} cells",
       "Даты вне пределов формата записаны текстом, ячеек: {}"},
      {Loss::number_as_text, "number_as_text", "Numbers that the format cannot hold were written as text in {} cells",
       "Числа вне пределов формата записаны текстом, ячеек: {}"},
      {Loss::missing_glyphs, "missing_glyphs", "No installed font has some characters of {} cells",
       "Символов нет ни в одном шрифте, ячеек: {}"},
  };
  return kNames;
}

}  // namespace visitor::domain
