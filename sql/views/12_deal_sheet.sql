-- Deals for files: one flat row each, with the words that prove it.

CREATE VIEW analytics.deal_sheet AS
SELECT
    d.*,
    (SELECT string_agg(concat_ws(' ', CASE c.qualifier WHEN 'approx' THEN 'about' WHEN 'up_to' THEN 'up to' WHEN 'at_least' THEN 'at least' END,
            coalesce(trim_scale(c.quantity)::text, 'many'), c.unit, '(' || c.item || ')'), ', ' ORDER BY c.ordinal)
        FROM deal.deal_capacity AS c WHERE c.deal_id = d.deal_id) AS capacity,
    proof.quote AS evidence,
    proof.publisher AS evidence_publisher,
    proof.url AS evidence_url
FROM analytics.deal AS d
LEFT JOIN LATERAL (
    SELECT c.quote, a.publisher, a.url
    FROM deal.mention AS m
    JOIN news.article AS a USING (article_id)
    JOIN deal.claim AS c USING (mention_id)
    WHERE m.deal_id IN (SELECT r.deal_id FROM deal.deal AS r WHERE r.deal_id = d.deal_id OR r.merged_into = d.deal_id)
        AND m.resolution IN ('new', 'match') AND m.superseded_at IS NULL AND a.retracted_at IS NULL
        AND c.field IN ('amount', 'kind', 'status')
    ORDER BY c.field, (m.amount IS NOT DISTINCT FROM d.amount) DESC, (m.salience = 'primary') DESC, a.official DESC, m.mention_id DESC
    LIMIT 1
) AS proof ON true;

COMMENT ON VIEW analytics.deal_sheet IS 'analytics.deal with its capacity in words and the quote that proves it: what CSV, JSON Lines, Parquet and Excel files hold. Ask analytics.deal where you need no quotes; it is quicker.';
COMMENT ON COLUMN analytics.deal_sheet.capacity IS 'What the deal is about, in words; analytics.deal_capacity has it as rows. Example: "2 GW, about 100000 GPU (GB300)".';
COMMENT ON COLUMN analytics.deal_sheet.evidence IS 'The words that prove the amount, else the kind or the status. Example: "a $38 billion agreement".';
COMMENT ON COLUMN analytics.deal_sheet.evidence_publisher IS 'Who wrote them. Example: "Harbor Gazette".';
COMMENT ON COLUMN analytics.deal_sheet.evidence_url IS 'Where. Example: https://harbor-gazette.example/2026/red-lab.';
