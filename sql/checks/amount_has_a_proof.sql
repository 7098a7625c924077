-- A deal's amount is said by a live report of it, or set by a person.
SELECT d.deal_id, d.amount, d.currency
FROM deal.deal AS d
WHERE d.merged_into IS NULL AND NOT d.stale AND d.amount IS NOT NULL AND d.source_count > 0
    AND NOT EXISTS (
        SELECT FROM deal.mention AS m
        JOIN deal.claim AS c USING (mention_id)
        LEFT JOIN deal.deal AS o ON o.deal_id = m.deal_id
        WHERE (o.deal_id = d.deal_id OR o.merged_into = d.deal_id) AND m.superseded_at IS NULL AND c.field = 'amount'
    )
    AND NOT EXISTS (SELECT FROM deal.judgement AS j WHERE j.deal_id = d.deal_id AND j.action = 'override' AND j.field LIKE 'amount%');
