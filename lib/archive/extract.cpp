#include "archive/extract.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "archive/dump.hpp"
#include "core/error.hpp"

namespace visitor::archive {
namespace {

constexpr std::string_view kPartitioned = "access_event";

bool means(const Selection& selection, const DumpedTable& table) {
  if (selection.table.empty() || selection.table == table.name) return true;
  return selection.table == kPartitioned && table.name.starts_with(fmt::format("{}_", kPartitioned));
}

class Extractor final : public DumpReader {
 public:
  Extractor(std::span<const Selection> selections,
            const std::function<void(const DumpedTable&, const ExtractedRow&)>& use)
      : selections_(selections), use_(use), seen_(selections.size()) {}

  void require_all_seen() const {
    for (std::size_t n = 0; n < selections_.size(); ++n)
      if (!seen_[n])
        throw Error(Errc::not_found, fmt::format("the backup has no table {}", selections_[n].table),
                    "Run 'visitorctl backup show' to see its tables.");
  }

 protected:
  void on_table(const DumpedTable& table) override {
    table_ = table;
    tests_.clear();
    for (std::size_t n = 0; n < selections_.size(); ++n) {
      const auto& selection = selections_[n];
      if (!means(selection, table)) continue;
      std::vector<std::pair<std::size_t, std::string_view>> test;
      bool fits = true;
      for (const auto& [column, value] : selection.where) {
        const auto found = std::find(table.columns.begin(), table.columns.end(), column);
        fits = fits && found != table.columns.end();
        if (fits) test.emplace_back(found - table.columns.begin(), value);
      }
      seen_[n] = seen_[n] || fits || selection.table.empty();
      if (fits)
        tests_.push_back(std::move(test));
      else if (!selection.table.empty())
        throw Error(Errc::not_found, fmt::format("the table {} has no such column as --where names", table.name),
                    fmt::format("It has {}.", fmt::join(table.columns, ", ")));
    }
  }

  void on_row(std::string_view line) override {
    if (tests_.empty()) return;
    const auto row = copy_fields(line);
    const auto holds = [&row](const auto& test) {
      return std::all_of(test.begin(), test.end(), [&row](const auto& one) {
        return one.first < row.size() && row[one.first].value_or("") == one.second;
      });
    };
    if (std::any_of(tests_.begin(), tests_.end(), holds)) use_(table_, row);
  }

 private:
  std::span<const Selection> selections_;
  const std::function<void(const DumpedTable&, const ExtractedRow&)>& use_;
  std::vector<bool> seen_;
  DumpedTable table_;
  std::vector<std::vector<std::pair<std::size_t, std::string_view>>> tests_;
};

}  // namespace

void extract_rows(Source& dump, std::span<const Selection> selections,
                  const std::function<void(const DumpedTable&, const ExtractedRow&)>& use) {
  Extractor extractor{selections, use};
  pump(dump, [&](std::span<const std::byte> bytes) { extractor.add(bytes); });
  extractor.finish();
  extractor.require_all_seen();
}

}  // namespace visitor::archive
