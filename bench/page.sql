-- Fills a migrated, empty database for bench/page.py: %(deals)s deals and %(reports)s reports of 5,000 companies.
INSERT INTO deal.organisation (organisation_id, name, type)
SELECT 'org' || i, 'Company ' || i, 'company' FROM generate_series(1, 5000) AS i;

INSERT INTO deal.deal (kind, status, amount, currency, amount_qualifier, amount_basis, amount_usd, announced_on,
    first_reported_at, last_reported_at, source_count, independent_source_count, confidence, headline, search,
    created_at, updated_at)
SELECT (ARRAY['compute_contract', 'chip_supply', 'datacenter', 'power', 'equity_investment', 'acquisition',
        'debt_financing', 'joint_venture', 'partnership'])[1 + i %% 9],
    (ARRAY['announced', 'announced', 'announced', 'completed', 'rumored', 'cancelled'])[1 + i %% 6],
    usd, CASE WHEN usd IS NOT NULL THEN 'USD' END,
    CASE WHEN usd IS NOT NULL THEN (ARRAY['exact', 'up_to', 'approx'])[1 + i %% 3] END, 'total', usd,
    (now() - age)::date, now() - age, now(), 1 + i %% 9, 1 + i %% 5, 0.9, headline, to_tsvector('simple', headline),
    now(), now() - age / 2
FROM (
    SELECT i, random() * interval '1500 days' AS age,
        CASE WHEN i %% 3 > 0 THEN (random() * 1e10)::bigint END AS usd,
        'Company ' || 1 + i %% 5000 || ' buys compute from Company ' || 1 + (i * 7) %% 5000 AS headline
    FROM generate_series(1, %(deals)s) AS i
) AS made;

INSERT INTO deal.deal_party (deal_id, organisation_id, role)
SELECT i, 'org' || 1 + i %% 5000, 'customer' FROM generate_series(1, %(deals)s) AS i
UNION ALL
SELECT i, 'org' || 1 + (i * 7) %% 5000, 'provider' FROM generate_series(1, %(deals)s) AS i;

INSERT INTO news.article (url, url_sha256, publisher, language, published_at, current_version)
SELECT 'https://newsroom.example/' || i, md5(i::text), 'Outlet ' || i %% 100, 'en', now() - random() * interval '1500 days', 1
FROM generate_series(1, %(reports)s) AS i;

INSERT INTO news.article_version (article_id, version, title, text, text_sha256, text_source, page_outcome, read_at)
SELECT i, 1, 'A title of article ' || i, repeat('Some text of a news article. ', 60), md5(i::text), 'page', 'ok', now()
FROM generate_series(1, %(reports)s) AS i;

INSERT INTO deal.mention (article_id, article_version, ordinal, extractor_version, extracted_at, salience, kind, status,
    confidence, needs_review, resolution, deal_id)
SELECT i, 1, 0, 'bench', now(), CASE WHEN i %% 10 = 0 THEN 'background' ELSE 'primary' END, 'power', 'announced', 0.9,
    false, CASE WHEN i %% 500 = 0 THEN 'review' ELSE 'match' END, 1 + i %% %(deals)s
FROM generate_series(1, %(reports)s) AS i;

INSERT INTO deal.claim (mention_id, ordinal, field, value, quote, start_offset, end_offset, probability)
SELECT i, 0, 'amount', '1', 'text of a', 100, 109, 0.9 FROM generate_series(1, %(reports)s) AS i;

INSERT INTO news.feed (url, title, publisher, last_polled_at)
SELECT 'https://newsroom.example/feed/' || i, 'Feed ' || i, 'Outlet ' || i, now() FROM generate_series(1, 120) AS i;
