-- Records that can be edited, merged and searched; photos of guests; visits that can be reopened.

ALTER TABLE site       ADD COLUMN version integer NOT NULL DEFAULT 1;
ALTER TABLE department ADD COLUMN version integer NOT NULL DEFAULT 1;
ALTER TABLE host       ADD COLUMN version integer NOT NULL DEFAULT 1;
ALTER TABLE guest      ADD COLUMN version integer NOT NULL DEFAULT 1;

-- A write that does not say which version it is based on overwrites what it has not seen.
CREATE FUNCTION version_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.version <> OLD.version + 1 THEN
        RAISE EXCEPTION '% %: version must grow by one', TG_TABLE_NAME, OLD.id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER site_guard       BEFORE UPDATE ON site       FOR EACH ROW EXECUTE FUNCTION version_guard();
CREATE TRIGGER department_guard BEFORE UPDATE ON department FOR EACH ROW EXECUTE FUNCTION version_guard();
CREATE TRIGGER host_guard       BEFORE UPDATE ON host       FOR EACH ROW EXECUTE FUNCTION version_guard();
CREATE TRIGGER guest_guard      BEFORE UPDATE ON guest      FOR EACH ROW EXECUTE FUNCTION version_guard();

-- Who a guest turned out to be. Stored events are never rewritten and go on naming the old number, so whoever looks
-- for the events of a guest looks for those of guest_and_merged(). Never a chain: a merge moves older ones along.
ALTER TABLE guest ADD COLUMN merged_into bigint REFERENCES guest CHECK (merged_into <> id);
ALTER TABLE guest ADD CHECK (merged_into IS NULL OR document_hash IS NULL);
CREATE INDEX guest_merged_into ON guest (merged_into) WHERE merged_into IS NOT NULL;

CREATE FUNCTION guest_and_merged(guests bigint[]) RETURNS TABLE (id bigint, now_id bigint) LANGUAGE sql STABLE AS $$
    SELECT n.id, n.id FROM unnest(guests) AS n(id)
     UNION ALL
    SELECT g.id, g.merged_into FROM guest g WHERE g.merged_into = ANY(guests)
$$;

-- What a guest is searched by: words in any case, telephone numbers by their digits.
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE FUNCTION search_text(given text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT translate(lower(given), 'ё', 'е')
$$;
ALTER TABLE guest ADD COLUMN search text NOT NULL
    GENERATED ALWAYS AS (translate(lower(name || ' ' || company || ' ' || email || ' ' || phone), 'ё', 'е')) STORED;
CREATE INDEX guest_search ON guest USING gin (search gin_trgm_ops);

CREATE TABLE guest_photo (
    guest_id   bigint      PRIMARY KEY REFERENCES guest,
    format     text        NOT NULL CHECK (format IN ('jpeg', 'png')),
    width      integer     NOT NULL CHECK (width > 0),
    height     integer     NOT NULL CHECK (height > 0),
    picture    bytea       NOT NULL CHECK (length(picture) BETWEEN 1 AND 5242880),
    account_id bigint      REFERENCES account,
    stored_at  timestamptz NOT NULL
);
-- A picture is compressed already.
ALTER TABLE guest_photo ALTER COLUMN picture SET STORAGE EXTERNAL;

CREATE INDEX incident_guest ON incident (guest_id) WHERE guest_id IS NOT NULL;
CREATE INDEX visit_department ON visit (department_id) WHERE department_id IS NOT NULL;

ALTER TABLE visit_action DROP CONSTRAINT visit_action_kind_check;
ALTER TABLE visit_action ADD CONSTRAINT visit_action_kind_check
    CHECK (kind IN ('check_in', 'check_out', 'cancel', 'no_show', 'presume_left', 'reopen'));

-- As before, and one that was called off is also taken up again where somebody reopened it since.
CREATE OR REPLACE FUNCTION visit_guard() RETURNS trigger LANGUAGE plpgsql AS $$
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
                ELSE (NEW.status IN ('CHECKED_IN', 'CHECKED_OUT') AND NEW.checked_in_at <= OLD.ended_at)
                     OR EXISTS (SELECT FROM visit_action a
                                 WHERE a.visit_id = OLD.id AND a.kind = 'reopen' AND a.happened_at >= OLD.ended_at)
            END) THEN
        RAISE EXCEPTION 'visit %: % cannot become %', OLD.id, OLD.status, NEW.status USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
