#include "archive/dump_reader.hpp"

#include <fmt/format.h>
#include <sodium.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "core/error.hpp"

namespace visitor::archive {
namespace {

constexpr std::size_t kMost = std::size_t{64} << 20;
constexpr std::size_t kFirstLook = std::size_t{64} << 10;
constexpr char kBlockData = 1;
constexpr char kBlockObjects = 3;
constexpr std::string_view kMagic = "PGDMP";
constexpr std::string_view kRowKey = "visitor row sum ";
static_assert(kRowKey.size() == crypto_shorthash_siphashx24_KEYBYTES);

[[noreturn]] void damaged(const std::string& how) {
  throw Error(Errc::integrity, "the dump of the database " + how, "Use another copy, or another backup.");
}

/// Reads the head of a dump; says when it has run out of bytes.
class Head {
 public:
  explicit Head(std::string_view bytes) : rest_(bytes) {}

  bool short_of_bytes() const { return short_; }
  std::size_t left() const { return rest_.size(); }
  std::size_t int_bytes = 4;

  std::uint8_t byte() {
    if (rest_.empty()) {
      short_ = true;
      return 0;
    }
    const auto value = static_cast<std::uint8_t>(rest_.front());
    rest_.remove_prefix(1);
    return value;
  }
  long long number() {
    const bool negative = byte() != 0;
    std::uint64_t value = 0;
    for (std::size_t n = 0; n < int_bytes; ++n) value |= std::uint64_t{byte()} << (8 * n);
    const auto positive = static_cast<long long>(value);
    return negative ? -positive : positive;
  }
  std::string text() {
    const auto size = number();
    if (size <= 0 || short_) return {};
    if (static_cast<std::uint64_t>(size) > kMost) damaged("has a table of contents that is none");
    if (static_cast<std::size_t>(size) > rest_.size()) {
      short_ = true;
      return {};
    }
    std::string out{rest_.substr(0, static_cast<std::size_t>(size))};
    rest_.remove_prefix(static_cast<std::size_t>(size));
    return out;
  }
  /// A list of texts that ends with one that is not there.
  void skip_texts() {
    while (!short_) {
      const auto size = number();
      if (size < 0) return;
      if (static_cast<std::size_t>(size) > rest_.size())
        short_ = true;
      else
        rest_.remove_prefix(static_cast<std::size_t>(size));
    }
  }
  void skip(std::size_t count) {
    if (count > rest_.size())
      short_ = true;
    else
      rest_.remove_prefix(count);
  }

