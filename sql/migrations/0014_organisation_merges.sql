-- Provisional organisations that turn out to be known ones: who said so, and how to take it back.

CREATE TABLE deal.organisation_merge (
    merge_id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    organisation_id text NOT NULL REFERENCES deal.organisation,
    into_id         text NOT NULL REFERENCES deal.organisation,
    made_by         text NOT NULL,
    reason          text NOT NULL,
    made_at         timestamptz NOT NULL,
    undone_by       text,
    undone_reason   text,
    undone_at       timestamptz,
    CHECK (organisation_id <> into_id),
    CHECK ((undone_by IS NULL) = (undone_at IS NULL))
);
CREATE UNIQUE INDEX organisation_merge_in_force ON deal.organisation_merge (organisation_id) WHERE undone_at IS NULL;

COMMENT ON TABLE deal.organisation_merge IS 'Identities that are one: mentions keep the one they were read with and count for the other, until it is taken back.';
COMMENT ON COLUMN deal.organisation_merge.merge_id IS 'The merge.';
COMMENT ON COLUMN deal.organisation_merge.organisation_id IS 'The provisional organisation that is no more.';
COMMENT ON COLUMN deal.organisation_merge.into_id IS 'The organisation that it was said to be.';
COMMENT ON COLUMN deal.organisation_merge.made_by IS 'Who said so; gazetteer where its list learned the name.';
COMMENT ON COLUMN deal.organisation_merge.reason IS 'Why.';
COMMENT ON COLUMN deal.organisation_merge.made_at IS 'When.';
COMMENT ON COLUMN deal.organisation_merge.undone_by IS 'Who took it back.';
COMMENT ON COLUMN deal.organisation_merge.undone_reason IS 'Why it was taken back.';
COMMENT ON COLUMN deal.organisation_merge.undone_at IS 'When it was taken back.';

ALTER TABLE deal.deal_version DROP CONSTRAINT deal_version_cause_check;
ALTER TABLE deal.deal_version ADD CONSTRAINT deal_version_cause_check CHECK (cause IN ('reported', 'amended', 'corroborated',
    'judgement', 're_extracted', 'converted', 'identified', 'merged', 'split', 'retracted')) NOT VALID;
ALTER TABLE deal.deal_version VALIDATE CONSTRAINT deal_version_cause_check;
