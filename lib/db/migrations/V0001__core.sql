-- The first schema: everything from a site to an alert. Every enum is a CHECK with the words of lib/domain; times are
-- timestamptz in UTC; nothing is deleted that an audit row speaks of.

-- One row. The fingerprint tells a wrong master key before anything is sealed with it.
CREATE TABLE installation (
    id                     smallint    PRIMARY KEY DEFAULT 1 CHECK (id = 1),
    master_key_fingerprint bytea       NOT NULL,
    created_at             timestamptz NOT NULL
);

CREATE TABLE site (
    id            bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name          text        NOT NULL CHECK (name <> '' AND length(name) <= 200),
    time_zone     text        NOT NULL CHECK (time_zone <> ''),
    country_code  text        NOT NULL DEFAULT '' CHECK (country_code ~ '^([1-9][0-9]{0,3})?$'),
    -- ISO weekday numbers (1 Monday … 7 Sunday) on which the site is closed.
    days_off      smallint[]  NOT NULL DEFAULT '{6,7}' CHECK (days_off <@ '{1,2,3,4,5,6,7}'::smallint[]),
    created_at    timestamptz NOT NULL
);
CREATE UNIQUE INDEX site_name ON site (lower(name));

CREATE TABLE department (
    id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    site_id  bigint NOT NULL REFERENCES site,
    name     text   NOT NULL CHECK (name <> '' AND length(name) <= 200),
    director text   NOT NULL DEFAULT ''
);
CREATE UNIQUE INDEX department_name ON department (site_id, lower(name));

CREATE TABLE host (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    department_id bigint NOT NULL REFERENCES department,
    name          text   NOT NULL CHECK (name <> '' AND length(name) <= 200),
    email         text   NOT NULL DEFAULT '',
    phone         text   NOT NULL DEFAULT '',
    chat_id       text   NOT NULL DEFAULT ''
);
CREATE INDEX host_department ON host (department_id);
CREATE INDEX host_name ON host (lower(name));

CREATE TABLE guest (
    id              bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name            text        NOT NULL CHECK (name <> '' AND length(name) <= 200),
    company         text        NOT NULL DEFAULT '',
    email           text        NOT NULL DEFAULT '',
    phone           text        NOT NULL DEFAULT '',
    document_sealed bytea,
    document_hash   bytea,
    document_tail   text        NOT NULL DEFAULT '' CHECK (length(document_tail) <= 4),
    blocked_reason  text        CHECK (blocked_reason <> ''),
    created_at      timestamptz NOT NULL,
    CHECK ((document_sealed IS NULL) = (document_hash IS NULL))
);
CREATE UNIQUE INDEX guest_document ON guest (document_hash);
CREATE INDEX guest_name ON guest (lower(name));
CREATE INDEX guest_email ON guest (lower(email)) WHERE email <> '';
CREATE INDEX guest_phone ON guest (phone) WHERE phone <> '';

-- What a terminal knows a guest by. A value belongs to one guest; it is never guessed from a name.
CREATE TABLE credential (
    id         bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    guest_id   bigint      NOT NULL REFERENCES guest,
    kind       text        NOT NULL CHECK (kind IN ('employee_no', 'card')),
    value      text        NOT NULL CHECK (value <> '' AND length(value) <= 64),
    created_at timestamptz NOT NULL,
    UNIQUE (kind, value)
);
CREATE INDEX credential_guest ON credential (guest_id);

