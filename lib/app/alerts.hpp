#pragma once

#include <span>

#include "app/refold.hpp"
#include "app/work.hpp"
#include "domain/incident.hpp"
#include "domain/routing.hpp"

/// What people are to be told, put down in the transaction of what it tells. Who gets it is decided right after that,
/// by app/alert_routing.hpp; app/dispatch.hpp sends it.
namespace visitor::app {

/// An incident was opened. Where nothing says who is told, everything goes to the log; an incident that became known
/// late is told where a route asks for such.
void queue_alert(const Work& work, const domain::Incident& incident);

/// Somebody has taken an incident on, or it has been seen often: for those who were told of it and want news.
void queue_update(const Work& work, const domain::Incident& incident);
/// An open incident was seen \p times more: an update for the tenth, the hundredth, … sighting.
void queue_sightings(const Work& work, const domain::Incident& incident, int times);
/// It has ended: for those who were told of it and want to know.
void queue_end(const Work& work, const domain::Incident& incident);
/// It is open again: for everybody.
void queue_reopened(const Work& work, const domain::Incident& incident);

/// Guests who came, left or did not come: for their hosts, and routes of that kind, once each. Not where that happened
/// more than [rules] live_window ago (of those who did not come: a day), and not for those presumed to have left.
void queue_guest_news(const Work& work, std::span<const Refolded::Change> changes);

/// Who is told what, as [[recipient]], [[group]], [[route]] and [[escalation]] say, with accounts in the place of
/// groups of users.
domain::Routing routing_of(const Work& work);

/// Channels on which hosts can be told; empty where they are not to be.
std::vector<domain::Channel> host_channels(const config::Settings& settings);

}  // namespace visitor::app