 private:
  std::string_view rest_;
  bool short_ = false;
};

/// "COPY public.visit (id, guest_id, "odd name") FROM stdin;" gives the names between the brackets.
std::vector<std::string> columns_of(std::string_view copy) {
  std::vector<std::string> columns;
  const auto from = copy.find('(');
  const auto to = copy.rfind(") FROM");
  if (from == copy.npos || to == copy.npos || to < from) return columns;
  std::string name;
  bool quoted = false;
  for (const char c : copy.substr(from + 1, to - from - 1)) {
    if (c == '"')
      quoted = !quoted;
    else if (c == ',' && !quoted)
      columns.push_back(std::exchange(name, {}));
    else if (c != ' ' || quoted)
      name += c;
  }
  columns.push_back(name);
  return columns;
}

}  // namespace

DumpReader::DumpReader() : look_again_(kFirstLook) {}

void DumpReader::add(std::span<const std::byte> bytes) {
  std::string_view rest{reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  if (state_ == State::contents) {
    held_ += rest;
    if (held_.size() < look_again_) return;
    if (!read_contents()) {
      look_again_ = held_.size() * 2;
      if (held_.size() > kMost) damaged("has a table of contents that is none");
      return;
    }
    const auto content = std::exchange(held_, {});
    rest = content;
    while (!rest.empty()) rest.remove_prefix(step(rest));
    return;
  }
  while (!rest.empty()) rest.remove_prefix(step(rest));
}

bool DumpReader::read_contents() {
  Head head{held_};
  std::string magic;
  for (std::size_t n = 0; n < kMagic.size(); ++n) magic += static_cast<char>(head.byte());
  const int major = head.byte();
  const int minor = head.byte();
  head.byte();
  head.int_bytes = head.byte();
  const std::size_t offset_bytes = head.byte();
  const int format = head.byte();
  if (head.short_of_bytes()) return false;
  if (magic != kMagic || format != 1 || head.int_bytes < 1 || head.int_bytes > 8 || offset_bytes > 8)
    damaged("does not begin as one");
  if (major != 1 || minor < 12 || minor > 16)
    throw Error(Errc::config,
                fmt::format("pg_dump writes archives of version {}.{}, which we do not know", major, minor),
                "Install the postgresql-client of the server's version.");
  const auto compression = minor >= 15 ? head.byte() : head.number();
  if (compression != 0) damaged("is compressed, which ours never are");
  for (int n = 0; n < 7; ++n) head.number();
  for (int n = 0; n < 3; ++n) head.text();
  const auto count = head.number();
  std::map<long long, Entry> entries;
  for (long long n = 0; n < count && !head.short_of_bytes(); ++n) {
    Entry entry;
    const auto id = head.number();
    const bool has_data = head.number() != 0;
    head.text();
    head.text();
    entry.table.name = head.text();
    const auto what = head.text();
    head.number();
    head.text();
    head.text();
    entry.copy = head.text();
    entry.table.schema = head.text();
    head.text();
    if (minor >= 14) head.text();
    if (minor >= 16) head.number();
    head.text();
    head.text();
    head.skip_texts();
    head.skip(1 + offset_bytes);
    if (!has_data) continue;
    entry.is_table = what == "TABLE DATA";
    entry.table.columns = columns_of(entry.copy);
    entries.emplace(id, std::move(entry));
  }
  if (head.short_of_bytes()) return false;
  entries_ = std::move(entries);
  int_bytes_ = head.int_bytes;
  held_.erase(0, held_.size() - head.left());
  state_ = State::block;
  return true;
}

/// \returns nothing where \p bytes are too few
std::optional<long long> DumpReader::number(std::string_view bytes) const {
  if (bytes.size() < 1 + int_bytes_) return std::nullopt;
  std::uint64_t value = 0;
  for (std::size_t n = 0; n < int_bytes_; ++n)
    value |= std::uint64_t{static_cast<std::uint8_t>(bytes[n + 1])} << (8 * n);
  const auto positive = static_cast<long long>(value);
  return bytes.front() != 0 ? -positive : positive;
}

/// \returns how many of \p bytes were used up; at least one
std::size_t DumpReader::step(std::string_view bytes) {
  if (state_ == State::chunk_bytes || state_ == State::object_bytes) {
    const auto take = static_cast<std::size_t>(std::min<std::uint64_t>(left_, bytes.size()));
    if (state_ == State::chunk_bytes && current_ != nullptr) take_rows(bytes.substr(0, take));
    left_ -= take;
    if (left_ == 0) state_ = state_ == State::chunk_bytes ? State::chunk : State::object_chunk;
    return take;
  }
  // Everything else is a number, after a byte of kind at the beginning of a block.
  const std::size_t want = 1 + int_bytes_ + (state_ == State::block ? 1 : 0);
  std::size_t used = 0;
  std::string_view whole = bytes;
  if (!held_.empty() || bytes.size() < want) {
    used = std::min(want - held_.size(), bytes.size());
    held_ += bytes.substr(0, used);
    if (held_.size() < want) return used;
    whole = held_;
  } else {
    used = want;
  }
  const char kind = whole.front();
  const auto value = *number(state_ == State::block ? whole.substr(1) : whole);
  held_.clear();
  if (state_ != State::block && value < 0) damaged("holds a block that is none");
  switch (state_) {
    case State::block:
      begin_block(kind, value);
      break;
    case State::chunk:
      left_ = static_cast<std::uint64_t>(value);
      if (value > 0) {
        state_ = State::chunk_bytes;
        break;
      }
      if (current_ != nullptr && !rows_ended_) damaged(fmt::format("ends within {}", entry_->table.name));
      state_ = State::block;
      break;
    case State::object:
      state_ = value == 0 ? State::block : State::object_chunk;
      break;
    default:
      left_ = static_cast<std::uint64_t>(value);
      state_ = value > 0 ? State::object_bytes : State::object;
  }
  return used;
}

void DumpReader::begin_block(char kind, long long id) {
  const auto found = entries_.find(id);
  if (found == entries_.end() || found->second.seen || (kind != kBlockData && kind != kBlockObjects))
    damaged("holds a block that is none");
  entry_ = &found->second;
  entry_->seen = true;
  current_ = nullptr;
  line_.clear();
  rows_ended_ = false;
  state_ = kind == kBlockData ? State::chunk : State::object;
  if (!entry_->is_table || kind != kBlockData) return;
  current_ = &sums_[entry_->table.schema + "." + entry_->table.name];
  on_table(entry_->table);
}

void DumpReader::take_rows(std::string_view bytes) {
  while (!bytes.empty() && !rows_ended_) {
    const auto* end = static_cast<const char*>(std::memchr(bytes.data(), '\n', bytes.size()));
    if (end == nullptr) {
      if (line_.size() + bytes.size() > kMost) damaged("holds a row of more than 64 MiB");
      line_ += bytes;
      return;
    }
    const auto size = static_cast<std::size_t>(end - bytes.data());
    if (line_.empty()) {
      take_row(bytes.substr(0, size));
    } else {
      line_ += bytes.substr(0, size);
      take_row(line_);
      line_.clear();
    }
    bytes.remove_prefix(size + 1);
  }
}

void DumpReader::take_row(std::string_view row) {
  if (row == "\\.") {
    rows_ended_ = true;
    return;
  }
  std::array<std::uint64_t, 2> hash{};
  crypto_shorthash_siphashx24(reinterpret_cast<unsigned char*>(hash.data()),
                              reinterpret_cast<const unsigned char*>(row.data()), row.size(),
                              reinterpret_cast<const unsigned char*>(kRowKey.data()));
  ++current_->rows;
  current_->sum[0] += hash[0];
  current_->sum[1] += hash[1] + (current_->sum[0] < hash[0] ? 1 : 0);
  on_row(row);
}

std::vector<TableSum> DumpReader::finish() {
  if (state_ == State::contents) {
    look_again_ = 0;
    add({});
  }
  if (state_ != State::block || !held_.empty()) damaged("ends too early");
  std::vector<TableSum> sums;
  for (const auto& [id, entry] : entries_)
    if (!entry.seen) damaged(fmt::format("lacks the rows of {}", entry.table.name));
  for (const auto& [name, sum] : sums_)
    sums.push_back({name, sum.rows, fmt::format("{:016x}{:016x}", sum.sum[1], sum.sum[0])});
  return sums;
}

std::vector<std::optional<std::string>> copy_fields(std::string_view row) {
  std::vector<std::optional<std::string>> fields;
  for (;;) {
    const auto tab = row.find('\t');
    const auto field = row.substr(0, tab);
    if (field == "\\N") {
      fields.emplace_back();
    } else {
      std::string text;
      for (std::size_t n = 0; n < field.size(); ++n) {
        if (field[n] != '\\' || n + 1 == field.size()) {
          text += field[n];
          continue;
        }
        constexpr std::string_view kLetters = "bfnrtv";
        constexpr std::string_view kMeanings = "\b\f\n\r\t\v";
        const auto letter = kLetters.find(field[++n]);
        text += letter == kLetters.npos ? field[n] : kMeanings[letter];
      }
      fields.emplace_back(std::move(text));
    }
    if (tab == row.npos) return fields;
    row.remove_prefix(tab + 1);
  }
}

std::vector<std::string> differences(std::span<const TableSum> wanted, std::span<const TableSum> found) {
  std::map<std::string_view, const TableSum*> have;
  for (const auto& sum : found) have.emplace(sum.name, &sum);
  std::vector<std::string> lines;
  for (const auto& sum : wanted) {
    const auto same = have.find(sum.name);
    if (same == have.end()) {
      lines.push_back(fmt::format("{} is missing ({} rows)", sum.name, sum.rows));
      continue;
    }
    if (same->second->rows != sum.rows)
      lines.push_back(fmt::format("{}: {} rows instead of {}", sum.name, same->second->rows, sum.rows));
    else if (same->second->sum != sum.sum)
      lines.push_back(fmt::format("{}: as many rows ({}), and other contents", sum.name, sum.rows));
    have.erase(same);
  }
  for (const auto& [name, sum] : have) lines.push_back(fmt::format("{} is new ({} rows)", name, sum->rows));
  return lines;
}

}  // namespace visitor::archive
