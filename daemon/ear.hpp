#pragma once

#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "db/listener.hpp"

namespace visitor::daemon {

/// Hears NOTIFY for a loop, on a thread and a connection of its own.
///
/// It only makes things faster: whoever listens looks by itself from time to time, too.
class Ear {
 public:
  /// \param hear  called on the thread with what was heard, and after each (re)connection, when something may have been
  ///              missed; throws nothing
  Ear(db::ConnectionOptions options, std::vector<std::string> channels, std::function<void(const db::Heard&)> hear);

 private:
  std::jthread thread_;
};

}  // namespace visitor::daemon
