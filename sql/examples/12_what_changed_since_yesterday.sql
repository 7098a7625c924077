-- What changed since yesterday?
-- New deals, changed fields and merges; remember the last changed_at to read on from there next time.
SELECT changed_at, deal_id, CASE WHEN merged_into IS NOT NULL THEN 'merged' WHEN is_new THEN 'new' ELSE cause END AS what,
    changed_fields, amount_before, amount_after, currency, merged_into, headline
FROM analytics.deal_change
WHERE changed_at > now() - interval '1 day'
ORDER BY changed_at, deal_id, version;
