-- A sender's lease on a channel ends with its connection, so that a killed sender keeps nobody waiting.

ALTER TABLE alert.channel ADD COLUMN lease_pid integer;
COMMENT ON COLUMN alert.channel.lease_pid IS 'The server process of the sender that holds the channel.';
