-- How the archive of the write-ahead log is, as whoever keeps it last saw it. What it holds is said by the archive.
CREATE TABLE wal_archive (
    id            smallint    PRIMARY KEY CHECK (id = 1),
    looked_at     timestamptz NOT NULL,
    -- From here on nothing is missing: the replication slot was made then.
    chain_from    timestamptz NOT NULL,
    -- Every commit up to then is in the archive.
    reaches       timestamptz,
    -- The earliest moment that can be restored, and when the newest base backup of this chain was complete.
    oldest_at     timestamptz,
    base_at       timestamptz,
    bytes         bigint      NOT NULL DEFAULT 0 CHECK (bytes >= 0),         -- of the archive
    free_bytes    bigint      NOT NULL DEFAULT 0 CHECK (free_bytes >= 0),    -- of its disk
    disk_bytes    bigint      NOT NULL DEFAULT 0 CHECK (disk_bytes >= 0),
    behind_bytes  bigint      NOT NULL DEFAULT 0 CHECK (behind_bytes >= 0),  -- of the log that waits for it
    failing_since timestamptz,
    failure       text        NOT NULL DEFAULT '',
    -- A segment that is missing between others; empty: none.
    gap           text        NOT NULL DEFAULT '',
    gap_since     timestamptz,
    low_since     timestamptz,  -- less of the disk is free than is wanted
    behind_since  timestamptz,  -- half of what may wait does
    CHECK ((failing_since IS NULL) = (failure = '')),
    CHECK ((gap_since IS NULL) = (gap = ''))
);
