-- Badges that were printed or handed out, one row for each time. The token on it names a row by token_id; the key that
-- signs it follows from the master key.
CREATE TABLE badge (
    id         bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    visit_id   bigint      NOT NULL REFERENCES visit,
    print      integer     NOT NULL CHECK (print >= 1),
    token_id   bytea       NOT NULL UNIQUE CHECK (length(token_id) = 16),
    format     text        NOT NULL CHECK (format IN ('pdf', 'png', 'zpl')),
    printer    text        NOT NULL CHECK (length(printer) <= 127),
    account_id bigint      REFERENCES account,
    printed_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL CHECK (expires_at > printed_at),
    state      text        NOT NULL CHECK (state IN ('queued', 'sent', 'completed', 'failed')),
    state_at   timestamptz NOT NULL,
    queue_job  text        NOT NULL DEFAULT '' CHECK (length(queue_job) <= 200),
    problem    text        NOT NULL DEFAULT '' CHECK (length(problem) <= 500),
    held_until timestamptz NOT NULL,
    UNIQUE (visit_id, print),
    CHECK (printer <> '' OR state = 'completed'),
    CHECK (state <> 'queued' OR queue_job = ''),
    CHECK ((state = 'failed') = (problem <> ''))
);
CREATE INDEX badge_under_way ON badge (id) WHERE state IN ('queued', 'sent');
