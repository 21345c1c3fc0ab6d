#pragma once

#include <memory_resource>
#include <string_view>

#include "hikvision/document.hpp"

namespace visitor::hikvision {

/// The memory of one Document: nodes and texts are carved from it and go together.
class Arena {
 public:
  explicit Arena(std::size_t first_block) : pool_(first_block) {}

  Node* node() { return new (pool_.allocate(sizeof(Node), alignof(Node))) Node{}; }
  char* bytes(std::size_t count) { return static_cast<char*>(pool_.allocate(count, 1)); }
  std::string_view copy(std::string_view text);

 private:
  std::pmr::monotonic_buffer_resource pool_;
};

/// Why and where a body could not be read.
struct ParseFailure {
  std::string reason;
  std::size_t offset = 0;
};

/// The tree of \p body, whose bytes must outlive it: texts without escapes point into it. Nothing, with \p failure
/// filled, if it is not JSON within the limits.
const Node* parse_json(std::string_view body, const DocumentLimits& limits, Arena& arena, ParseFailure& failure);
const Node* parse_xml(std::string_view body, const DocumentLimits& limits, Arena& arena, ParseFailure& failure);

/// What to make of a lone byte above 0x7F that stands before a backslash. In GBK the backslash is the second half of a
/// character; in Latin-1 it starts an escape. The reader tries one and then the other.
enum class Backslash : std::uint8_t { starts_an_escape, belongs_to_the_byte_before };

/// \p body with what is wrong inside JSON strings put right: bytes that are not UTF-8, raw control characters, lone
/// surrogates and escapes that do not exist.
std::string repair_json(std::string_view body, Backslash backslash);

}  // namespace visitor::hikvision
