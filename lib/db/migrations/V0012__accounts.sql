-- Accounts of people, what they may do (roles, from the closed list of domain::Permission) and where (grants).

ALTER TABLE account
    ADD COLUMN name                text        NOT NULL DEFAULT '' CHECK (length(name) <= 200),
    ADD COLUMN company             text        NOT NULL DEFAULT '' CHECK (length(company) <= 200),
    ADD COLUMN department          text        NOT NULL DEFAULT '' CHECK (length(department) <= 200),
    ADD COLUMN position            text        NOT NULL DEFAULT '' CHECK (length(position) <= 200),
    ADD COLUMN email               text        NOT NULL DEFAULT '' CHECK (length(email) <= 254),
    ADD COLUMN phone               text        NOT NULL DEFAULT '' CHECK (length(phone) <= 20),
    ADD COLUMN language            text        NOT NULL DEFAULT 'en' CHECK (language IN ('en', 'ru')),
    -- IANA name; empty: that of the site.
    ADD COLUMN time_zone           text        NOT NULL DEFAULT '' CHECK (length(time_zone) <= 100),
    ADD COLUMN chat_id             text        NOT NULL DEFAULT '' CHECK (length(chat_id) <= 100),
    -- As libsodium writes it, with its parameters; NULL: nobody can log in by password.
    ADD COLUMN password_hash       text        CHECK (password_hash LIKE '$argon2id$%'),
    ADD COLUMN password_changed_at timestamptz,
    ADD COLUMN disabled_at         timestamptz,
    ADD COLUMN version             integer     NOT NULL DEFAULT 1,
    ADD CHECK ((password_hash IS NULL) = (password_changed_at IS NULL)),
    ADD CHECK (kind = 'person' OR (password_hash IS NULL AND disabled_at IS NULL));

CREATE TABLE role (
    id                     bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name                   text        NOT NULL CHECK (name ~ '^[a-z][a-z0-9_-]{0,62}$'),
    description            text        NOT NULL DEFAULT '' CHECK (length(description) <= 200),
    -- Without a second factor whoever has the role can only set one up.
    requires_second_factor boolean     NOT NULL DEFAULT false,
    created_at             timestamptz NOT NULL,
    version                integer     NOT NULL DEFAULT 1
);
CREATE UNIQUE INDEX role_name ON role (name);

CREATE TABLE role_permission (
    role_id    bigint NOT NULL REFERENCES role ON DELETE CASCADE,
    permission text   NOT NULL CHECK (permission IN (
                   'visit.view', 'visit.create', 'visit.edit', 'visit.check_in', 'visit.check_out', 'visit.cancel',
                   'visit.reopen', 'guest.view', 'guest.create', 'guest.edit', 'guest.merge', 'guest.block',
                   'guest.remove', 'guest.document.view', 'host.view', 'host.edit', 'department.view',
                   'department.edit', 'site.view', 'site.edit', 'terminal.view', 'terminal.edit', 'terminal.poll',
                   'event.view', 'incident.view', 'incident.open', 'incident.comment', 'incident.assign',
                   'incident.settle', 'incident.reopen', 'alert.view', 'alert.send', 'silence.view',
                   'silence.edit', 'rule.view', 'rule.edit', 'inside.view', 'statistics.view', 'report.export',
                   'account.view', 'account.edit', 'role.view', 'role.edit', 'role.grant', 'session.view',
                   'session.revoke', 'api_key.view', 'api_key.edit', 'audit.view', 'audit.export', 'change.view',
                   'job.view', 'job.run', 'lock.take_over')),
    PRIMARY KEY (role_id, permission)
);

-- On everything where neither a site, nor a department, nor a host is named.
CREATE TABLE role_grant (
    id            bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    account_id    bigint      NOT NULL REFERENCES account,
    role_id       bigint      NOT NULL REFERENCES role,
    site_id       bigint      REFERENCES site,
    department_id bigint      REFERENCES department,
    host_id       bigint      REFERENCES host,
    granted_by    bigint      REFERENCES account,
    granted_at    timestamptz NOT NULL,
    CHECK (num_nonnulls(site_id, department_id, host_id) <= 1)
);
CREATE UNIQUE INDEX role_grant_once ON role_grant
    (account_id, role_id, coalesce(site_id, 0), coalesce(department_id, 0), coalesce(host_id, 0));
CREATE INDEX role_grant_role ON role_grant (role_id);
CREATE INDEX role_grant_site ON role_grant (site_id) WHERE site_id IS NOT NULL;
CREATE INDEX role_grant_department ON role_grant (department_id) WHERE department_id IS NOT NULL;
CREATE INDEX role_grant_host ON role_grant (host_id) WHERE host_id IS NOT NULL;

-- Several accounts under one name, for whom alerts are meant.
CREATE TABLE account_group (
    id          bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name        text        NOT NULL CHECK (name <> '' AND length(name) <= 100),
    description text        NOT NULL DEFAULT '' CHECK (length(description) <= 200),
    created_at  timestamptz NOT NULL,
    version     integer     NOT NULL DEFAULT 1
);
CREATE UNIQUE INDEX account_group_name ON account_group (lower(name));

