-- When this database was restored from a backup: what was told between the backup and then may be told again.

CREATE TABLE ops.restore (
    restored_at timestamptz PRIMARY KEY
);
COMMENT ON TABLE ops.restore IS 'Restores of this database from a backup. Alerts on news from before one are marked as possible repeats.';
COMMENT ON COLUMN ops.restore.restored_at IS 'When.';
