#pragma once

#include <string>

#include "notify/message.hpp"

namespace visitor::notify {

/// \p message as the JSON object that webhooks and programs get, in one line of UTF-8. What is not well-formed in a
/// text is U+FFFD; everything else is there as it was. The photo is not.
///
/// Members are added, and never change their meaning; "version" grows where that cannot be kept:
///
/// | member            | value                                                                            |
/// |-------------------|----------------------------------------------------------------------------------|
/// | version           | 1                                                                                |
/// | event_id          | the same at every attempt: what a receiver tells a repetition by                 |
/// | kind              | "incident_opened", "incident_ended", "guest_arrived", "test", ...                |
/// | severity          | "low", "medium", "high" or "critical"                                            |
/// | created_at        | RFC 3339, UTC                                                                    |
/// | alert             | number of the alert                                                              |
/// | incident, visit   | their numbers, or null                                                           |
/// | incident_type     | "long_stay", ..., or null                                                        |
/// | late              | whether it had happened long before it became known                              |
/// | possibly_repeated | whether an earlier attempt may have arrived                                      |
/// | thread            | the same for everything about one incident, or null                              |
/// | replaces          | the event_id that this one brings up to date, or null                            |
/// | language          | "en" or "ru": of subject, facts and text                                         |
/// | subject, text     | for people; text may have lines                                                  |
/// | facts             | array of {"label", "value"}, in the order of reading                             |
/// | link              | where to read on, or null                                                        |
/// | summary           | one English sentence without a person's name                                     |
std::string alert_json(const Message& message);

}  // namespace visitor::notify
