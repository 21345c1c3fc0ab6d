#include "report/table.hpp"

namespace visitor::report {

std::string heading(const Column& column, domain::Language language) {
  std::string text{column.label.in(language)};
  std::string aside{column.unit.in(language)};
  if (column.masked) {
    if (!aside.empty()) aside += ", ";
    aside += language == domain::Language::russian ? "скрыто" : "masked";
  }
  return aside.empty() ? text : text + " (" + aside + ")";
}

}  // namespace visitor::report
