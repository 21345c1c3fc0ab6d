#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace visitor::archive {

/// How many rows a table has, and a sum that does not depend on their order: of SipHash-2-4-128 over each row as COPY
/// writes it, modulo 2^128. Against mistakes; against people there are the encryption and the signature.
struct TableSum {
  std::string name;  ///< "public.visit"
  std::int64_t rows = 0;
  std::string sum;  ///< 32 hexadecimal digits

  bool operator==(const TableSum&) const = default;
};

/// A table whose rows are in a dump.
struct DumpedTable {
  std::string schema;
  std::string name;
  std::vector<std::string> columns;
};

/// Looks at what pg_dump --format=custom --compress=0 writes while it flows by: which tables it holds, how many rows
/// and which, and whether all of it is there. Constant memory, whatever the size of the dump; 64 MiB for a single row
/// and for the table of contents at most.
///
/// Source: PostgreSQL, src/bin/pg_dump/pg_backup_archiver.c and pg_backup_custom.c; archive versions 1.12 to 1.16
/// (PostgreSQL 10 to 18).
class DumpReader {
 public:
  DumpReader();
  virtual ~DumpReader() = default;
  DumpReader(const DumpReader&) = delete;
  DumpReader& operator=(const DumpReader&) = delete;

  /// The next bytes of the dump.
  /// \throws Error integrity  they are none of a dump, or of one that is compressed
  void add(std::span<const std::byte> bytes);
  /// The end of the dump.
  /// \returns every table with its rows, by name
  /// \throws Error integrity  something is missing
  std::vector<TableSum> finish();

 protected:
  /// The rows of a table begin.
  virtual void on_table(const DumpedTable&) {}
  /// One row as COPY writes it, without its line end.
  virtual void on_row(std::string_view) {}

 private:
  struct Entry {
    DumpedTable table;
    std::string copy;
    bool is_table = false;
    bool seen = false;
  };
  struct Sum {
    std::int64_t rows = 0;
    std::array<std::uint64_t, 2> sum{};
  };
  enum class State : std::uint8_t { contents, block, chunk, chunk_bytes, object, object_chunk, object_bytes };

  bool read_contents();
  std::size_t step(std::string_view bytes);
  std::optional<long long> number(std::string_view bytes) const;
  void begin_block(char kind, long long id);
  void take_rows(std::string_view bytes);
  void take_row(std::string_view row);

  State state_ = State::contents;
  std::string held_;            // of the table of contents, or of a number that came in pieces
  std::size_t look_again_ = 0;  // the contents are parsed when this many bytes are held
  std::size_t int_bytes_ = 0;
  std::map<long long, Entry> entries_;
  Entry* entry_ = nullptr;
  Sum* current_ = nullptr;
  std::map<std::string, Sum> sums_;
  std::string line_;  // the beginning of a row whose end has not come
  bool rows_ended_ = false;
  std::uint64_t left_ = 0;  // of the chunk
};

/// The fields of a row in COPY's text format; NULL is nothing. Source: PostgreSQL manual, COPY, "Text Format".
std::vector<std::optional<std::string>> copy_fields(std::string_view row);

/// What differs between two dumps, a line each: "public.visit: 12 rows instead of 13". Empty where they hold the same.
std::vector<std::string> differences(std::span<const TableSum> wanted, std::span<const TableSum> found);

}  // namespace visitor::archive
