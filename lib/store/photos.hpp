#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "db/transaction.hpp"
#include "domain/photo.hpp"

namespace visitor::store {

/// A photo without its picture.
struct PhotoListed {
  GuestId guest;
  domain::PhotoInfo info;
  std::string login;  ///< of who stored it; empty where there is none
  Instant stored_at;
};

/// One photo per guest.
class Photos {
 public:
  explicit Photos(db::Transaction& tx) : tx_(tx) {}

  /// In place of the one that is there.
  void set(GuestId guest, const domain::PhotoInfo& info, std::span<const std::byte> picture, AccountId account,
           Instant now);
  std::optional<PhotoListed> find(GuestId guest);
  std::optional<std::vector<std::byte>> picture(GuestId guest);
  /// \returns whether there was one
  bool remove(GuestId guest);

 private:
  db::Transaction& tx_;
};

}  // namespace visitor::store
