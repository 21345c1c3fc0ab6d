-- What [rules] says otherwise at one site: the name of the option and its value as visitor.toml would write it.
CREATE TABLE site_rule (
    id         bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    site_id    bigint      NOT NULL REFERENCES site ON DELETE CASCADE,
    key        text        NOT NULL CHECK (key ~ '^[a-z_]{1,60}$'),
    value      text        NOT NULL CHECK (length(value) <= 500),
    changed_at timestamptz NOT NULL,
    version    integer     NOT NULL DEFAULT 1,
    UNIQUE (site_id, key)
);

-- Each page of events asks whether one of its guests is blocked.
CREATE INDEX guest_blocked ON guest (id) WHERE blocked_reason IS NOT NULL;

-- Since when the rule clock_drift finds it off: the offset alone does not say.
ALTER TABLE terminal ADD COLUMN clock_wrong_since timestamptz;
