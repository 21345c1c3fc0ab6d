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

-- What the row says to whom, why, and how far that has got.
DROP TRIGGER delivery_guard ON delivery;
DROP INDEX delivery_due;
ALTER TABLE delivery
    ADD COLUMN language        text        NOT NULL DEFAULT 'en' CHECK (language IN ('en', 'ru')),
    ADD COLUMN reason          text        NOT NULL DEFAULT '',  -- why this recipient gets it
    ADD COLUMN withheld_reason text        NOT NULL DEFAULT '',
    ADD COLUMN due_at          timestamptz,                      -- not before; its age counts from here
    ADD COLUMN progress        text        NOT NULL DEFAULT '',
    ADD COLUMN claimed_by      text,
    ADD COLUMN claimed_until   timestamptz,
    ADD COLUMN acknowledged_at timestamptz,
    ADD COLUMN acknowledged_by text        NOT NULL DEFAULT '';
UPDATE delivery d SET due_at = a.created_at FROM alert a WHERE a.id = d.alert_id;
ALTER TABLE delivery
    ALTER COLUMN due_at SET NOT NULL,
    ADD CHECK (length(recipient) <= 500),
    ADD CHECK ((state = 'sending') = (claimed_by IS NOT NULL)),
    ADD CHECK ((claimed_by IS NULL) = (claimed_until IS NULL)),
    ADD CHECK ((state = 'withheld') = (withheld_reason <> ''));
-- A sender walks from recipient to recipient; when it may rest it asks for the next that comes due.
CREATE INDEX delivery_waiting ON delivery (channel, recipient, next_attempt_at, id) WHERE state = 'waiting';
CREATE INDEX delivery_next ON delivery (channel, next_attempt_at) WHERE state = 'waiting';
CREATE INDEX delivery_unsettled ON delivery (state, channel, due_at) WHERE state IN ('waiting', 'sending', 'failed');

-- What was sent stays sent. What was given up or withheld goes again only through 'waiting': that is a person's retry. One
-- more way leads out of 'failed': an answer that comes after it was given up says that it did arrive.
CREATE OR REPLACE FUNCTION delivery_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state = OLD.state AND (OLD.state <> 'sent' OR (NEW.sent_at, NEW.provider_id, NEW.channel, NEW.recipient) =
                                                         (OLD.sent_at, OLD.provider_id, OLD.channel, OLD.recipient))
       OR OLD.state IN ('waiting', 'sending')
       OR OLD.state = 'failed' AND NEW.state IN ('waiting', 'sent')
       OR OLD.state = 'withheld' AND NEW.state = 'waiting' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'delivery %: % is final', OLD.id, OLD.state USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER delivery_guard BEFORE UPDATE ON delivery FOR EACH ROW EXECUTE FUNCTION delivery_guard();

-- Whoever sends hears of new rows when they are committed.
CREATE FUNCTION delivery_heard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('visitor_delivery', '');
    RETURN NULL;
END $$;
CREATE TRIGGER delivery_heard AFTER INSERT ON delivery FOR EACH STATEMENT EXECUTE FUNCTION delivery_heard();

-- Each time that a delivery was handed to its channel. "unknown" from the beginning until the answer is written down: where
-- the sender was cut off between, it stays that, and the message may have arrived.
CREATE TABLE delivery_attempt (
    delivery_id bigint      NOT NULL REFERENCES delivery ON DELETE CASCADE,
    number      integer     NOT NULL CHECK (number > 0),
    holder      text        NOT NULL,
    started_at  timestamptz NOT NULL,
    ended_at    timestamptz,
    outcome     text        NOT NULL DEFAULT 'unknown' CHECK (outcome IN ('sent', 'later', 'refused', 'unknown')),
    provider_id text        NOT NULL DEFAULT '',
    reason      text        NOT NULL DEFAULT '',
    PRIMARY KEY (delivery_id, number),
    CHECK (outcome = 'unknown' OR ended_at IS NOT NULL)
);

-- One daemon sends on a channel, so that the channel's pacing holds whatever the number of daemons.
CREATE TABLE channel_lease (
    channel text        PRIMARY KEY,
    holder  text        NOT NULL,
    until   timestamptz NOT NULL
);

-- What the other side said of a recipient, or of the whole channel (an empty recipient): nothing before that.
CREATE TABLE channel_pause (
    channel   text        NOT NULL,
    recipient text        NOT NULL,
    until     timestamptz NOT NULL,
    reason    text        NOT NULL,
    PRIMARY KEY (channel, recipient)
);

-- Where the other side said that a recipient is to be found from now on.
CREATE TABLE channel_move (
    channel   text        NOT NULL,
    recipient text        NOT NULL,
    moved_to  text        NOT NULL CHECK (moved_to <> '' AND length(moved_to) <= 500),
    moved_at  timestamptz NOT NULL,
    PRIMARY KEY (channel, recipient),
    CHECK (moved_to <> recipient)
);
