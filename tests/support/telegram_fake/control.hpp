#pragma once

#include <string>
#include <utility>

#include "support/visitor_sim_transport.hpp"

namespace visitor::telegram_fake {

class Server;

/// Answers what programs steer a fake with: status and body, JSON in and out.
///
/// | request                | does                                                                              |
/// |------------------------|-----------------------------------------------------------------------------------|
/// | POST /control/chat     | {"id", "name", "blocked", "moved_to", "frozen"}: adds or changes a chat; frozen: no |
/// |                        | message of it can be edited any more                                              |
/// | GET /control/chat?id=N | what that chat shows: [{"id", "date", "text", "html", "photo", "reply_to",        |
/// |                        | "edits", "buttons": [{"text", "data"}]}]; date: when it came, in Unix time        |
/// | GET /control/chats     | the ids of all chats, with how many messages each got                             |
/// | POST /control/press    | {"chat", "message", "user", "name", and "label" or "data"}: presses a button of a |
/// |                        | message, by default of the newest that has one                                    |
/// | POST /control/say      | {"chat", "user", "name", "text"}                                                  |
/// | POST /control/fault    | {"kind", "method", "code", "description", "retry_after", "count"}                 |
/// | POST /control/limits   | {"on"}                                                                            |
/// | GET /control/answers   | how presses were answered: [{"text", "alert"}]                                    |
/// | GET /control/webhook   | where updates go, and with which secret: {"url", "secret"}; empty without one      |
/// | GET /control/calls     | every call: [{"method", "chat", "code"}]                                          |
std::pair<int, std::string> control(Server& fake, const sim::HttpRequest& request);

}  // namespace visitor::telegram_fake
