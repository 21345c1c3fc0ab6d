-- A backup that was stopped in the middle, with its program, has not failed: it is made again at once.
ALTER TABLE backup_run DROP CONSTRAINT backup_run_state_check;
ALTER TABLE backup_run ADD CONSTRAINT backup_run_state_check
    CHECK (state IN ('running', 'done', 'partial', 'failed', 'interrupted'));
