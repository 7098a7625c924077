-- What reading stored articles again would change, compared inside a transaction that is undone.

-- name: article_seen_since
-- Articles first seen since then, newest first.
SELECT article_id FROM news.article
WHERE first_seen_at >= %(since)s AND retracted_at IS NULL
ORDER BY article_id DESC
LIMIT %(limit)s;

-- name: article_mark_these_unextracted
-- Have these articles read again.
UPDATE news.article_version SET extracted_by = NULL
WHERE article_id = ANY (%(ids)s) AND superseded_at IS NULL;

-- name: deal_heads
-- Every deal's present version.
SELECT deal_id, version, merged_into FROM deal.deal;

-- name: deal_records_of_versions
-- What was believed of deals in two of their versions.
SELECT w.deal_id, coalesce(n.record, o.record) ->> 'headline' AS headline, o.record AS before, n.record AS after
FROM unnest(%(ids)s::bigint[], %(old)s::integer[], %(new)s::integer[]) AS w (deal_id, old, new)
LEFT JOIN deal.deal_version AS o ON o.deal_id = w.deal_id AND o.version = w.old
LEFT JOIN deal.deal_version AS n ON n.deal_id = w.deal_id AND n.version = w.new
ORDER BY w.deal_id;
