#include "config/badge_template.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <toml++/toml.h>
#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "config/load.hpp"
#include "config/values.hpp"
#include "core/error.hpp"
#include "core/text.hpp"

namespace visitor::config {
namespace {

constexpr std::size_t kMostBytes = std::size_t{64} << 10;
constexpr std::size_t kMostElements = 40, kMostText = 200, kMostProblems = 20;
constexpr double kLeastQr = 18;

constexpr std::array<std::string_view, 11> kParts{"box",  "text",    "title", "logo",       "photo", "qr",
                                                  "name", "company", "host",  "department", "date"};
constexpr std::array<std::string_view, 3> kAligns{"left", "centre", "right"};
constexpr std::array<std::string_view, 5> kKeys{"printer", "valid_for", "font", "background", "logo"};
constexpr std::array<std::string_view, 10> kElementKeys{"part", "x",     "y",    "width", "height",
                                                        "size", "least", "bold", "align", "colour"};

class Reader {
 public:
  explicit Reader(const std::filesystem::path& file) : file_(file) {}

  BadgeTemplate read(std::string_view text) {
    BadgeTemplate out;
    if (text.size() > kMostBytes) {
      add(0, "", fmt::format("has {} bytes; a template has {} at most", text.size(), kMostBytes));
    } else {
      try {
        walk(toml::parse(text, file_.string()), out);
      } catch (const toml::parse_error& error) {
        add(line_of(error.source()), "", fmt::format("not valid TOML: {}", error.description()));
      }
    }
    if (problems_.empty()) return out;
    const auto more = problems_.size() > kMostProblems ? problems_.size() - kMostProblems : 0;
    if (more > 0) problems_.resize(kMostProblems);
    throw Error(
        Errc::config,
        fmt::format("{}{}", fmt::join(problems_, "\n"), more > 0 ? fmt::format("\n(and {} more problems)", more) : ""),
        "'visitorctl badge template' prints one that is good.");
  }

 private:
  static int line_of(const toml::source_region& source) { return static_cast<int>(source.begin.line); }

  void add(int line, std::string key, std::string message) {
    problems_.push_back(to_text(Problem{file_, line, std::move(key), std::move(message)}));
  }
  void wrong(const toml::node& node, std::string key, std::string_view wanted) {
    add(line_of(node.source()), std::move(key), fmt::format("must be {}", wanted));
  }

  void walk(const toml::table& root, BadgeTemplate& out) {
    for (const auto& [name, node] : root) {
      const std::string key{name.str()};
      if (key == "printer") {
        out.printer = text_of(node, key);
        if (const auto how = out.printer.empty() ? std::string{} : wrong_printer(out.printer); !how.empty())
          add(line_of(node.source()), key, how);
      } else if (key == "valid_for") {
        constexpr std::chrono::milliseconds kShortest = std::chrono::minutes{5}, kLongest = std::chrono::hours{24};
        const auto span = node.is_string() ? parse_duration(node.as_string()->get()) : std::nullopt;
        if (!span || *span < kShortest || *span > kLongest)
          wrong(node, key, "a span of time from \"5m\" to \"24h\"");
        else
          out.valid_for = std::chrono::floor<std::chrono::seconds>(*span);
      } else if (key == "font") {
        out.font = text_of(node, key);
        if (out.font.empty()) wrong(node, key, "the name of a font, such as \"sans\"");
      } else if (key == "background") {
        out.background = colour_of(node, key);
      } else if (key == "logo") {
        const std::filesystem::path logo = text_of(node, key);
        out.logo = logo.empty() || logo.is_absolute() ? logo : file_.parent_path() / logo;
      } else if (key == "element") {
        walk_elements(node, out);
      } else {
        unknown(node, key, key, kKeys);
      }
    }
    require_once(out, BadgePart::name, "name");
    require_once(out, BadgePart::qr, "qr");
  }