CREATE TABLE account_group_member (
    group_id   bigint NOT NULL REFERENCES account_group ON DELETE CASCADE,
    account_id bigint NOT NULL REFERENCES account,
    PRIMARY KEY (group_id, account_id)
);
CREATE INDEX account_group_member_account ON account_group_member (account_id);

INSERT INTO role (name, description, requires_second_factor, created_at)
VALUES
    ('administrator', 'Everything', true, now()),
    ('security', 'Incidents, events, terminals and the roll call', true, now()),
    ('reception', 'Registers guests and visits, checks in and out at a site', false, now()),
    ('manager', 'A department''s visits and figures', false, now()),
    ('host', 'An employee''s own visits', false, now()),
    ('auditor', 'Reads everything, changes nothing', false, now()),
    ('integration', 'What a script may read and register; its API key lists a part of it', false, now());

INSERT INTO role_permission (role_id, permission)
SELECT id, unnest(ARRAY[
        'visit.view', 'visit.create', 'visit.edit', 'visit.check_in', 'visit.check_out', 'visit.cancel',
        'visit.reopen', 'guest.view', 'guest.create', 'guest.edit', 'guest.merge', 'guest.block', 'guest.remove',
        'guest.document.view', 'host.view', 'host.edit', 'department.view', 'department.edit', 'site.view',
        'site.edit', 'terminal.view', 'terminal.edit', 'terminal.poll', 'event.view', 'incident.view',
        'incident.open', 'incident.comment', 'incident.assign', 'incident.settle', 'incident.reopen', 'alert.view',
        'alert.send', 'silence.view', 'silence.edit', 'rule.view', 'rule.edit', 'inside.view', 'statistics.view',
        'report.export', 'account.view', 'account.edit', 'role.view', 'role.edit', 'role.grant', 'session.view',
        'session.revoke', 'api_key.view', 'api_key.edit', 'audit.view', 'audit.export', 'change.view', 'job.view',
        'job.run', 'lock.take_over'])
  FROM role
 WHERE name = 'administrator';

INSERT INTO role_permission (role_id, permission)
SELECT id, unnest(ARRAY[
        'visit.view', 'visit.check_out', 'guest.view', 'guest.block', 'guest.document.view', 'host.view',
        'department.view', 'site.view', 'terminal.view', 'terminal.edit', 'terminal.poll', 'event.view',
        'incident.view', 'incident.open', 'incident.comment', 'incident.assign', 'incident.settle',
        'incident.reopen', 'alert.view', 'alert.send', 'silence.view', 'silence.edit', 'rule.view', 'inside.view',
        'statistics.view', 'report.export', 'change.view', 'job.view'])
  FROM role
 WHERE name = 'security';

INSERT INTO role_permission (role_id, permission)
SELECT id, unnest(ARRAY[
        'visit.view', 'visit.create', 'visit.edit', 'visit.check_in', 'visit.check_out', 'visit.cancel',
        'visit.reopen', 'guest.view', 'guest.create', 'guest.edit', 'guest.document.view', 'host.view',
        'department.view', 'site.view', 'inside.view', 'change.view'])
  FROM role
 WHERE name = 'reception';

INSERT INTO role_permission (role_id, permission)
SELECT id, unnest(ARRAY[
        'visit.view', 'visit.create', 'visit.edit', 'visit.cancel', 'guest.view', 'guest.create', 'host.view',
        'department.view', 'site.view', 'inside.view', 'statistics.view', 'report.export', 'change.view'])
  FROM role
 WHERE name = 'manager';

INSERT INTO role_permission (role_id, permission)
SELECT id, unnest(ARRAY[
        'visit.view', 'visit.create', 'visit.edit', 'visit.cancel', 'guest.view', 'guest.create', 'host.view',
        'department.view', 'site.view', 'change.view'])
  FROM role
 WHERE name = 'host';

INSERT INTO role_permission (role_id, permission)
SELECT id, unnest(ARRAY[
        'visit.view', 'guest.view', 'guest.document.view', 'host.view', 'department.view', 'site.view',
        'terminal.view', 'event.view', 'incident.view', 'alert.view', 'silence.view', 'rule.view', 'inside.view',
        'statistics.view', 'report.export', 'account.view', 'role.view', 'session.view', 'api_key.view',
        'audit.view', 'audit.export', 'change.view', 'job.view'])
  FROM role
 WHERE name = 'auditor';

INSERT INTO role_permission (role_id, permission)
SELECT id, unnest(ARRAY[
        'visit.view', 'visit.create', 'visit.edit', 'visit.check_in', 'visit.check_out', 'visit.cancel',
        'guest.view', 'guest.create', 'guest.edit', 'host.view', 'department.view', 'site.view', 'terminal.view',
        'event.view', 'incident.view', 'incident.open', 'incident.comment', 'inside.view', 'statistics.view',
        'change.view'])
  FROM role
 WHERE name = 'integration';
