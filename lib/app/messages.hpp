#pragma once

#include "app/work.hpp"
#include "notify/message.hpp"
#include "store/alerts.hpp"

namespace visitor::app {

/// Everything that a recipient reads: what the database knows now, in his language, with the times of the site.
///
/// A message that stands for many lists what it stands for; where that is one alert only, it is that one's message. The
/// photo is what the terminal took of the event that raised the incident, else the guest's, where there is one. News of
/// an incident bring the first message about it to the same recipient up to date.
notify::Message compose(const Work& work, const store::DueDelivery& due);

}  // namespace visitor::app
