#pragma once

#include <string>
#include <vector>

#include "app/changes.hpp"
#include "app/remote/house.hpp"

/// As in app/changes.hpp, of a house elsewhere.
namespace visitor::app {

ChangeId newest_change(RemoteHouse& house);

/// Hands out each change after a cursor once, in the order of commit.
class RemoteChangeFeed {
 public:
  /// \param topics  any of these; empty: all
  RemoteChangeFeed(ChangeId after, std::vector<std::string> topics) : at_(after), topics_(std::move(topics)) {}

  /// What is new, up to 200 a call; nothing: there is no more for now.
  /// \throws Error partial  some of it is gone; see require_kept()
  std::vector<domain::Change> poll(RemoteHouse& house);

 private:
  ChangeId at_;
  std::vector<std::string> topics_;
};

}  // namespace visitor::app
