-- Reports that are made by themselves, as [[report]] in visitor.toml says: what has been taken up of each, how each
-- making went, and where its file has gone.

-- The moments up to taken_until at which the report was due have been taken up, or lie before it was known as it is.
CREATE TABLE report_schedule (
    name        text        PRIMARY KEY CHECK (name <> ''),
    schedule    text        NOT NULL,
    taken_until timestamptz NOT NULL
);

CREATE TABLE report_run (
    id          bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name        text        NOT NULL CHECK (name <> ''),
    how         text        NOT NULL CHECK (how IN ('person', 'schedule')),
    due_at      timestamptz NOT NULL,
    created_at  timestamptz NOT NULL,
    state       text        NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'done', 'failed')),
    attempts    integer     NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    next_try_at timestamptz NOT NULL,
    started_at  timestamptz,  -- of the last attempt
    ended_at    timestamptz,
    -- What went wrong last; empty: nothing.
    message     text        NOT NULL DEFAULT '',
    -- Of what the last attempt made.
    file        text        NOT NULL DEFAULT '',
    row_count   bigint      NOT NULL DEFAULT 0 CHECK (row_count >= 0),
    bytes       bigint      NOT NULL DEFAULT 0 CHECK (bytes >= 0),
    sha256      text        NOT NULL DEFAULT '',
    CHECK ((state = 'waiting') = (ended_at IS NULL))
);
CREATE INDEX report_run_name ON report_run (name, id);
CREATE INDEX report_run_waiting ON report_run (next_try_at) WHERE state = 'waiting';

CREATE TABLE report_delivery (
    id       bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    run_id   bigint      NOT NULL REFERENCES report_run ON DELETE CASCADE,
    -- An address, or "file:///…", "s3://…".
    place    text        NOT NULL CHECK (place <> ''),
    state    text        NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'sent', 'failed')),
    attempts integer     NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    -- An attempt may have arrived without our knowing.
    in_doubt boolean     NOT NULL DEFAULT false,
    ended_at timestamptz,
    -- What went wrong last, or what the other side said.
    message  text        NOT NULL DEFAULT '',
    UNIQUE (run_id, place),
    CHECK ((state = 'waiting') = (ended_at IS NULL))
);