-- Who did something. Enough of an account for an actor; log-in comes with its own migration.
CREATE TABLE account (
    id         bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    login      text        NOT NULL CHECK (login <> '' AND length(login) <= 100),
    kind       text        NOT NULL CHECK (kind IN ('person', 'system')),
    created_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX account_login ON account (lower(login));

CREATE TABLE visit (
    id               bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    guest_id         bigint      NOT NULL REFERENCES guest,
    host_id          bigint      REFERENCES host,
    department_id    bigint      REFERENCES department,
    site_id          bigint      NOT NULL REFERENCES site,
    purpose          text        NOT NULL DEFAULT 'OTHER' CHECK (purpose IN
                         ('BUSINESS_MEETING', 'PERSONAL_MEETING', 'INTERVIEW', 'NEGOTIATION', 'SEMINAR_EVENT',
                          'SERVICE_MAINTENANCE', 'COLLABORATION', 'FILMING', 'AUDIT_INSPECTION', 'STUDENT_ADMISSION',
                          'DOCUMENTS', 'OTHER')),
    purpose_text     text        NOT NULL DEFAULT '',
    expected_from    timestamptz NOT NULL,
    expected_until   timestamptz NOT NULL,
    status           text        NOT NULL DEFAULT 'AWAITING' CHECK (status IN
                         ('AWAITING', 'CHECKED_IN', 'CHECKED_OUT', 'CANCELLED', 'NO_SHOW')),
    checked_in_at    timestamptz,
    checked_in_how   text        CHECK (checked_in_how IN ('door', 'person', 'api')),
    checked_out_at   timestamptz,
    checked_out_how  text        CHECK (checked_out_how IN ('door', 'person', 'api', 'presumed')),
    ended_at         timestamptz,
    cancelled_reason text        NOT NULL DEFAULT '',
    entry_count      integer     NOT NULL DEFAULT 0 CHECK (entry_count >= 0),
    exit_count       integer     NOT NULL DEFAULT 0 CHECK (exit_count >= 0),
    registered_by    bigint      REFERENCES account,
    registered_at    timestamptz NOT NULL,
    version          integer     NOT NULL DEFAULT 1,
    CHECK (expected_until > expected_from),
    CHECK ((checked_in_at IS NULL) = (checked_in_how IS NULL)),
    CHECK ((checked_out_at IS NULL) = (checked_out_how IS NULL)),
    CHECK (checked_out_at >= checked_in_at),
    CHECK (status <> 'AWAITING'    OR (checked_in_at IS NULL AND checked_out_at IS NULL AND ended_at IS NULL)),
    CHECK (status <> 'CHECKED_IN'  OR (checked_in_at IS NOT NULL AND checked_out_at IS NULL AND ended_at IS NULL)),
    CHECK (status <> 'CHECKED_OUT' OR (checked_in_at IS NOT NULL AND checked_out_at IS NOT NULL AND ended_at IS NOT NULL)),
    CHECK (status NOT IN ('CANCELLED', 'NO_SHOW') OR (checked_in_at IS NULL AND checked_out_at IS NULL AND ended_at IS NOT NULL))
);
CREATE INDEX visit_guest ON visit (guest_id, expected_from);
CREATE INDEX visit_live ON visit (site_id, status, expected_from) WHERE status IN ('AWAITING', 'CHECKED_IN');
CREATE INDEX visit_expected ON visit (expected_from, id);
CREATE INDEX visit_host ON visit (host_id, expected_from);
CREATE INDEX visit_checked_in ON visit (checked_in_at) WHERE checked_in_at IS NOT NULL;
CREATE INDEX visit_checked_out ON visit (checked_out_at) WHERE checked_out_at IS NOT NULL;

-- For the tables whose rows are facts.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'check_violation';
END $$;

-- What people and timers did to a visit. With the stored events these are the facts from which the visit's state is
-- folded, so a row here is never changed.
CREATE TABLE visit_action (
    id         bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    visit_id   bigint      NOT NULL REFERENCES visit,
    kind       text        NOT NULL CHECK (kind IN ('check_in', 'check_out', 'cancel', 'no_show', 'presume_left')),
    how        text        NOT NULL CHECK (how IN ('person', 'api', 'auto')),
    happened_at timestamptz NOT NULL,
    reason     text        NOT NULL DEFAULT '',
    account_id bigint      REFERENCES account,
    recorded_at timestamptz NOT NULL
);
CREATE INDEX visit_action_visit ON visit_action (visit_id);
CREATE TRIGGER visit_action_append_only BEFORE UPDATE OR DELETE ON visit_action
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- The fold in lib/domain decides; this refuses what no fold may give. A visit never goes back to AWAITING, and one that
-- was called off is only taken up again when a late event shows that the guest had come before that.
CREATE FUNCTION visit_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.version <> OLD.version + 1 THEN
        RAISE EXCEPTION 'visit %: version must grow by one', OLD.id USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.status = OLD.status THEN
        RETURN NEW;
    END IF;
    IF NOT (CASE OLD.status
                WHEN 'AWAITING'    THEN NEW.status IN ('CHECKED_IN', 'CHECKED_OUT', 'CANCELLED', 'NO_SHOW')
                WHEN 'CHECKED_IN'  THEN NEW.status = 'CHECKED_OUT'
                WHEN 'CHECKED_OUT' THEN NEW.status = 'CHECKED_IN'
                ELSE NEW.status IN ('CHECKED_IN', 'CHECKED_OUT') AND NEW.checked_in_at <= OLD.ended_at
            END) THEN
        RAISE EXCEPTION 'visit %: % cannot become %', OLD.id, OLD.status, NEW.status USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER visit_guard BEFORE UPDATE ON visit FOR EACH ROW EXECUTE FUNCTION visit_guard();

CREATE TABLE terminal (
    id                  bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    site_id             bigint      NOT NULL REFERENCES site,
    name                text        NOT NULL CHECK (name <> '' AND length(name) <= 100),
    base_url            text        NOT NULL CHECK (base_url ~ '^https?://[^/]'),
    username            text        NOT NULL,
    password_sealed     bytea       NOT NULL,
    poll_interval_ms    integer     NOT NULL DEFAULT 2000 CHECK (poll_interval_ms BETWEEN 100 AND 3600000),
    enabled             boolean     NOT NULL DEFAULT true,
    created_at          timestamptz NOT NULL,
    version             integer     NOT NULL DEFAULT 1,
    -- What the terminal said of itself.
    certificate_sha256  bytea       CHECK (length(certificate_sha256) = 32),
    model               text        NOT NULL DEFAULT '',
    firmware            text        NOT NULL DEFAULT '',
    serial_number       text        NOT NULL DEFAULT '',
    mac_address         text        NOT NULL DEFAULT '',
    capabilities        jsonb,
    -- Where the poller stands. Written in the transaction of the events it speaks of.
    cursor_at           timestamptz,
    epoch               integer     NOT NULL DEFAULT 1 CHECK (epoch >= 1),
    last_serial         bigint      NOT NULL DEFAULT 0,
    last_event_at       timestamptz,
    event_count         bigint      NOT NULL DEFAULT 0,
    noise_count         bigint      NOT NULL DEFAULT 0,
    -- How it is.
    state               text        NOT NULL DEFAULT 'new' CHECK (state IN
                            ('new', 'online', 'offline', 'locked', 'refused', 'certificate_changed', 'error')),
    state_since         timestamptz NOT NULL,
    last_answer_at      timestamptz,
    last_error          text        NOT NULL DEFAULT '',
    failures            integer     NOT NULL DEFAULT 0,
    locked_until        timestamptz,
    login_tries_left    integer,
    clock_offset_ms     bigint,
    backlog             bigint,
    -- Which daemon polls it.
    lease_holder        text,
    lease_until         timestamptz
);
CREATE UNIQUE INDEX terminal_name ON terminal (lower(name));

CREATE TABLE door (
    id          bigint   GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    terminal_id bigint   NOT NULL REFERENCES terminal,
    door_no     integer  NOT NULL CHECK (door_no >= 0),
    reader_no   integer  NOT NULL CHECK (reader_no >= 0),
    name        text     NOT NULL DEFAULT '',
    direction   text     NOT NULL DEFAULT 'none' CHECK (direction IN ('entry', 'exit', 'none')),
    zone        text     NOT NULL DEFAULT '',
    version     integer  NOT NULL DEFAULT 1,
    UNIQUE (terminal_id, door_no, reader_no)
);

-- Append-only. door_no and reader_no are 0 where the terminal named none.
CREATE TABLE access_event (
    id            bigint      GENERATED ALWAYS AS IDENTITY,
    terminal_id   bigint      NOT NULL,
    epoch         integer     NOT NULL,
    serial        bigint      NOT NULL,
    occurred_at   timestamptz NOT NULL,
    major         integer     NOT NULL,
    minor         integer     NOT NULL,
    received_at   timestamptz NOT NULL,
    time_text     text        NOT NULL,
    -- Where the offset of occurred_at came from; 'received' when the text was no time, and then the event moves nobody.
    time_source   text        NOT NULL CHECK (time_source IN ('offset', 'utc', 'terminal', 'site', 'received')),
    class         text        NOT NULL CHECK (class IN
                      ('granted', 'denied', 'door_state', 'alarm', 'operation', 'own_noise', 'exception', 'state', 'unknown')),
    direction     text        NOT NULL CHECK (direction IN ('entry', 'exit', 'none')),
    door_no       integer     NOT NULL,
    reader_no     integer     NOT NULL,
    employee_no   text,
    card_no       text,
    guest_id      bigint,
    raw           jsonb       NOT NULL,
    PRIMARY KEY (id, occurred_at),
    UNIQUE (terminal_id, serial, occurred_at, major, minor, epoch)
) PARTITION BY RANGE (occurred_at);
CREATE INDEX access_event_occurred ON access_event (occurred_at DESC, id DESC);
CREATE INDEX access_event_guest ON access_event (guest_id, occurred_at) WHERE guest_id IS NOT NULL;
CREATE INDEX access_event_person ON access_event (employee_no, occurred_at) WHERE employee_no IS NOT NULL;

CREATE INDEX access_event_denied ON access_event (occurred_at) WHERE class = 'denied';
CREATE TRIGGER access_event_append_only BEFORE UPDATE OR DELETE ON access_event
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Times that no clock of ours will show, in one partition each: what a terminal says after its battery died.
CREATE TABLE access_event_past PARTITION OF access_event FOR VALUES FROM (MINVALUE) TO ('2015-01-01 00:00:00+00');
CREATE TABLE access_event_future PARTITION OF access_event FOR VALUES FROM ('2100-01-01 00:00:00+00') TO (MAXVALUE);

-- Makes the partition that holds the moment, if it is missing: a month (UTC), or a whole year for moments more than a
-- year away from today, so that a terminal which makes up times cannot fill the catalogue. Safe to race. Made apart and
-- then attached, because CREATE ... PARTITION OF would lock out every reader of the table.
CREATE FUNCTION access_event_partition(moment timestamptz) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    utc   timestamp := moment AT TIME ZONE 'UTC';
    year  text := 'access_event_' || to_char(utc, 'YYYY');
    month text := 'access_event_' || to_char(utc, 'YYYYMM');
    part  text := month;
    unit  text := 'month';
    first timestamp;
    next  timestamp;
BEGIN
    IF utc < '2015-01-01' OR utc >= '2100-01-01' OR to_regclass(month) IS NOT NULL OR to_regclass(year) IS NOT NULL THEN
        RETURN;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext('access_event_partition'));
    -- Somebody may have made it meanwhile. to_regclass would answer from its cache.
    IF EXISTS (SELECT FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid
                WHERE inhparent = 'access_event'::regclass AND relname IN (month, year)) THEN
        RETURN;
    END IF;
    IF moment NOT BETWEEN now() - interval '1 year' AND now() + interval '1 year' AND NOT EXISTS (
           SELECT FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid
            WHERE inhparent = 'access_event'::regclass AND relname LIKE replace(year, '_', '\_') || '__') THEN
        part := year;
        unit := 'year';
    END IF;
    first := date_trunc(unit, utc);
    next := first + ('1 ' || unit)::interval;
    EXECUTE format('CREATE TABLE %I (LIKE access_event INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', part);
    EXECUTE format('ALTER TABLE access_event ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
                   part, first AT TIME ZONE 'UTC', next AT TIME ZONE 'UTC');
