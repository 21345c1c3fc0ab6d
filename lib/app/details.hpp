#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/ids.hpp"
#include "core/instant.hpp"

namespace visitor::app {

/// The JSON object of an audit row, member by member in the order given. Identifiers, words and times; no secrets and
/// no contents of documents.
class Details {
 public:
  Details& add(std::string_view key, std::string_view text);
  Details& add(std::string_view key, const char* text) { return add(key, std::string_view{text}); }
  Details& add(std::string_view key, std::int64_t number);
  Details& add(std::string_view key, bool value);
  Details& add(std::string_view key, Instant instant);
  template <class Tag>
  Details& add(std::string_view key, Id<Tag> id) {
    return add(key, id.value);
  }

  std::string json() const;

 private:
  Details& put(std::string_view key, std::string_view value);
  std::string members_;
};

}  // namespace visitor::app
