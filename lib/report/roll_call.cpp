#include "report/roll_call.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

#include "core/text.hpp"
#include "core/zone.hpp"

namespace visitor::report {
namespace {

using domain::How;
using domain::Language;
using domain::RollEntry;

constexpr std::size_t kColumns = 80;
constexpr std::size_t kLines = 60;

enum class Word {
  title,
  page,
  inside,
  presumed,
  presumed_heading,
  snapshot,
  no_department,
  no_host,
  visit,
  since,
  door,
  person,
  api,
  left,
  nobody,
  end,
  count
};

// {} stand for what the line is about, in the same order in both languages.
constexpr std::array<std::array<std::string_view, 2>, static_cast<std::size_t>(Word::count)> kWords{{
    {"EVACUATION ROLL CALL", "ПЕРЕКЛИЧКА ПРИ ЭВАКУАЦИИ"},
    {"page {} of {}", "стр. {} из {}"},
    {"Inside: {}", "В здании: {}"},
    {"Presumed left: {}", "Предположительно вышли: {}"},
    {"PRESUMED LEFT, NOBODY SAW THEM LEAVE", "ПРЕДПОЛОЖИТЕЛЬНО ВЫШЛИ, ВЫХОД НЕ ОТМЕЧЕН"},
    {"From a snapshot, {} old: the database does not answer", "По снимку, давность {}: база данных не отвечает"},
    {"No department", "Без отдела"},
    {"No host", "Без принимающего"},
    {"visit {}", "визит {}"},
    {"in since {}", "в здании с {}"},
    {"{} at {}", "{} в {}"},
    {"checked in by {} at {}", "вход отметил(а) {} в {}"},
    {"checked in by another system at {}", "вход отмечен другой системой в {}"},
    {"presumed left at {}", "предположительно вышел в {}"},
    {"Nobody is in the building.", "В здании никого нет."},
    {"End of the roll call", "Конец переклички"},
}};

std::string span_text(std::chrono::seconds span, Language language) {
  auto text = format_span(span);
  if (language == Language::english) return text;
  constexpr std::array<std::array<std::string_view, 2>, 4> kUnits{
      {{" min", " мин"}, {" s", " с"}, {" h", " ч"}, {" d", " д"}}};
  for (const auto& [english, russian] : kUnits)
    if (const auto at = text.find(english); at != std::string::npos) text.replace(at, english.size(), russian);
  return text;
}

class Sheet {
 public:
  Sheet(const domain::RollCall& roll, Instant printed_at, const RollLayout& layout)
      : roll_(roll), printed_at_(printed_at), layout_(layout) {}

  std::string text() {
    std::string text;
    for (const auto& site : roll_.sites) add_site(site);
    if (!layout_.pages) {
      for (const auto& part : parts_)
        for (const auto& block : part.blocks)
          for (const auto& line : block.lines) text += line + "\n";
      return text;
    }
    return paged();
  }

 private:
  /// Lines that stay together.
  struct Block {
    std::vector<std::string> lines;
    std::string group;  ///< repeated on the next page where its group goes on
  };
  struct Part {
    std::vector<std::string> heading;
    std::vector<Block> blocks;
  };

  template <class... Args>
  std::string say(Word word, const Args&... args) const {
    const auto& both = kWords[static_cast<std::size_t>(word)];
    return fmt::format(fmt::runtime(both[layout_.language == Language::russian ? 1 : 0]), args...);
  }

  /// \p left and \p right at the two ends of a line; what is too long is cut on the left.
  static std::string spread(std::string left, std::string right, std::size_t indent = 0) {
    right = shortened(right, kColumns / 2);
    left = shortened(printable(left), kColumns - indent - (right.empty() ? 0 : display_width(right) + 2));
    std::string line(indent, ' ');
    line += left;
    if (right.empty()) return line;
    line.append(kColumns - indent - display_width(left) - display_width(right), ' ');
    return line + right;
  }

  /// The time, with the date where it is not the day of the roll call.
  std::string clock(const Zone& zone, Instant at) const {
    const auto stamp = zone.stamp(at);
    return stamp.substr(0, 10) == zone.stamp(roll_.at).substr(0, 10) ? stamp.substr(11, 5) : stamp.substr(0, 16);
  }

  std::vector<std::string> heading(const domain::RollSite& site, const Zone& zone, std::size_t inside,
                                   std::size_t presumed) const {
    std::vector<std::string> lines;
    lines.push_back(spread(site.name, fmt::format("{} {}", zone.stamp(roll_.at).substr(0, 16), zone.name())));
    lines.push_back(spread(say(Word::inside, inside), presumed > 0 ? say(Word::presumed, presumed) : ""));
    if (roll_.is_snapshot()) {
      const auto age = std::chrono::floor<std::chrono::seconds>(printed_at_ - roll_.at);
      lines.push_back(spread(say(Word::snapshot, span_text(std::max(age, std::chrono::seconds{0}), layout_.language)),
                             roll_.written_by));
    }
    lines.emplace_back(kColumns, '-');
    return lines;
  }

