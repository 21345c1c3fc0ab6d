#pragma once

#include <string>

#include "notify/message.hpp"

namespace visitor::notify {

/// What a receiver tells a repetition by: the same at every attempt of one delivery, and another for everything else,
/// also where a database was restored or two installations tell the same receiver. "17-23-1732333990123456": the alert,
/// the delivery, and when the alert came up.
std::string delivery_key(const Message& message);

}  // namespace visitor::notify
