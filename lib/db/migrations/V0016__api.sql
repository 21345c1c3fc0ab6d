-- What was answered to requests with an Idempotency-Key: whoever repeats one gets the same answer, and nothing is done
-- twice. Written in the transaction of what was done.
CREATE TABLE api_reply (
    account_id   bigint      NOT NULL REFERENCES account ON DELETE CASCADE,
    key          text        NOT NULL CHECK (length(key) BETWEEN 1 AND 255),
    request_hash text        NOT NULL,
    status       integer     NOT NULL CHECK (status BETWEEN 100 AND 599),
    body         text        NOT NULL,
    version      integer,
    location     text        NOT NULL,
    created_at   timestamptz NOT NULL,
    PRIMARY KEY (account_id, key)
);
CREATE INDEX api_reply_created ON api_reply (created_at);

-- Who is editing what. A lock that is over stays until somebody takes the next one; its token is never given again, so
-- that whoever comes late with an old one is known.
CREATE SEQUENCE edit_lock_token;
CREATE TABLE edit_lock (
    topic      text        NOT NULL CHECK (topic IN ('visit', 'guest', 'incident')),
    entity_id  bigint      NOT NULL,
    token      bigint      NOT NULL UNIQUE,
    account_id bigint      NOT NULL REFERENCES account ON DELETE CASCADE,
    taken_at   timestamptz NOT NULL,
    ends_at    timestamptz NOT NULL,
    PRIMARY KEY (topic, entity_id)
);
CREATE INDEX edit_lock_ends ON edit_lock (ends_at);

-- What somebody has to say about an incident stands in its history.
ALTER TABLE incident_history DROP CONSTRAINT incident_history_what_check;
ALTER TABLE incident_history ADD CONSTRAINT incident_history_what_check
    CHECK (what IN ('opened', 'assigned', 'commented', 'resolved', 'false_alarm', 'reopened'));
