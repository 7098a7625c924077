-- What keeps a block bounded in the database: each mention's blocking keys by time, and the nearest mentions under a key.

-- name: block_table
-- The keys of which two mentions must share one to be compared (dealwire.resolve.blocking).
CREATE TABLE IF NOT EXISTS deal.mention_block (
    block_key       text NOT NULL,
    at              timestamptz NOT NULL,
    mention_id      bigint NOT NULL REFERENCES deal.mention ON DELETE CASCADE,
    PRIMARY KEY (block_key, at, mention_id)
);
CREATE INDEX IF NOT EXISTS mention_block_by_mention ON deal.mention_block (mention_id);

-- name: block_add
-- Keep the keys of mentions.
INSERT INTO deal.mention_block (block_key, at, mention_id) VALUES %s ON CONFLICT DO NOTHING;

-- name: block_drop
-- Mentions that no longer count take no place in a block.
DELETE FROM deal.mention_block WHERE mention_id = ANY (%(ids)s);

-- name: block_near
-- The live mentions nearest in time, before and after, under each looked-up key, with the deal they count for.
SELECT m.mention_id, coalesce(d.merged_into, m.deal_id) AS deal_id
FROM (
    SELECT DISTINCT near.mention_id
    FROM unnest(%(keys)s::text[], %(times)s::timestamptz[]) AS wanted (block_key, at)
    CROSS JOIN LATERAL (
        (SELECT b.mention_id FROM deal.mention_block AS b
         WHERE b.block_key = wanted.block_key AND b.at <= wanted.at AND b.at >= wanted.at - %(span)s::interval
         ORDER BY b.at DESC, b.mention_id DESC LIMIT %(reach)s)
        UNION ALL
        (SELECT b.mention_id FROM deal.mention_block AS b
         WHERE b.block_key = wanted.block_key AND b.at > wanted.at AND b.at <= wanted.at + %(span)s::interval
         ORDER BY b.at, b.mention_id LIMIT %(reach)s)
    ) AS near
) AS found
JOIN deal.mention AS m USING (mention_id)
LEFT JOIN deal.deal AS d ON d.deal_id = m.deal_id
WHERE m.superseded_at IS NULL AND m.resolution IN ('new', 'match', 'ignored')
ORDER BY m.mention_id;