END $$;

-- Serial numbers that a terminal skipped and, when asked again, did not have.
CREATE TABLE serial_gap (
    id           bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    terminal_id  bigint      NOT NULL REFERENCES terminal,
    epoch        integer     NOT NULL,
    first_serial bigint      NOT NULL,
    last_serial  bigint      NOT NULL CHECK (last_serial >= first_serial),
    found_at     timestamptz NOT NULL,
    asked_at     timestamptz,
    state        text        NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'filled', 'missing')),
    UNIQUE (terminal_id, epoch, first_serial)
);
CREATE INDEX serial_gap_open ON serial_gap (terminal_id) WHERE state = 'open';

CREATE TABLE incident (
    id           bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    type         text        NOT NULL CHECK (type IN
                     ('exit_without_entry', 'long_stay', 'overstay', 'suspicious_time', 'multiple_failed_access',
                      'repeated_exit_entry', 'entry_without_visit', 'blocked_guest', 'duress', 'door_forced', 'door_held',
                      'tamper', 'terminal_offline', 'event_gap', 'clock_drift', 'capacity', 'other')),
    severity     text        NOT NULL CHECK (severity IN ('low', 'medium', 'high', 'critical')),
    status       text        NOT NULL DEFAULT 'new' CHECK (status IN ('new', 'investigating', 'resolved', 'false_alarm')),
    dedupe_key   text        NOT NULL,
    late         boolean     NOT NULL DEFAULT false,
    site_id      bigint      REFERENCES site,
    guest_id     bigint      REFERENCES guest,
    visit_id     bigint      REFERENCES visit,
    terminal_id  bigint      REFERENCES terminal,
    event_id     bigint,
    summary      text        NOT NULL,
    details      jsonb       NOT NULL DEFAULT '{}',
    occurred_at  timestamptz NOT NULL,
    detected_at  timestamptz NOT NULL,
    last_seen_at timestamptz NOT NULL,
    seen_count   integer     NOT NULL DEFAULT 1 CHECK (seen_count >= 1),
    assigned_to  bigint      REFERENCES account,
    ended_at     timestamptz,
    version      integer     NOT NULL DEFAULT 1,
    CHECK ((status IN ('resolved', 'false_alarm')) = (ended_at IS NOT NULL))
);
-- One open incident per subject.
CREATE UNIQUE INDEX incident_open ON incident (dedupe_key) WHERE status IN ('new', 'investigating');
CREATE INDEX incident_detected ON incident (detected_at DESC, id DESC);
CREATE INDEX incident_visit ON incident (visit_id) WHERE visit_id IS NOT NULL;

