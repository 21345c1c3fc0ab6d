-- What kind of visit it is, whom to ring about it, and when the guest agreed to the processing of personal data.
-- The defaults are constants, so that no row is written; and every row that is there has them, so that the checks need
-- not read the table, which nobody could use meanwhile.
ALTER TABLE visit
    ADD COLUMN kind          text NOT NULL DEFAULT 'guest',
    ADD COLUMN contact_phone text NOT NULL DEFAULT '',
    ADD COLUMN consent_at    timestamptz;
ALTER TABLE visit
    ADD CONSTRAINT visit_kind CHECK (kind IN ('guest', 'student', 'contractor', 'delivery')) NOT VALID,
    ADD CONSTRAINT visit_contact_phone CHECK (length(contact_phone) <= 20) NOT VALID;
