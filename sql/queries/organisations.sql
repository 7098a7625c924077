-- Organisations: the gazetteer's and those met in texts.

-- name: organisation_sync
-- Take over the gazetteer; what was provisional becomes known.
INSERT INTO deal.organisation (organisation_id, name, type, parent_id, country, ticker, provisional)
VALUES %s
ON CONFLICT (organisation_id) DO UPDATE SET name = excluded.name, type = excluded.type, parent_id = excluded.parent_id,
    country = excluded.country, ticker = excluded.ticker, provisional = excluded.provisional
WHERE (deal.organisation.name, deal.organisation.type, deal.organisation.parent_id, deal.organisation.country,
    deal.organisation.ticker, deal.organisation.provisional)
    IS DISTINCT FROM (excluded.name, excluded.type, excluded.parent_id, excluded.country, excluded.ticker, excluded.provisional)
RETURNING organisation_id;

-- name: organisation_ensure
-- Keep organisations that a text named and the gazetteer does not know.
INSERT INTO deal.organisation (organisation_id, name, type, country, provisional)
VALUES %s
ON CONFLICT (organisation_id) DO NOTHING
RETURNING organisation_id;

-- name: organisation_aliases_drop
-- Forget aliases that the gazetteer no longer has.
DELETE FROM deal.organisation_alias AS a
WHERE a.organisation_id = ANY (%(ids)s)
    AND NOT EXISTS (
        SELECT FROM unnest(%(pair_ids)s::text[], %(pair_aliases)s::text[]) AS p (organisation_id, alias)
        WHERE p.organisation_id = a.organisation_id AND p.alias = a.alias
    );

-- name: organisation_aliases_add
-- Other names of organisations.
INSERT INTO deal.organisation_alias (organisation_id, alias)
VALUES %s
ON CONFLICT (alias, organisation_id) DO NOTHING;

-- name: organisation_provisional_among
-- Which of these provisional organisations were met and stand by themselves.
SELECT organisation_id FROM deal.organisation
WHERE organisation_id = ANY (%(ids)s) AND provisional AND merged_into IS NULL
ORDER BY organisation_id;

-- name: organisation_lock
-- Hold organisations while one is merged.
SELECT organisation_id, name, provisional, merged_into FROM deal.organisation
WHERE organisation_id = ANY (%(ids)s) ORDER BY organisation_id FOR UPDATE;

-- name: organisation_merge_add
-- Two identities are one.
INSERT INTO deal.organisation_merge (organisation_id, into_id, made_by, reason, made_at)
VALUES (%(organisation_id)s, %(into_id)s, %(made_by)s, %(reason)s, %(now)s)
RETURNING merge_id;

-- name: organisation_merge_undone
-- Which merges into which organisation a person took back: they are not made again by themselves.
SELECT organisation_id, into_id FROM deal.organisation_merge
WHERE undone_at IS NOT NULL AND organisation_id = ANY (%(ids)s);

-- name: organisation_merge_undo
-- A merge was wrong.
UPDATE deal.organisation_merge SET undone_by = %(made_by)s, undone_reason = %(reason)s, undone_at = %(now)s
WHERE merge_id = %(merge_id)s AND undone_at IS NULL
RETURNING organisation_id;

-- name: organisation_merge_get
-- One merge.
SELECT organisation_id, into_id, undone_at FROM deal.organisation_merge WHERE merge_id = %(merge_id)s;

-- name: organisation_point
-- Let every organisation count for the end of the merges that are in force; returns those that count for another one now.
WITH RECURSIVE chain AS (
    SELECT m.organisation_id, m.into_id FROM deal.organisation_merge AS m WHERE m.undone_at IS NULL
    UNION
    SELECT c.organisation_id, m.into_id FROM chain AS c
    JOIN deal.organisation_merge AS m ON m.organisation_id = c.into_id AND m.undone_at IS NULL
), ends AS (
    SELECT c.organisation_id, c.into_id FROM chain AS c
    WHERE NOT EXISTS (SELECT FROM deal.organisation_merge AS m WHERE m.organisation_id = c.into_id AND m.undone_at IS NULL)
)
UPDATE deal.organisation AS o SET merged_into = e.into_id
FROM (SELECT o.organisation_id, ends.into_id FROM deal.organisation AS o LEFT JOIN ends USING (organisation_id)
    WHERE o.merged_into IS DISTINCT FROM ends.into_id) AS e
WHERE o.organisation_id = e.organisation_id
RETURNING o.organisation_id;

-- name: organisation_mentions
-- Living mentions that name one of these organisations.
SELECT DISTINCT m.mention_id
FROM deal.mention_party AS p
JOIN deal.mention AS m USING (mention_id)
WHERE p.organisation_id = ANY (%(ids)s) AND m.superseded_at IS NULL AND m.resolution IN ('new', 'match', 'ignored')
ORDER BY m.mention_id;

-- name: organisation_stale_deals
-- The deals of these mentions have to be placed and folded anew.
UPDATE deal.deal AS d SET stale = true
WHERE NOT d.stale AND d.deal_id IN (
    SELECT coalesce(o.merged_into, o.deal_id) FROM deal.mention AS m JOIN deal.deal AS o USING (deal_id)
    WHERE m.mention_id = ANY (%(ids)s) AND m.resolution IN ('new', 'match'));

-- name: organisation_list
-- Provisional organisations, those in most reports first; merged ones with where they went, and the merge's number.
SELECT o.organisation_id, o.name, o.merged_into, m.merge_id, m.made_by, m.reason,
    (SELECT count(*) FROM deal.mention_party AS p JOIN deal.mention AS x USING (mention_id)
        WHERE p.organisation_id = o.organisation_id AND x.superseded_at IS NULL) AS mentions
FROM deal.organisation AS o
LEFT JOIN deal.organisation_merge AS m ON m.organisation_id = o.organisation_id AND m.undone_at IS NULL
WHERE o.provisional AND (%(merged)s::boolean IS NULL OR (o.merged_into IS NOT NULL) = %(merged)s)
ORDER BY mentions DESC, o.organisation_id
LIMIT %(limit)s;
