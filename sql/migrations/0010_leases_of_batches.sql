-- A lease is of a range of ids, belongs to a connection, and is gone when it is given back; its token is never used again.

DELETE FROM ops.lease;
CREATE SEQUENCE ops.lease_token AS bigint;
SELECT setval('ops.lease_token', 1000000);  -- above every token that was given out before
ALTER TABLE ops.lease
    DROP CONSTRAINT lease_pkey,
    ADD PRIMARY KEY (token),
    ADD COLUMN first_id    bigint NOT NULL DEFAULT 0,
    ADD COLUMN last_id     bigint NOT NULL DEFAULT 9223372036854775807,
    ADD COLUMN backend_pid integer NOT NULL,
    ADD CHECK (first_id <= last_id);
CREATE INDEX lease_by_name ON ops.lease (name);
COMMENT ON TABLE ops.lease IS 'The right to do some work alone: rows of one name never overlap while they are in force.';
COMMENT ON COLUMN ops.lease.name IS 'The kind of work, such as a stage.';
COMMENT ON COLUMN ops.lease.holder IS 'Who has it.';
COMMENT ON COLUMN ops.lease.expires_at IS 'Until when. Work that takes longer renews it.';
COMMENT ON COLUMN ops.lease.first_id IS 'The first id of the batch that it covers.';
COMMENT ON COLUMN ops.lease.last_id IS 'The last id of the batch that it covers.';
COMMENT ON COLUMN ops.lease.backend_pid IS 'The server process of the holder''s connection: when that is gone, so is the lease.';

CREATE TABLE ops.turn (
    name text PRIMARY KEY
);
COMMENT ON TABLE ops.turn IS 'Rows that are locked by who does some work, so that others wait for their turn.';
COMMENT ON COLUMN ops.turn.name IS 'The work.';
