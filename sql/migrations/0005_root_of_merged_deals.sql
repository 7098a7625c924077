-- What reads a deal together with those merged into it looks for the deal that counts.
CREATE INDEX deal_root ON deal.deal (coalesce(merged_into, deal_id));
