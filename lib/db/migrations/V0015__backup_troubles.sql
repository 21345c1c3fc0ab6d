-- A backup that was stopped in the middle, with its program, has not failed: it is made again at once.
ALTER TABLE backup_run DROP CONSTRAINT backup_run_state_check;
ALTER TABLE backup_run ADD CONSTRAINT backup_run_state_check
    CHECK (state IN ('running', 'done', 'partial', 'failed', 'interrupted'));

-- What is wrong with backups is an incident of a type of its own, and so has a sentence in every language.
ALTER TABLE incident DROP CONSTRAINT incident_type_check;
ALTER TABLE incident ADD CONSTRAINT incident_type_check CHECK (type IN
    ('exit_without_entry', 'long_stay', 'overstay', 'suspicious_time', 'multiple_failed_access',
     'repeated_exit_entry', 'entry_without_visit', 'blocked_guest', 'duress', 'door_forced', 'door_held',
     'tamper', 'terminal_offline', 'event_gap', 'clock_drift', 'capacity', 'backup', 'other'));
UPDATE incident
   SET type = 'backup', dedupe_key = replace(dedupe_key, 'other/backup:', 'backup/'),
       details = jsonb_build_object('finding', details ->> 'backup'), version = version + 1
 WHERE type = 'other' AND dedupe_key LIKE 'other/backup:%';
