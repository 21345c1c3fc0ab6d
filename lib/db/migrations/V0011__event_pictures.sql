-- What terminals took of events that raised incidents. Fetched at once: a terminal forgets the oldest ones.
CREATE TABLE event_picture (
    terminal_id bigint      NOT NULL REFERENCES terminal,
    epoch       integer     NOT NULL,
    serial      bigint      NOT NULL,
    occurred_at timestamptz NOT NULL,
    major       integer     NOT NULL,
    minor       integer     NOT NULL,
    picture     bytea       NOT NULL CHECK (length(picture) BETWEEN 4 AND 2097152 AND substr(picture, 1, 3) = '\xffd8ff'),
    stored_at   timestamptz NOT NULL,
    PRIMARY KEY (terminal_id, serial, occurred_at, major, minor, epoch)
);
-- A picture is compressed already.
ALTER TABLE event_picture ALTER COLUMN picture SET STORAGE EXTERNAL;
