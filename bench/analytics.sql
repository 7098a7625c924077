-- A made-up market of any size, written straight into the tables: %(deals)s deals, ten articles and three mentions each.

INSERT INTO news.feed (url, title, publisher) SELECT 'https://outlet-' || i || '.example/rss', 'Outlet ' || i, 'Outlet ' || i
FROM generate_series(1, 500) AS i;

INSERT INTO deal.organisation (organisation_id, name, type, parent_id, country)
SELECT 'o' || i, 'Company ' || i, 'company', CASE WHEN i %% 7 = 0 THEN 'o' || (i / 7) END, (ARRAY['US', 'FR', 'JP', 'DE'])[i %% 4 + 1]
FROM generate_series(1, 3000) AS i;

INSERT INTO news.story (created_at) SELECT now() FROM generate_series(1, %(deals)s * 5);

INSERT INTO news.article (url, url_sha256, publisher, language, published_at, current_version, story_id, first_seen_at)
SELECT 'https://outlet.example/' || i, i::text, 'Outlet ' || (i %% 500), (ARRAY['en', 'fr', 'ja'])[i %% 3 + 1],
    now() - make_interval(mins => i %% 1000000), 1, (i - 1) / 2 + 1, now() - make_interval(mins => i %% 1000000)
FROM generate_series(1, %(deals)s * 10) AS i;

INSERT INTO news.article_version (article_id, version, title, text, text_sha256, text_source, page_outcome, read_at, extracted_by)
SELECT article_id, 1, 'Title ' || article_id, repeat('words and more words ', 10), 'x', 'page', 'ok', now(), 'v1' FROM news.article;

INSERT INTO deal.deal (kind, status, amount, currency, amount_qualifier, amount_basis, amount_usd, usd_rate, usd_rate_on, term_months,
    announced_on, first_reported_at, last_reported_at, source_count, independent_source_count, confidence, headline, search,
    created_at, updated_at)
SELECT (ARRAY['compute_contract', 'chip_supply', 'power', 'datacenter', 'equity_investment'])[i %% 5 + 1],
    CASE WHEN i %% 6 = 0 THEN 'rumored' ELSE 'announced' END, amount, 'USD',
    CASE WHEN i %% 9 = 0 THEN 'up_to' ELSE 'exact' END, 'total', amount, 1, current_date, 12 + i %% 60, (at)::date, at, at, 3, 2, 0.9,
    'Deal ' || i, to_tsvector('simple', 'Deal ' || i || ' Company ' || (i %% 3000)), at, at
FROM generate_series(1, %(deals)s) AS i
CROSS JOIN LATERAL (SELECT now() - make_interval(mins => (i * 17) %% 1000000) AS at,
    round(1000000 * exp((i * 7919 %% 10000) / 1000.0))::numeric AS amount) AS x;

INSERT INTO deal.deal_party
SELECT deal_id, 'o' || (power((deal_id * 31 %% 1000) / 1000.0, 3) * 2900)::integer + 1,
    CASE WHEN kind = 'equity_investment' THEN 'investor' ELSE 'customer' END FROM deal.deal
UNION ALL
SELECT deal_id, 'o' || (power((deal_id * 57 %% 1000) / 1000.0, 3) * 2900)::integer + 50,
    CASE WHEN kind = 'equity_investment' THEN 'investee' ELSE 'provider' END FROM deal.deal;

INSERT INTO deal.deal_capacity (deal_id, ordinal, quantity, unit, qualifier)
SELECT deal_id, 0, 1 + deal_id %% 5, 'GW', 'exact' FROM deal.deal WHERE deal_id %% 3 = 0;

INSERT INTO deal.mention (article_id, article_version, ordinal, extractor_version, extracted_at, salience, kind, status, amount, currency,
    amount_qualifier, amount_basis, announced_on, confidence, needs_review, resolution, deal_id)
SELECT (d.deal_id - 1) * 10 + n, 1, 0, 'v1', now(), 'primary', d.kind, d.status, d.amount + CASE WHEN n = 3 AND d.deal_id %% 10 = 0 THEN 1 ELSE 0 END,
    'USD', d.amount_qualifier, 'total', d.announced_on, 0.9, false, CASE WHEN n = 1 THEN 'new' ELSE 'match' END, d.deal_id
FROM deal.deal AS d CROSS JOIN generate_series(1, 3) AS n;

INSERT INTO deal.claim (mention_id, ordinal, field, value, quote, start_offset, end_offset, probability)
SELECT mention_id, n, (ARRAY['amount', 'kind', 'status'])[n], 'x', 'words and', 10, 19, 0.9
FROM deal.mention CROSS JOIN generate_series(1, 3) AS n;

INSERT INTO deal.deal_version (deal_id, version, recorded_at, valid_at, cause, record)
SELECT d.deal_id, n, d.created_at + make_interval(hours => n * 5), d.created_at, CASE WHEN n = 1 THEN 'reported' ELSE 'amended' END,
    jsonb_build_object('kind', d.kind, 'status', CASE WHEN n = 1 AND d.deal_id %% 8 = 0 THEN 'rumored' ELSE d.status END, 'amount', (d.amount / (3 - n))::text,
        'currency', 'USD', 'amount_usd', d.amount::text, 'headline', d.headline, 'parties', '[]'::jsonb, 'source_count', n)
FROM deal.deal AS d CROSS JOIN generate_series(1, 2) AS n;

UPDATE deal.deal SET version = 2;
