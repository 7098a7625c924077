-- The canonical dump: every row by its natural key, without generated ids and without times.

-- name: dump_feeds
-- Feeds and their old addresses.
SELECT jsonb_build_array(f.url, f.title, f.publisher, f.active, f.etag, f.last_modified, f.body_sha256, f.identity_policy,
    f.last_outcome, f.failure_count, f.empty_count, f.moved_url,
    (SELECT jsonb_agg(a.url ORDER BY a.url) FROM news.feed_alias AS a WHERE a.feed_id = f.feed_id))::text AS line
FROM news.feed AS f
ORDER BY 1;

-- name: dump_entries
-- Entries with their other names.
SELECT jsonb_build_array(f.url, e.entry_key, e.link, e.title, e.content_sha256, e.version, e.state, e.read_detail, a.url,
    (SELECT jsonb_agg(n.alias ORDER BY n.alias) FROM news.entry_alias AS n WHERE n.entry_id = e.entry_id))::text AS line
FROM news.entry AS e
JOIN news.feed AS f USING (feed_id)
LEFT JOIN news.article AS a USING (article_id)
ORDER BY 1;

-- name: dump_articles
-- Articles with all their texts, and which other articles tell the same story.
SELECT jsonb_build_array(a.url, a.publisher, a.official, a.language, a.published_at, a.current_version, encode(a.minhash, 'hex'),
    v.version, v.title, v.text_sha256, v.text_source, v.page_outcome, v.superseded_at IS NULL, v.extracted_by, v.extract_error,
    (SELECT min(s.url) FROM news.article AS s WHERE s.story_id = a.story_id))::text AS line
FROM news.article AS a
LEFT JOIN news.article_version AS v USING (article_id)
ORDER BY 1;

-- name: dump_mentions
-- Mentions with parties, quantities and claims.
SELECT jsonb_build_array(a.url, m.article_version, m.ordinal, m.extractor_version, m.superseded_at IS NULL, m.salience, m.kind,
    m.status, m.amount, m.currency, m.amount_qualifier, m.amount_basis, m.term_months, m.announced_on, m.confidence,
    m.needs_review, m.resolution,
    (SELECT jsonb_agg(jsonb_build_array(p.organisation_id, p.name, p.role) ORDER BY p.organisation_id, p.role)
        FROM deal.mention_party AS p WHERE p.mention_id = m.mention_id),
    (SELECT jsonb_agg(jsonb_build_array(c.quantity, c.unit, c.qualifier, c.item) ORDER BY c.ordinal)
        FROM deal.mention_capacity AS c WHERE c.mention_id = m.mention_id),
    (SELECT jsonb_agg(jsonb_build_array(c.field, c.value, c.quote, c.start_offset, c.end_offset) ORDER BY c.ordinal)
        FROM deal.claim AS c WHERE c.mention_id = m.mention_id))::text AS line
FROM deal.mention AS m
JOIN news.article AS a USING (article_id)
ORDER BY 1;

-- name: dump_deals
-- Deals with their parties, their reports, and every version of what we believed.
SELECT jsonb_build_array(d.kind, d.status, d.disputed, trim_scale(d.amount), d.currency, trim_scale(d.amount_usd), d.announced_on,
    d.source_count, d.headline, d.version, d.stale, o.headline,
    (SELECT jsonb_agg(jsonb_build_array(p.organisation_id, p.role) ORDER BY p.organisation_id, p.role)
        FROM deal.deal_party AS p WHERE p.deal_id = d.deal_id),
    (SELECT jsonb_agg(jsonb_build_array(a.url, m.article_version, m.ordinal, m.extractor_version, m.resolution)
            ORDER BY a.url, m.article_version, m.ordinal, m.extractor_version)
        FROM deal.mention AS m JOIN news.article AS a USING (article_id) WHERE m.deal_id = d.deal_id),
    (SELECT jsonb_agg(jsonb_build_array(v.version, v.cause, v.record - '{first_reported_at,last_reported_at,merged_into}'::text[])
            ORDER BY v.version)
        FROM deal.deal_version AS v WHERE v.deal_id = d.deal_id))::text AS line
FROM deal.deal AS d
LEFT JOIN deal.deal AS o ON o.deal_id = d.merged_into
ORDER BY 1;

-- name: dump_judgements
-- What people decided.
SELECT jsonb_build_array(j.action, d.headline, o.headline, j.field, j.value, j.made_by, j.reason, u.action, u.reason)::text AS line
FROM deal.judgement AS j
LEFT JOIN deal.deal AS d ON d.deal_id = j.deal_id
LEFT JOIN deal.deal AS o ON o.deal_id = j.other_deal_id
LEFT JOIN deal.judgement AS u ON u.judgement_id = j.undoes
ORDER BY 1;

-- name: dump_alerts
-- Alerts with their deliveries.
SELECT jsonb_build_array(d.headline, a.deal_version, a.rule_id, a.event, a.event_key, a.cancelled_at IS NULL, v.channel, v.state,
    v.possible_repeat)::text AS line
FROM alert.alert AS a
LEFT JOIN deal.deal AS d USING (deal_id)
LEFT JOIN alert.delivery AS v USING (alert_id)
ORDER BY 1;
