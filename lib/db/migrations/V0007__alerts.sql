-- Alerts that arrive: more kinds, channels and states.
ALTER TABLE alert DROP CONSTRAINT alert_kind_check;
ALTER TABLE alert ADD CONSTRAINT alert_kind_check CHECK (kind IN
    ('incident_opened', 'incident_updated', 'incident_ended', 'incident_escalated', 'guest_arrived', 'guest_left',
     'guest_no_show', 'storm', 'daily_summary', 'weekly_report', 'test', 'canary'));

ALTER TABLE delivery DROP CONSTRAINT delivery_channel_check;
ALTER TABLE delivery ADD CONSTRAINT delivery_channel_check CHECK (channel IN
    ('log', 'telegram', 'email', 'webhook', 'exec'));
ALTER TABLE delivery DROP CONSTRAINT delivery_state_check;
ALTER TABLE delivery ADD CONSTRAINT delivery_state_check CHECK (state IN
    ('waiting', 'sending', 'sent', 'failed', 'withheld'));
