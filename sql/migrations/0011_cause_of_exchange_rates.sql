-- A better exchange rate is a cause of its own: only a deal's dollars change.

ALTER TABLE deal.deal_version DROP CONSTRAINT deal_version_cause_check;
ALTER TABLE deal.deal_version ADD CONSTRAINT deal_version_cause_check CHECK (cause IN ('reported', 'amended', 'corroborated',
    'judgement', 're_extracted', 'converted', 'merged', 'split', 'retracted')) NOT VALID;
ALTER TABLE deal.deal_version VALIDATE CONSTRAINT deal_version_cause_check;
