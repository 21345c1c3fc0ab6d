-- Reports that somebody asked for through the API, made by whichever daemon takes them first. Whoever makes one holds
-- it until held_until and says so again and again; claim grows with each who takes it, so that one who comes late
-- changes nothing any more.
CREATE TABLE report_job (
    id             bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    account_id     bigint      NOT NULL REFERENCES account ON DELETE CASCADE,
    api_key_id     bigint      REFERENCES api_key ON DELETE CASCADE,
    source         text        NOT NULL CHECK (length(source) <= 300),
    request        text        NOT NULL CHECK (length(request) <= 100),
    report         text        NOT NULL CHECK (length(report) BETWEEN 1 AND 64),
    format         text        NOT NULL CHECK (format IN ('xlsx', 'pdf', 'csv', 'json', 'jsonl', 'html')),
    file_name      text        NOT NULL CHECK (length(file_name) BETWEEN 1 AND 200),
    wish           jsonb       NOT NULL CHECK (length(wish::text) <= 60000),
    state          text        NOT NULL CHECK (state IN ('queued', 'running', 'done', 'failed')),
    version        integer     NOT NULL DEFAULT 1,
    asked_at       timestamptz NOT NULL,
    started_at     timestamptz,
    ended_at       timestamptz,
    expires_at     timestamptz NOT NULL,
    holder         text        NOT NULL DEFAULT '',
    claim          integer     NOT NULL DEFAULT 0,
    tries          integer     NOT NULL DEFAULT 0,
    held_until     timestamptz NOT NULL,
    row_count      bigint      NOT NULL DEFAULT 0,
    expected_count bigint,
    bytes          bigint,
    sha256         text        NOT NULL DEFAULT '',
    rights         text        NOT NULL DEFAULT '',
    outcome        jsonb       NOT NULL DEFAULT '{}',
    manifest       text        NOT NULL DEFAULT '',
    problem        text        NOT NULL DEFAULT '' CHECK (length(problem) <= 1000),
    CHECK ((state IN ('done', 'failed')) = (ended_at IS NOT NULL)),
    CHECK ((state = 'failed') = (problem <> '')),
    CHECK ((state = 'done') = (bytes IS NOT NULL)),
    CHECK ((state = 'done') = (sha256 <> '')),
    CHECK ((state = 'done') = (manifest <> ''))
);
CREATE INDEX report_job_account ON report_job (account_id, id);
CREATE INDEX report_job_under_way ON report_job (id) WHERE state IN ('queued', 'running');
CREATE INDEX report_job_expires ON report_job (expires_at);

-- Their files in pieces, sealed with the master key: a file may hold what is sealed elsewhere. Pieces of a claim that
-- was lost go when another one is done.
CREATE TABLE report_chunk (
    job_id  bigint  NOT NULL REFERENCES report_job ON DELETE CASCADE,
    claim   integer NOT NULL,
    number  integer NOT NULL CHECK (number >= 0),
    content bytea   NOT NULL,
    PRIMARY KEY (job_id, claim, number)
);
-- Sealed bytes do not get smaller.
ALTER TABLE report_chunk ALTER content SET STORAGE EXTERNAL;
