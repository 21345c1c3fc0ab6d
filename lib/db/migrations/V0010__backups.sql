-- Backups. What exists is said by the targets; these tables keep what the targets cannot say: how each run went, and
-- which copies were verified and restored when.

CREATE TABLE backup_run (
    id          bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    -- The name of the backup at every target: '20261123T030000Z-k3m9qx'.
    backup      text        NOT NULL UNIQUE CHECK (backup <> ''),
    -- Who asked for it: a person at the command line, or the schedule of whatever program.
    how         text        NOT NULL CHECK (how IN ('person', 'schedule')),
    host        text        NOT NULL DEFAULT '',
    note        text        NOT NULL DEFAULT '' CHECK (length(note) <= 1000),
    state       text        NOT NULL DEFAULT 'running' CHECK (state IN ('running', 'done', 'partial', 'failed')),
    started_at  timestamptz NOT NULL,
    ended_at    timestamptz,
    -- What went wrong, and at which target.
    message     text        NOT NULL DEFAULT '',
    bytes       bigint      NOT NULL DEFAULT 0 CHECK (bytes >= 0),        -- of one copy
    clear_bytes bigint      NOT NULL DEFAULT 0 CHECK (clear_bytes >= 0),  -- of the dump
    row_count   bigint      NOT NULL DEFAULT 0 CHECK (row_count >= 0),
    CHECK ((state = 'running') = (ended_at IS NULL))
);
CREATE INDEX backup_run_started ON backup_run (started_at);

-- One backup at one target, once it was complete there.
CREATE TABLE backup_copy (
    id              bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    backup          text        NOT NULL CHECK (backup <> ''),
    target          text        NOT NULL CHECK (target <> ''),
    started_at      timestamptz NOT NULL,
    ended_at        timestamptz NOT NULL,
    bytes           bigint      NOT NULL CHECK (bytes >= 0),
    checked_at      timestamptz,  -- the last look, whatever came of it
    verified_at     timestamptz,  -- last found whole
    verified_level  text        CHECK (verified_level IN ('quick', 'full', 'restore')),
    restored_at     timestamptz,  -- last restored, for a trial or in earnest
    restore_seconds integer     CHECK (restore_seconds >= 0),
    -- What the last look found wrong; empty: nothing.
    problem         text        NOT NULL DEFAULT '',
    -- Kept whatever the policy says, for this reason; empty: not.
    held_reason     text        NOT NULL DEFAULT '' CHECK (length(held_reason) <= 1000),
    held_by         bigint      REFERENCES account,
    held_at         timestamptz,
    -- Taken away by us.
    removed_at      timestamptz,
    UNIQUE (backup, target),
    CHECK ((verified_at IS NULL) = (verified_level IS NULL))
);
CREATE INDEX backup_copy_started ON backup_copy (started_at);

-- Who could read backups, and when that was last proven with the private half.
CREATE TABLE backup_key (
    public_key text        PRIMARY KEY CHECK (public_key LIKE 'vbk-%'),
    name       text        NOT NULL DEFAULT '' CHECK (length(name) <= 200),
    first_seen timestamptz NOT NULL,
    proven_at  timestamptz
);

-- A restored database does nothing by itself until somebody says so: no job, no alert, no poll. NULL: it works.
ALTER TABLE installation
    ADD COLUMN held_since timestamptz,
    ADD COLUMN held_why   text NOT NULL DEFAULT '';

-- Whether this database may act. Asked wherever work is claimed.
CREATE FUNCTION may_act() RETURNS boolean LANGUAGE sql STABLE AS
$$ SELECT NOT EXISTS (SELECT FROM installation WHERE held_since IS NOT NULL) $$;
