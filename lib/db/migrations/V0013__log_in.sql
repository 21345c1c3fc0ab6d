-- What people and scripts log in with, and what they hold afterwards. No secret is stored as it is: keys of
-- authenticators are sealed with the master key, recovery codes are hashed with a key of it, and tokens of 256 random bits
-- are hashed.

CREATE TABLE totp_device (
    id            bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    account_id    bigint      NOT NULL REFERENCES account,
    secret_sealed bytea       NOT NULL,
    algorithm     text        NOT NULL CHECK (algorithm IN ('SHA1', 'SHA256', 'SHA512')),
    digits        integer     NOT NULL CHECK (digits IN (6, 8)),
    created_at    timestamptz NOT NULL,
    -- Until a code was shown it does not count.
    confirmed_at  timestamptz,
    -- The newest step whose code was taken: that one and all older are spent.
    last_step     bigint      NOT NULL DEFAULT 0 CHECK (last_step >= 0),
    last_used_at  timestamptz,
    last_drift    integer     NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX totp_device_confirmed ON totp_device (account_id) WHERE confirmed_at IS NOT NULL;
CREATE UNIQUE INDEX totp_device_pending ON totp_device (account_id) WHERE confirmed_at IS NULL;

-- A spent step stays spent.
CREATE FUNCTION totp_device_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.last_step < OLD.last_step OR (OLD.confirmed_at IS NOT NULL AND NEW.confirmed_at IS NULL) THEN
        RAISE EXCEPTION 'authenticator %: what is spent stays spent', OLD.id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER totp_device_guard BEFORE UPDATE ON totp_device FOR EACH ROW EXECUTE FUNCTION totp_device_guard();

CREATE TABLE recovery_code (
    account_id bigint      NOT NULL REFERENCES account,
    hash       bytea       NOT NULL CHECK (length(hash) = 32),
    created_at timestamptz NOT NULL,
    used_at    timestamptz,
    PRIMARY KEY (account_id, hash)
);

-- A log-in: the family of all tokens that follow from it. Only the newest pair of them counts.
CREATE TABLE session (
    id             bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    account_id     bigint      NOT NULL REFERENCES account,
    access_hash    bytea       NOT NULL CHECK (length(access_hash) = 32),
    access_until   timestamptz NOT NULL,
    refresh_hash   bytea       NOT NULL CHECK (length(refresh_hash) = 32),
    refresh_until  timestamptz NOT NULL,
    absolute_until timestamptz NOT NULL,
    second_factor  text        NOT NULL CHECK (second_factor IN ('none', 'totp', 'recovery')),
    stepped_up_at  timestamptz,
    created_at     timestamptz NOT NULL,
    last_used_at   timestamptz NOT NULL,
    address        text        NOT NULL DEFAULT '' CHECK (length(address) <= 100),
    agent          text        NOT NULL DEFAULT '' CHECK (length(agent) <= 300),
    ended_at       timestamptz,
    ended_how      text        CHECK (ended_how IN ('logout', 'revoked', 'reused', 'password', 'disabled')),
    CHECK ((ended_at IS NULL) = (ended_how IS NULL)),
    CHECK ((second_factor = 'none') = (stepped_up_at IS NULL))
);
CREATE UNIQUE INDEX session_access ON session (access_hash);
CREATE UNIQUE INDEX session_refresh ON session (refresh_hash);
CREATE INDEX session_account ON session (account_id, created_at);
CREATE INDEX session_over ON session (absolute_until);

-- Whoever shows one of these has a copy of what somebody else has used.
CREATE TABLE spent_refresh (
    hash       bytea  PRIMARY KEY CHECK (length(hash) = 32),
    session_id bigint NOT NULL REFERENCES session ON DELETE CASCADE
);
CREATE INDEX spent_refresh_session ON spent_refresh (session_id);

CREATE TABLE api_key (
    id             bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    account_id     bigint      NOT NULL REFERENCES account,
    name           text        NOT NULL CHECK (name <> '' AND length(name) <= 100),
    hash           bytea       NOT NULL CHECK (length(hash) = 32),
    permissions    text[]      NOT NULL CHECK (cardinality(permissions) > 0),
    networks       cidr[]      NOT NULL DEFAULT '{}',
    created_by     bigint      REFERENCES account,
    created_at     timestamptz NOT NULL,
    expires_at     timestamptz CHECK (expires_at > created_at),
    revoked_at     timestamptz,
    revoked_by     bigint      REFERENCES account,
    last_used_at   timestamptz,
    last_used_from text        NOT NULL DEFAULT '' CHECK (length(last_used_from) <= 100)
);
CREATE UNIQUE INDEX api_key_hash ON api_key (hash);
CREATE UNIQUE INDEX api_key_name ON api_key (account_id, lower(name)) WHERE revoked_at IS NULL;

-- Which of its permissions a key has really needed, to the hour.
CREATE TABLE api_key_use (
    api_key_id    bigint      NOT NULL REFERENCES api_key,
    permission    text        NOT NULL,
    first_used_at timestamptz NOT NULL,
    last_used_at  timestamptz NOT NULL,
    PRIMARY KEY (api_key_id, permission)
);

-- How many tries were made at logging in, per window: by one network at one account (pair), by a network, at an account
-- from networks that it was never logged in from, with codes after the right password, and in all. The key is a keyed hash:
-- people type passwords where logins belong.
CREATE TABLE login_budget (
    kind       text        NOT NULL CHECK (kind IN ('pair', 'network', 'account', 'code', 'overall')),
    key        bytea       NOT NULL,
    login      bytea,  -- the keyed hash of the login, where it is about one
    started_at timestamptz NOT NULL,
    tries      integer     NOT NULL CHECK (tries >= 0),
    PRIMARY KEY (kind, key)
);
CREATE INDEX login_budget_login ON login_budget (login) WHERE login IS NOT NULL;
CREATE INDEX login_budget_started ON login_budget (started_at);

-- Networks and devices that an account was logged in from: what strangers do elsewhere does not hinder those.
CREATE TABLE known_source (
    account_id   bigint      NOT NULL REFERENCES account,
    hash         bytea       NOT NULL CHECK (length(hash) = 32),
    last_good_at timestamptz NOT NULL,
    PRIMARY KEY (account_id, hash)
);
CREATE INDEX known_source_good ON known_source (last_good_at);

-- A role for a while: what two administrators gave in an emergency.
ALTER TABLE role_grant ADD COLUMN ends_at timestamptz;

CREATE TABLE break_glass (
    id         bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    account_id bigint      NOT NULL REFERENCES account,
    first_by   bigint      NOT NULL REFERENCES account,
    second_by  bigint      NOT NULL REFERENCES account,
    reason     text        NOT NULL CHECK (reason <> '' AND length(reason) <= 500),
    opened_at  timestamptz NOT NULL,
    ends_at    timestamptz NOT NULL,
    closed_at  timestamptz,
    closed_by  bigint      REFERENCES account,
    CHECK (first_by <> second_by),
    CHECK (ends_at > opened_at)
);
CREATE INDEX break_glass_account ON break_glass (account_id);