  void walk_elements(const toml::node& node, BadgeTemplate& out) {
    const auto* list = node.as_array();
    if (list == nullptr) return wrong(node, "element", "tables, each headed [[element]]");
    if (list->size() > kMostElements)
      return wrong(node, "element", fmt::format("{} tables at most, not {}", kMostElements, list->size()));
    for (const auto& one : *list) {
      const auto key = fmt::format("element.{}", out.elements.size() + 1);
      if (const auto* table = one.as_table())
        out.elements.push_back(element_of(*table, key));
      else
        wrong(one, key, "a table, headed [[element]]");
    }
  }

  BadgeElement element_of(const toml::table& table, const std::string& place) {
    BadgeElement element;
    for (const auto* key : {"part", "x", "y", "width", "height"})
      if (!table.contains(key)) add(line_of(table.source()), place, fmt::format("lacks '{}'", key));
    const auto problems = problems_.size();
    for (const auto& [name, node] : table) {
      const auto key = fmt::format("{}.{}", place, name.str());
      const auto number = [&](double& into, double least, double most) {
        const auto value = node.value<double>();
        if (!node.is_number() || !value || !(*value >= least && *value <= most))
          wrong(node, key, fmt::format("a number from {} to {}", least, most));
        else
          into = *value;
      };
      if (name == "part") {
        if (const auto at = choice_of(node, key, kParts)) element.part = static_cast<BadgePart>(*at);
      } else if (name == "x") {
        number(element.x, 0, kBadgeWidth);
      } else if (name == "y") {
        number(element.y, 0, kBadgeHeight);
      } else if (name == "width") {
        number(element.width, 0.1, kBadgeWidth);
      } else if (name == "height") {
        number(element.height, 0.1, kBadgeHeight);
      } else if (name == "size") {
        number(element.size, 4, 72);
      } else if (name == "least") {
        number(element.least, 3, 72);
      } else if (name == "bold") {
        if (const auto* flag = node.as_boolean())
          element.bold = flag->get();
        else
          wrong(node, key, "true or false");
      } else if (name == "align") {
        if (const auto at = choice_of(node, key, kAligns)) element.align = kAligns[*at];
      } else if (name == "colour") {
        element.colour = colour_of(node, key);
      } else if (name == "text") {
        element.text = text_of(node, key);
      } else {
        unknown(node, key, std::string{name.str()}, kElementKeys);
      }
    }
    if (problems == problems_.size()) check(table, place, element);
    return element;
  }

  void check(const toml::table& table, const std::string& place, const BadgeElement& element) {
    constexpr double kRounding = 1e-6;
    const auto line = line_of(table.source());
    if (element.x + element.width > kBadgeWidth + kRounding)
      add(line, place + ".width",
          fmt::format("reaches over the right edge: x + width is {}, and the card is {} wide",
                      element.x + element.width, kBadgeWidth));
    if (element.y + element.height > kBadgeHeight + kRounding)
      add(line, place + ".height",
          fmt::format("reaches over the lower edge: y + height is {}, and the card is {} high",
                      element.y + element.height, kBadgeHeight));
    if (element.least > element.size) add(line, place + ".least", "must not be larger than 'size'");
    if (element.part == BadgePart::qr && std::min(element.width, element.height) < kLeastQr)
      add(line, place + ".width", fmt::format("a QR code needs {} mm both ways to be read", kLeastQr));
    if (element.part == BadgePart::text && element.text.empty()) add(line, place, "lacks 'text'");
  }

  void require_once(const BadgeTemplate& out, BadgePart part, std::string_view name) {
    const auto count = std::ranges::count(out.elements, part, &BadgeElement::part);
    if (count != 1 && problems_.empty())
      add(0, "element", fmt::format("exactly one must have part = \"{}\", not {}", name, count));
  }

  template <std::size_t n>
  std::optional<std::size_t> choice_of(const toml::node& node, const std::string& key,
                                       const std::array<std::string_view, n>& choices) {
    const auto* text = node.as_string();
    if (text != nullptr) {
      const auto found = std::ranges::find(choices, std::string_view{text->get()});
      if (found != choices.end()) return static_cast<std::size_t>(found - choices.begin());
    }
    wrong(node, key, fmt::format("one of {}", fmt::join(choices, ", ")));
    return std::nullopt;
  }

