-- Telegram: what people press and write there, and what they are answered.

-- Which update comes next, and which daemon asks for them.
CREATE TABLE telegram_bot (
    bot_id      bigint      PRIMARY KEY,
    next_update bigint      NOT NULL DEFAULT 0 CHECK (next_update >= 0),  -- 0: none has come yet
    taken_at    timestamptz,                                              -- when the last one came
    holder      text,
    held_until  timestamptz,
    CHECK ((holder IS NULL) = (held_until IS NULL))
);

-- Updates that have been dealt with, each in the transaction of what it did. Telegram repeats what it thinks was not taken.
CREATE TABLE telegram_update (
    bot_id    bigint      NOT NULL,
    update_id bigint      NOT NULL,
    taken_at  timestamptz NOT NULL,
    PRIMARY KEY (bot_id, update_id)
);
CREATE INDEX telegram_update_taken ON telegram_update (taken_at);

-- What people call themselves there; account telegram:<person>.
CREATE TABLE telegram_person (
    person_id  bigint      PRIMARY KEY,
    account_id bigint      NOT NULL REFERENCES account,
    name       text        NOT NULL CHECK (length(name) <= 300)
);

-- Buttons that were pressed. Each counts once.
CREATE TABLE telegram_press (
    data        text        PRIMARY KEY,
    incident_id bigint      NOT NULL REFERENCES incident,
    person_id   bigint      NOT NULL REFERENCES telegram_person,
    pressed_at  timestamptz NOT NULL
);
CREATE INDEX telegram_press_incident ON telegram_press (incident_id);

-- What is to be said because of an update; goes when Telegram has it.
CREATE TABLE telegram_reply (
    id          bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    bot_id      bigint      NOT NULL,
    kind        text        NOT NULL CHECK (kind IN ('press', 'message', 'incident')),
    query       text        NOT NULL DEFAULT '',  -- press: which one is answered
    in_window   boolean     NOT NULL DEFAULT false,
    chat        text        NOT NULL DEFAULT '',
    place       text        NOT NULL DEFAULT '',  -- message: what it answers; incident: what is brought up to date
    incident_id bigint      REFERENCES incident,
    subject     text        NOT NULL DEFAULT '',
    body        text        NOT NULL DEFAULT '',
    progress    text        NOT NULL DEFAULT '',
    language    text        NOT NULL CHECK (language IN ('en', 'ru')),
    created_at  timestamptz NOT NULL,
    not_before  timestamptz NOT NULL
);
CREATE INDEX telegram_reply_due ON telegram_reply (bot_id, not_before, id);