CREATE FUNCTION incident_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.version <> OLD.version + 1 THEN
        RAISE EXCEPTION 'incident %: version must grow by one', OLD.id USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.status <> OLD.status AND NOT (CASE OLD.status
           WHEN 'new'           THEN NEW.status IN ('investigating', 'resolved', 'false_alarm')
           WHEN 'investigating' THEN NEW.status IN ('resolved', 'false_alarm')
           ELSE NEW.status = 'new'
       END) THEN
        RAISE EXCEPTION 'incident %: % cannot become %', OLD.id, OLD.status, NEW.status USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER incident_guard BEFORE UPDATE ON incident FOR EACH ROW EXECUTE FUNCTION incident_guard();

CREATE TABLE incident_history (
    id          bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    incident_id bigint      NOT NULL REFERENCES incident,
    at          timestamptz NOT NULL,
    status      text        NOT NULL CHECK (status IN ('new', 'investigating', 'resolved', 'false_alarm')),
    what        text        NOT NULL CHECK (what IN ('opened', 'assigned', 'resolved', 'false_alarm', 'reopened')),
    account_id  bigint      REFERENCES account,
    note        text        NOT NULL DEFAULT ''
);
CREATE INDEX incident_history_incident ON incident_history (incident_id, id);
CREATE TRIGGER incident_history_append_only BEFORE UPDATE OR DELETE ON incident_history
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- What people are to be told. Deliveries are the outbox: one row per channel and recipient.
CREATE TABLE alert (
    id          bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind        text        NOT NULL CHECK (kind IN ('incident_opened', 'guest_arrived', 'guest_left')),
    severity    text        NOT NULL CHECK (severity IN ('low', 'medium', 'high', 'critical')),
    incident_id bigint      REFERENCES incident,
    visit_id    bigint      REFERENCES visit,
    summary     text        NOT NULL,
    created_at  timestamptz NOT NULL
);
CREATE INDEX alert_created ON alert (created_at DESC, id DESC);

