-- Who is told: what an alert is about beside its incident and visit, and what one message tells instead of many.
ALTER TABLE alert
    ADD COLUMN site_id  bigint      REFERENCES site,
    -- Figures that the message needs and that do not change any more.
    ADD COLUMN details  jsonb       NOT NULL DEFAULT '{}',
    -- Of what is told once at most: 'guest_arrived/visit:17'.
    ADD COLUMN once_key text        CHECK (once_key <> ''),
    -- The first of the messages that one is a part of: a later one brings it up to date.
    ADD COLUMN follows  bigint      REFERENCES alert,
    -- When it is to be decided who gets it; NULL: that has been decided.
    ADD COLUMN route_at timestamptz;
CREATE UNIQUE INDEX alert_once ON alert (once_key);
CREATE INDEX alert_route ON alert (route_at, id) WHERE route_at IS NOT NULL;
CREATE INDEX alert_follows ON alert (follows) WHERE follows IS NOT NULL;

-- The alert whose message tells a withheld one, too.
ALTER TABLE delivery ADD COLUMN told_by bigint REFERENCES alert;
CREATE INDEX delivery_told_by ON delivery (told_by) WHERE told_by IS NOT NULL;

-- The route that led to the recipient: its messages are counted by it.
ALTER TABLE delivery ADD COLUMN route text NOT NULL DEFAULT '';
CREATE INDEX delivery_route ON delivery (route, due_at) WHERE route <> '';

-- Whoever routes hears of new alerts when they are committed.
CREATE FUNCTION alert_heard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('visitor_alert', '');
    RETURN NULL;
END $$;
CREATE TRIGGER alert_heard AFTER INSERT ON alert FOR EACH ROW WHEN (NEW.route_at IS NOT NULL)
    EXECUTE FUNCTION alert_heard();

-- What people switched off for a while. What is not said means all.
CREATE TABLE silence (
    id            bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    types         text[]      NOT NULL DEFAULT '{}',
    at_most       text        CHECK (at_most IN ('low', 'medium', 'high', 'critical')),
    site_id       bigint      REFERENCES site,
    department_id bigint      REFERENCES department,
    guest_id      bigint      REFERENCES guest,
    terminal_id   bigint      REFERENCES terminal,
    incident_id   bigint      REFERENCES incident,
    recipient     text        NOT NULL DEFAULT '',
    reason        text        NOT NULL CHECK (reason <> '' AND length(reason) <= 500),
    account_id    bigint      NOT NULL REFERENCES account,
    created_at    timestamptz NOT NULL,
    starts_at     timestamptz NOT NULL,
    ends_at       timestamptz NOT NULL,
    expired_by    bigint      REFERENCES account,
    version       integer     NOT NULL DEFAULT 1,
    CHECK (ends_at >= starts_at)
);
CREATE INDEX silence_ends ON silence (ends_at);
