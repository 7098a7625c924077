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
