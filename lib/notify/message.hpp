#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/ids.hpp"
#include "core/instant.hpp"
#include "domain/alert.hpp"

namespace visitor::notify {

/// A labelled line: "Guest", "Anna Petrova".
struct Fact {
  std::string label;
  std::string value;
};

/// A picture of the event.
struct Photo {
  std::string content_type;  ///< "image/jpeg" or "image/png"
  std::string bytes;
};

/// What a recipient can do with one press, where the channel has buttons.
struct Button {
  std::string label;
  std::string data;  ///< 1 to 64 bytes, opaque: comes back when it is pressed
};

/// One alert on its way to one recipient, in his language and with the times of the site.
///
/// Every text is plain UTF-8 as people gave it, which may hold anything: a channel escapes, folds and splits it as its
/// format needs, and loses nothing.
struct Message {
  AlertId alert;
  DeliveryId delivery;    ///< the same at every attempt, so that a receiver can tell a repetition
  std::string recipient;  ///< chat id, address, name of the webhook or program; empty where the channel has only one
  domain::Language language = domain::Language::english;
  domain::AlertKind kind = domain::AlertKind::incident_opened;
  domain::Severity severity = domain::Severity::medium;
  std::optional<domain::IncidentType> incident_type = {};
  std::optional<IncidentId> incident = {};
  std::optional<VisitId> visit = {};
  Instant created_at;
  bool late = false;               ///< of something that had happened long before it became known
  bool possibly_repeated = false;  ///< an earlier attempt may have arrived: it was cut off between sending and marking

  std::string subject;       ///< one line: "Security Alert: Long stay"
  std::vector<Fact> facts;   ///< in the order of reading
  std::string text = {};     ///< description; any length, may have lines
  std::string link = {};     ///< where to read on; may be empty
  std::string summary = {};  ///< one English sentence without a person's name, for logs

  std::optional<Photo> photo = {};
  std::vector<std::vector<Button>> buttons = {};  ///< rows of them
  /// The conversation that the message belongs to, "incident-42"; empty: none.
  std::string thread = {};
  /// What the channel called the message that this one brings up to date. A channel that can edit does that; one that
  /// cannot answers to it.
  std::string replaces = {};
  std::string progress = {};  ///< what an earlier attempt got done, as RetryAfter::progress said
};

}  // namespace visitor::notify
