-- For looking back: what happened within a period, and what follows from it.

CREATE INDEX visit_action_happened ON visit_action (happened_at);
CREATE INDEX incident_occurred ON incident (occurred_at);
CREATE INDEX incident_key ON incident (dedupe_key, id);
CREATE INDEX alert_incident ON alert (incident_id) WHERE incident_id IS NOT NULL;
CREATE INDEX alert_visit ON alert (visit_id) WHERE visit_id IS NOT NULL;

-- Whoever mends what does not follow from the facts may set what does, whatever stands there: nobody else is let past
-- the guard.
DROP TRIGGER visit_guard ON visit;
CREATE TRIGGER visit_guard BEFORE UPDATE ON visit FOR EACH ROW
    WHEN (coalesce(current_setting('visitor.replay', true), '') <> 'on') EXECUTE FUNCTION visit_guard();
