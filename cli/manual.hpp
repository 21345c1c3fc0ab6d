#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/command.hpp"

namespace visitor::cli {

/// One manual page, in the language of man(7).
struct ManualPage {
  std::string name;  ///< "visitorctl-visit"
  int section = 1;
  std::string text;

  std::string file() const { return name + "." + std::to_string(section); }
};

/// Every page: visitorctl(1), one for each command or group right below it, visitord(8), visitor.toml(5) and
/// visitor-health(7). Written from the command tree, the table of options and the table of errors, so that pages and
/// programs say the same.
std::vector<ManualPage> manual_pages(const Command& root, const std::vector<Param>& globals);

/// Writes man(7). What is given as text is taken literally, whatever dots, backslashes and dashes it has.
class Roff {
 public:
  /// \param summary  for the line of whatis(1), without a full stop
  Roff(std::string_view name, int section, std::string_view summary);

  Roff& section(std::string_view title);
  Roff& subsection(std::string_view title);
  /// Paragraphs: line feeds end them.
  Roff& text(std::string_view text);
  /// A term and, indented below it, what it means. Of \p term, what stands in \x01…\x02 is bold and in \x03…\x02
  /// italic.
  Roff& item(std::string_view term, std::string_view text);
  /// Lines as they are.
  Roff& verbatim(std::string_view lines);
  std::string take() { return std::move(out_); }

 private:
  /// The first paragraph of a section takes no distance from its title.
  bool after_title() const;

  std::string out_;
};

std::string bold(std::string_view text);
std::string italic(std::string_view text);

// Pages of their own, in manual_pages.cpp.
ManualPage visitord_page();
ManualPage configuration_page();
ManualPage health_page();

}  // namespace visitor::cli