  std::string text_of(const toml::node& node, const std::string& key) {
    const auto* text = node.as_string();
    if (text == nullptr || text->get().size() > kMostText || printable(text->get()) != text->get()) {
      wrong(node, key, fmt::format("a text in quotes of {} bytes at most, without control characters", kMostText));
      return {};
    }
    return text->get();
  }

  BadgeColour colour_of(const toml::node& node, const std::string& key) {
    const auto* text = node.as_string();
    const auto bytes = text != nullptr && text->get().size() == 7 && text->get().front() == '#'
                           ? from_hex(text->get().substr(1))
                           : std::nullopt;
    if (!bytes) {
      wrong(node, key, "a colour such as \"#1f4e79\"");
      return {};
    }
    const auto part = [&](std::size_t at) { return std::to_integer<int>((*bytes)[at]) / 255.0; };
    return {part(0), part(1), part(2)};
  }

  template <std::size_t n>
  void unknown(const toml::node& node, const std::string& key, const std::string& name,
               const std::array<std::string_view, n>& known) {
    std::vector<std::string> candidates{known.begin(), known.end()};
    candidates.emplace_back(n == kKeys.size() ? "element" : "text");
    const auto near = nearest(name, candidates);
    add(line_of(node.source()), key, near ? fmt::format("unknown key; did you mean '{}'?", *near) : "unknown key");
  }

  const std::filesystem::path& file_;
  std::vector<std::string> problems_;
};

/// Measures are millimetres; {0} is the title, {1} to {3} stand before host, department and date.
constexpr auto kBuiltIn =
    R"toml(# A badge of 85.6 x 54 mm. Measures are millimetres from the upper left corner, sizes are points.
printer = ""         # queue of CUPS that badges go to where no other is named
valid_for = "12h"    # at most; a badge is valid until its visit was to end
font = "sans"
background = "#ffffff"
logo = ""  # a PNG or JPEG, relative to the folder of this file

[[element]]
part = "box"
x = 0
y = 0
width = 85.6
height = 10
colour = "#1f4e79"

[[element]]
part = "title"
x = 4
y = 2
width = 52
height = 6
size = 11
bold = true
colour = "#ffffff"
text = "{0}"

[[element]]
part = "logo"
x = 58
y = 1.5
width = 24
height = 7

[[element]]
part = "photo"
x = 4
y = 13
width = 18
height = 24

[[element]]
part = "name"
x = 24
y = 12.5
width = 36
height = 13
size = 13
least = 3  # longer names wrap, then shrink to this
bold = true

[[element]]
part = "company"
x = 24
y = 26
width = 36
height = 8
size = 9

[[element]]
part = "host"
x = 4
y = 38.5
width = 55
height = 4.6
size = 8
text = "{1}"

[[element]]
part = "department"
x = 4
y = 43.3
width = 55
height = 4.6
size = 8
text = "{2}"

[[element]]
part = "date"
x = 4
y = 48.1
width = 55
height = 4.6
size = 8
text = "{3}"

[[element]]
part = "qr"
x = 60
y = 28
width = 24
height = 24
)toml";

}  // namespace

std::string wrong_printer(std::string_view text) {
  constexpr std::size_t kLongest = 127;
  const auto plain = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  const bool good = std::ranges::all_of(text, [&](char c) { return plain(c) || c == '-' || c == '_' || c == '.'; });
  if (good && !text.empty() && text.size() <= kLongest && plain(text.front())) return "";
  return fmt::format("must be 1 to {} letters, digits, \"-\", \"_\" and \".\", the first a letter or a digit, not {}",
                     kLongest, json_quote(text));
}

BadgeTemplate parse_badge_template(std::string_view text, const std::filesystem::path& file) {
  return Reader{file}.read(text);
}

std::string badge_template_toml(std::string_view language) {
  return language == "ru" ? fmt::format(kBuiltIn, "ПОСЕТИТЕЛЬ", "Принимает", "Подразделение", "Дата")
                          : fmt::format(kBuiltIn, "VISITOR", "Host", "Department", "Date");
}

}  // namespace visitor::config