  void add_site(const domain::RollSite& site) {
    const auto zone = Zone::named(site.time_zone);
    std::vector<const RollEntry*> entries;
    for (const auto& entry : roll_.entries)
      if (entry.site == site.id) entries.push_back(&entry);
    const auto presumed = static_cast<std::size_t>(std::count_if(
        entries.begin(), entries.end(), [](const RollEntry* entry) { return entry->how == How::presumed; }));
    const auto inside = entries.size() - presumed;

    auto& part = parts_.emplace_back();
    part.heading = heading(site, zone, inside, presumed);
    Block top;
    if (!layout_.pages) {
      top.lines.push_back(say(Word::title));
      top.lines.insert(top.lines.end(), part.heading.begin(), part.heading.end());
    }
    if (inside == 0) top.lines.push_back(say(Word::nobody));
    if (!top.lines.empty()) part.blocks.push_back(std::move(top));

    const RollEntry* before = nullptr;
    for (const auto* entry : entries) {
      Block block;
      const bool other_part = !before || (before->how == How::presumed) != (entry->how == How::presumed);
      const bool other_department = other_part || before->department != entry->department;
      if (other_part && entry->how == How::presumed) {
        block.lines.emplace_back();
        block.lines.push_back(say(Word::presumed_heading));
      }
      const auto department = entry->department.empty() ? say(Word::no_department) : entry->department;
      const auto host = entry->host.empty() ? say(Word::no_host) : entry->host;
      if (other_department) {
        block.lines.emplace_back();
        block.lines.push_back(spread(department, fmt::to_string(count(entries, [&](const RollEntry& other) {
                                       return same_part(other, *entry) && other.department == entry->department;
                                     }))));
      }
      if (other_department || before->host != entry->host) block.lines.push_back(spread(host, entry->host_phone, 2));
      block.group = fmt::format("{} / {}", department, host);
      add_person(block, zone, *entry);
      part.blocks.push_back(std::move(block));
      before = entry;
    }
    part.blocks.push_back({{"", spread("-- " + say(Word::end), fmt::format("{} --", inside))}, ""});
    if (!layout_.pages) part.blocks.back().lines.emplace_back();
  }

  template <class Test>
  static std::size_t count(const std::vector<const RollEntry*>& entries, const Test& test) {
    return static_cast<std::size_t>(
        std::count_if(entries.begin(), entries.end(), [&](const RollEntry* entry) { return test(*entry); }));
  }
  static bool same_part(const RollEntry& a, const RollEntry& b) {
    return (a.how == How::presumed) == (b.how == How::presumed);
  }

  void add_person(Block& block, const Zone& zone, const RollEntry& entry) const {
    block.lines.push_back(spread("[ ] " + entry.guest_name, printable(entry.phone), 4));
    std::vector<std::string> facts;
    if (!entry.company.empty()) facts.push_back(entry.company);
    facts.push_back(say(Word::visit, entry.visit));
    if (entry.how == How::presumed) {
      facts.push_back(say(Word::left, clock(zone, entry.proof_at)));
    } else {
      facts.push_back(say(Word::since, clock(zone, entry.since)));
      if (entry.how == How::person) facts.push_back(say(Word::person, entry.login, clock(zone, entry.proof_at)));
      if (entry.how == How::api) facts.push_back(say(Word::api, clock(zone, entry.proof_at)));
    }
    if (entry.entered_at) facts.push_back(say(Word::door, entry.place, clock(zone, *entry.entered_at)));
    std::string line;
    for (const auto& fact : facts) {
      if (!line.empty() && display_width(line) + 2 + display_width(fact) > kColumns - 8) {
        block.lines.push_back(spread(line + ",", "", 8));
        line.clear();
      }
      line += (line.empty() ? "" : ", ") + fact;
    }
    block.lines.push_back(spread(line, "", 8));
  }

  std::string paged() const {
    // How the blocks fall onto pages is found first, because each heading says how many there are.
    std::vector<std::vector<std::string>> pages;
    for (const auto& part : parts_) {
      auto page = part.heading;
      std::string group;
      for (const auto& block : part.blocks) {
        if (1 + page.size() + block.lines.size() > kLines) {
          pages.push_back(std::move(page));
          page = part.heading;
          if (!block.group.empty() && block.group == group) page.push_back(spread("… " + group, ""));
        }
        group = block.group;
        page.insert(page.end(), block.lines.begin(), block.lines.end());
      }
      pages.push_back(std::move(page));
    }
    std::string text;
    for (std::size_t i = 0; i < pages.size(); ++i) {
      if (i > 0) text += "\f";
      text += spread(say(Word::title), say(Word::page, i + 1, pages.size())) + "\n";
      for (const auto& line : pages[i]) text += line + "\n";
    }
    return text;
  }

  const domain::RollCall& roll_;
  Instant printed_at_;
  RollLayout layout_;
  std::vector<Part> parts_;
};

}  // namespace

std::string roll_call_text(const domain::RollCall& roll, Instant printed_at, const RollLayout& layout) {
  return Sheet{roll, printed_at, layout}.text();
}

}  // namespace visitor::report
