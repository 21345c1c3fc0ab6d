#pragma once

#include "app/reports.hpp"
#include "domain/names.hpp"

/// The words that reports are declared with.
namespace visitor::app {

const Report& alerts_report();
const Report& audit_report();
const Report& auto_checkin_report();
const Report& departments_report();
const Report& events_report();
const Report& hosts_report();
const Report& incidents_report();
const Report& inside_report();
const Report& summary_report();
const Report& terminals_report();
const Report& visits_report();

namespace declare {

using report::Kind;

inline ReportColumn column(Kind kind, std::string_view key, std::string_view english, std::string_view russian,
                           int width) {
  return {{.key = key, .kind = kind, .label = {english, russian}, .width = width}};
}
inline ReportColumn text(std::string_view key, std::string_view english, std::string_view russian, int width = 24) {
  return column(Kind::text, key, english, russian, width);
}
inline ReportColumn integer(std::string_view key, std::string_view english, std::string_view russian, int width = 10) {
  return column(Kind::integer, key, english, russian, width);
}
inline ReportColumn yes_no(std::string_view key, std::string_view english, std::string_view russian, int width = 10) {
  return column(Kind::yes_no, key, english, russian, width);
}
inline ReportColumn moment(std::string_view key, std::string_view english, std::string_view russian) {
  return column(Kind::moment, key, english, russian, 19);
}
inline ReportColumn date(std::string_view key, std::string_view english, std::string_view russian) {
  return column(Kind::date, key, english, russian, 11);
}
inline ReportColumn span(std::string_view key, std::string_view english, std::string_view russian) {
  return column(Kind::span, key, english, russian, 10);
}
template <class E>
ReportColumn word(std::string_view key, std::string_view english, std::string_view russian, int width = 18) {
  auto made = column(Kind::word, key, english, russian, width);
  made.column.words = report::label_of<E>;
  return made;
}
inline ReportColumn in_unit(ReportColumn made, std::string_view english, std::string_view russian) {
  made.column.unit = {english, russian};
  return made;
}

inline ReportColumn on_request(ReportColumn made) {
  made.usual = false;
  return made;
}

/// The number of a guest's document, masked where it may not be seen. Of the columns document_tail, document_sealed.
ReportColumn document();
/// What an incident says, in the language of the file. Of the columns type, summary, details.
ReportColumn incident_sentence();

template <class E>
std::vector<std::string_view> words_of() {
  std::vector<std::string_view> words;
  for (const auto& row : domain::names<E>()) words.push_back(row.name);
  return words;
}

}  // namespace declare
}  // namespace visitor::app
