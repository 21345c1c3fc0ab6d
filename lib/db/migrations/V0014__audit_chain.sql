-- The audit becomes a chain. Who acted from where and in which request stands in the row itself; each row then gets a
-- link with its position and a hash over the row and the link before it (lib/store/audit_chain.hpp says over which bytes).

ALTER TABLE audit
    ADD COLUMN source     text NOT NULL DEFAULT '' CHECK (length(source) <= 300),
    ADD COLUMN request_id text NOT NULL DEFAULT '' CHECK (length(request_id) <= 100),
    ADD CONSTRAINT audit_topic_said CHECK (topic <> ''),
    DROP CONSTRAINT audit_action_check,
    ADD CONSTRAINT audit_action_check CHECK (action IN
        ('create', 'update', 'delete', 'view', 'login', 'logout', 'login_failed', 'permission_change', 'export',
         'bulk_operation', 'refused'));

-- One for each row of the audit, in the order in which committed rows were seen. Without a foreign key: that a row is
-- gone which has a link is what the chain is there to tell.
CREATE TABLE audit_link (
    position bigint PRIMARY KEY CHECK (position >= 1),
    audit_id bigint NOT NULL UNIQUE,
    previous bytea  NOT NULL CHECK (length(previous) = 32),
    hash     bytea  NOT NULL CHECK (length(hash) = 32)
);

-- Rows that wait for their link, written by whatever statement wrote them: its transaction takes no lock for it.
CREATE TABLE audit_unlinked (
    id   bigint   GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    rows bigint[] NOT NULL
);

-- Also for the rows that are there. In pieces that one step of linking takes.
CREATE FUNCTION audit_awaits_link() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO audit_unlinked (rows)
    SELECT array_agg(id ORDER BY id) FROM made GROUP BY id / 4096 ORDER BY min(id);
    RETURN NULL;
END $$;
CREATE TRIGGER audit_awaits_link AFTER INSERT ON audit REFERENCING NEW TABLE AS made
    FOR EACH STATEMENT EXECUTE FUNCTION audit_awaits_link();
INSERT INTO audit_unlinked (rows)
SELECT array_agg(id ORDER BY id) FROM audit GROUP BY id / 4096 ORDER BY min(id);

-- The key that checkpoints are signed with, sealed with the master key. The newest signs.
CREATE TABLE audit_key (
    id         bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    public_key text        NOT NULL UNIQUE CHECK (public_key <> ''),
    sealed     bytea       NOT NULL,
    created_at timestamptz NOT NULL
);

-- What the chain was at a moment, signed. "document" is what was sent to the second place, byte for byte.
CREATE TABLE audit_checkpoint (
    position bigint      PRIMARY KEY CHECK (position >= 1),
    hash     bytea       NOT NULL CHECK (length(hash) = 32),
    at       timestamptz NOT NULL,
    document text        NOT NULL
);
CREATE TABLE audit_checkpoint_copy (
    position bigint      NOT NULL,
    target   text        NOT NULL CHECK (target <> ''),
    sent_at  timestamptz NOT NULL,
    PRIMARY KEY (position, target)
);

-- Where retention cut the old end off: rows up to that checkpoint may be gone. Signed as checkpoints are.
CREATE TABLE audit_cut (
    position bigint      PRIMARY KEY,
    hash     bytea       NOT NULL CHECK (length(hash) = 32),
    at       timestamptz NOT NULL,
    document text        NOT NULL
);

-- Up to where the chain was found whole, for the next look to begin there.
CREATE TABLE audit_verified (
    id       smallint    PRIMARY KEY DEFAULT 1 CHECK (id = 1),
    position bigint      NOT NULL,
    hash     bytea       NOT NULL,
    at       timestamptz NOT NULL,
    proof    bytea       NOT NULL
);

-- Rows go from the old end only, up to a cut.
CREATE FUNCTION audit_goes_by_cut() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    upto bigint := (SELECT max(position) FROM audit_cut);
BEGIN
    IF TG_TABLE_NAME = 'audit_link' THEN
        IF OLD.position <= upto THEN
            RETURN OLD;
        END IF;
    ELSIF EXISTS (SELECT FROM audit_link WHERE audit_id = OLD.id AND position <= upto) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER audit_goes_by_cut BEFORE DELETE ON audit FOR EACH ROW EXECUTE FUNCTION audit_goes_by_cut();
CREATE TRIGGER audit_link_goes_by_cut BEFORE DELETE ON audit_link FOR EACH ROW EXECUTE FUNCTION audit_goes_by_cut();
CREATE TRIGGER audit_link_append_only BEFORE UPDATE ON audit_link FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_never_emptied BEFORE TRUNCATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_link_never_emptied BEFORE TRUNCATE ON audit_link
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_checkpoint_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_checkpoint
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_cut_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_cut
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Takes from the owner of the tables, too, what he would need to change what is written. Of a superuser nothing can be
-- taken: for him there are the triggers, and the chain. A restore brings no privileges along, and calls this again.
CREATE FUNCTION audit_protect() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE ON audit, audit_link, audit_checkpoint, audit_cut FROM PUBLIC, %I',
                   current_user);
END $$;
SELECT audit_protect();

-- Deletes the oldest rows up to a cut, that many at most, and their links. The right to do so lasts as long as this.
CREATE FUNCTION audit_drop_cut(most bigint) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    upto  bigint := (SELECT max(position) FROM audit_cut);
    first bigint := (SELECT min(position) FROM audit_link);
    count bigint;
BEGIN
    IF upto IS NULL OR first IS NULL OR first > upto THEN
        RETURN 0;
    END IF;
    upto := least(upto, first + most - 1);
    EXECUTE format('GRANT DELETE ON audit, audit_link TO %I', current_user);
    DELETE FROM audit a USING audit_link l WHERE l.position <= upto AND a.id = l.audit_id;
    DELETE FROM audit_link WHERE position <= upto;
    GET DIAGNOSTICS count = ROW_COUNT;
    PERFORM audit_protect();
    RETURN count;
END $$;