CREATE TABLE delivery (
    id              bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    alert_id        bigint      NOT NULL REFERENCES alert,
    channel         text        NOT NULL CHECK (channel IN ('log')),
    recipient       text        NOT NULL DEFAULT '',
    state           text        NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'sent', 'failed')),
    attempts        integer     NOT NULL DEFAULT 0,
    next_attempt_at timestamptz NOT NULL,
    sent_at         timestamptz,
    provider_id     text        NOT NULL DEFAULT '',
    last_error      text        NOT NULL DEFAULT '',
    UNIQUE (alert_id, channel, recipient),
    CHECK ((state = 'sent') = (sent_at IS NOT NULL))
);
CREATE INDEX delivery_due ON delivery (next_attempt_at, id) WHERE state = 'waiting';

-- What was sent stays sent, and what was given up is not taken up behind the back of whoever reads the list.
CREATE FUNCTION delivery_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state <> 'waiting' THEN
        RAISE EXCEPTION 'delivery %: % is final', OLD.id, OLD.state USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER delivery_guard BEFORE UPDATE ON delivery FOR EACH ROW EXECUTE FUNCTION delivery_guard();

CREATE TABLE audit (
    id         bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at         timestamptz NOT NULL,
    account_id bigint      REFERENCES account,
    action     text        NOT NULL CHECK (action IN
                   ('create', 'update', 'delete', 'view', 'login', 'logout', 'login_failed', 'permission_change', 'export',
                    'bulk_operation')),
    topic      text        NOT NULL,
    entity_id  bigint      NOT NULL,
    details    jsonb       NOT NULL DEFAULT '{}'
);
CREATE INDEX audit_entity ON audit (topic, entity_id, id);
CREATE INDEX audit_at ON audit (at);
-- Rows go when their retention ends; none is ever rewritten.
CREATE TRIGGER audit_append_only BEFORE UPDATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- The feed. Rows are written last in a transaction, under one advisory lock, so the order of id is the order of commit.
CREATE TABLE change (
    id        bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at        timestamptz NOT NULL,
    topic     text        NOT NULL,
    entity_id bigint      NOT NULL,
    version   bigint      NOT NULL
);
CREATE INDEX change_at ON change (at);

CREATE TABLE job_run (
    job         text        PRIMARY KEY,
    started_at  timestamptz NOT NULL,
    ended_at    timestamptz,
    ok          boolean,
    message     text        NOT NULL DEFAULT '',
    next_run_at timestamptz NOT NULL,
    holder      text        NOT NULL DEFAULT ''  -- of the last start
);
