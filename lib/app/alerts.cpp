#include "app/alerts.hpp"

#include "store/alerts.hpp"

namespace visitor::app {

AlertId queue_alert(const Work& work, const domain::Incident& incident) {
  domain::Alert alert;
  alert.kind = domain::AlertKind::incident_opened;
  alert.severity = incident.severity;
  alert.incident = incident.id;
  alert.visit = incident.visit;
  alert.summary = incident.summary;
  alert.created_at = work.now;
  const store::Address log{domain::Channel::log, ""};
  return store::Alerts{work.tx}.queue(alert, std::span{&log, 1});
}

}  // namespace visitor::app
