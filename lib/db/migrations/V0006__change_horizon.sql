-- The feed is trimmed from its old end. What was trimmed is remembered, so that whoever resumes can be told what is gone
-- also where the table is empty, and so that the newest cursor never goes back.
CREATE TABLE change_horizon (
    id         smallint    PRIMARY KEY DEFAULT 1 CHECK (id = 1),
    cursor     bigint      NOT NULL CHECK (cursor >= 0),  -- everything up to here may be gone
    kept_since timestamptz                                -- what was made from here on is there; NULL: everything is
);
INSERT INTO change_horizon (cursor) VALUES (0);

-- A change of topic "event" says up to which event a terminal's page reaches; the one before says where it begins.
CREATE INDEX change_event ON change (entity_id, id) WHERE topic = 'event';
