-- A made-up market of any size, written straight into the tables of a migrated, empty database: %(deals)s deals over
-- four years, ten articles and entries, three mentions and up to four versions each. Everything follows from the
-- numbers, so that two runs measure the same.

INSERT INTO news.feed (url, title, publisher, last_polled_at, last_ok_at, last_outcome, failure_count)
SELECT 'https://outlet-' || i || '.example/rss', 'Outlet ' || i, 'Outlet ' || i, now(), now(), 'ok', (i %% 40 = 0)::integer
FROM generate_series(1, 500) AS i;

INSERT INTO news.feed_fetch (feed_id, fetched_at, outcome, elapsed_ms, entries_seen, entries_new, next_poll_at)
SELECT feed_id, now() - make_interval(hours => h), 'ok', 100 + h, 20, 1, now() FROM news.feed CROSS JOIN generate_series(1, 240) AS h;

INSERT INTO deal.organisation (organisation_id, name, type, parent_id, country)
SELECT 'o' || i, 'Company ' || i, 'company', CASE WHEN i %% 7 = 0 THEN 'o' || (i / 7) END, (ARRAY['US', 'FR', 'JP', 'DE'])[i %% 4 + 1]
FROM generate_series(1, 5000) AS i;

INSERT INTO deal.organisation_alias (alias, organisation_id) SELECT 'Firm ' || i, 'o' || i FROM generate_series(1, 5000, 3) AS i;

INSERT INTO news.story (created_at) SELECT now() FROM generate_series(1, %(deals)s * 5);

INSERT INTO news.article (url, url_sha256, publisher, official, language, published_at, current_version, story_id, first_seen_at)
SELECT 'https://outlet.example/' || i, i::text, 'Outlet ' || (i %% 500), i %% 20 = 0, (ARRAY['en', 'fr', 'ja'])[i %% 3 + 1],
    at, 1, (i - 1) / 2 + 1, at
FROM generate_series(1, %(deals)s * 10) AS i
CROSS JOIN LATERAL (SELECT now() - make_interval(mins => (((i - 1) / 10 + 1) * 17) %% 2000000 - i %% 10) AS at) AS x;

INSERT INTO news.article_version (article_id, version, title, text, text_sha256, text_source, page_outcome, read_at, extracted_by)
SELECT article_id, 1, 'Title of article ' || article_id, repeat('Some words of a news article. ', 56), 'x', 'page', 'ok', now(), 'v1'
FROM news.article;

INSERT INTO news.entry (feed_id, entry_key, title, summary, content_sha256, first_seen_at, last_seen_at, state, article_id)
SELECT article_id %% 500 + 1, article_id::text, 'Title of article ' || article_id, '', 'x', first_seen_at, first_seen_at, 'read', article_id
FROM news.article;

INSERT INTO deal.deal (kind, status, disputed, amount, currency, amount_qualifier, amount_basis, amount_usd, usd_rate, usd_rate_on,
    term_months, announced_on, first_reported_at, last_reported_at, source_count, independent_source_count, officially_confirmed,
    confidence, needs_review, headline, search, created_at, updated_at, version)
SELECT (ARRAY['compute_contract', 'chip_supply', 'power', 'datacenter', 'equity_investment', 'acquisition', 'debt_financing',
        'compute_contract', 'partnership'])[i %% 9 + 1],
    (ARRAY['announced', 'announced', 'announced', 'announced', 'completed', 'rumored', 'cancelled'])[i * 13 %% 7 + 1],
    i %% 50 = 0, amount, CASE WHEN amount IS NOT NULL THEN CASE WHEN i %% 5 = 0 THEN 'EUR' ELSE 'USD' END END,
    CASE WHEN amount IS NOT NULL THEN (ARRAY['exact', 'approx', 'exact', 'up_to'])[i * 3 %% 4 + 1] END,
    CASE WHEN amount IS NOT NULL THEN CASE WHEN i %% 15 = 0 THEN 'per_year' ELSE 'total' END END,
    amount, 1, current_date, CASE WHEN i %% 2 = 0 THEN 12 + i %% 120 END, CASE WHEN i %% 3 > 0 THEN at::date END, at, at, 3, 2,
    i %% 4 = 0, 0.9, i %% 25 = 0, headline, to_tsvector('simple', headline), at, at, 1 + i %% 4
FROM generate_series(1, %(deals)s) AS i
CROSS JOIN LATERAL (SELECT now() - make_interval(mins => (i * 17) %% 2000000) AS at,
    CASE WHEN i %% 3 > 0 THEN round(1000000 * exp((i::bigint * 7919 %% 10000) / 1000.0))::numeric END AS amount,
    'Company ' || (power((i::bigint * 31 %% 1000) / 1000.0, 3) * 4900)::integer + 1 || ' buys deal ' || i || ' from Company '
        || (power((i::bigint * 577 %% 1009) / 1009.0, 3) * 4900)::integer + 50 AS headline) AS x;

INSERT INTO deal.deal_party
SELECT DISTINCT d.deal_id, 'o' || p.organisation, p.role
FROM deal.deal AS d
CROSS JOIN LATERAL (VALUES
    (CASE d.kind WHEN 'equity_investment' THEN 'investor' WHEN 'acquisition' THEN 'acquirer' WHEN 'debt_financing' THEN 'lender'
        WHEN 'partnership' THEN 'partner' ELSE 'customer' END,
     CASE d.kind WHEN 'equity_investment' THEN 'investee' WHEN 'acquisition' THEN 'target' WHEN 'debt_financing' THEN 'borrower'
        WHEN 'partnership' THEN 'partner' ELSE 'provider' END)) AS r (payer, payee)
CROSS JOIN LATERAL (VALUES
    ((power((d.deal_id * 31 %% 1000) / 1000.0, 3) * 4900)::integer + 1, r.payer, true),
    ((power((d.deal_id * 577 %% 1009) / 1009.0, 3) * 4900)::integer + 50, r.payee, true),
    ((d.deal_id %% 4900)::integer + 2, r.payer, d.deal_id %% 7 = 0),
    ((d.deal_id %% 4800)::integer + 60, r.payee, d.deal_id %% 10 = 0)) AS p (organisation, role, there)
WHERE p.there;

INSERT INTO deal.deal_capacity (deal_id, ordinal, quantity, unit, qualifier)
SELECT deal_id, 0, CASE WHEN deal_id %% 2 = 0 THEN 1 + deal_id %% 5 ELSE 1000 * (1 + deal_id %% 90) END,
    CASE WHEN deal_id %% 2 = 0 THEN 'GW' ELSE 'GPU' END, 'exact'
FROM deal.deal WHERE deal_id %% 3 = 1;

INSERT INTO deal.mention (article_id, article_version, ordinal, extractor_version, extracted_at, salience, kind, status, amount, currency,
    amount_qualifier, amount_basis, term_months, announced_on, confidence, needs_review, resolution, deal_id)
SELECT (d.deal_id - 1) * 10 + n, 1, 0, 'v1', now(), CASE WHEN d.deal_id * 3 %% 10 = n OR d.deal_id %% 12 = 0 THEN 'background' ELSE 'primary' END,
    d.kind, d.status, d.amount + CASE WHEN n = 3 AND d.deal_id %% 10 = 0 THEN 1 ELSE 0 END,
    d.currency, d.amount_qualifier, d.amount_basis, d.term_months, d.announced_on, 0.9, false,
    CASE WHEN n = 1 THEN 'new' ELSE 'match' END, d.deal_id
FROM deal.deal AS d CROSS JOIN generate_series(1, 3) AS n;

INSERT INTO deal.mention (article_id, article_version, ordinal, extractor_version, extracted_at, salience, kind, status, confidence,
    needs_review, resolution)
SELECT d.deal_id * 10, 1, 0, 'v1', now(), 'primary', d.kind, d.status, 0.5, true, 'review' FROM deal.deal AS d WHERE d.deal_id %% 200 = 0;

INSERT INTO deal.mention_party (mention_id, organisation_id, name, role)
SELECT mention_id, 'o' || (mention_id %% 5000 + 1), 'Company ' || (mention_id %% 5000 + 1), 'partner' FROM deal.mention;

INSERT INTO deal.mention_decision (mention_id, deal_id, verdict, score, reasons, decided_at)
SELECT mention_id, coalesce(deal_id, mention_id %% %(deals)s + 1), CASE resolution WHEN 'match' THEN 'match' ELSE 'new' END, 4.5,
    '{"same_parties": 3.1, "same_amount": 1.4}', now()
FROM deal.mention;

INSERT INTO deal.claim (mention_id, ordinal, field, value, quote, start_offset, end_offset, probability)
SELECT m.mention_id, n, (ARRAY['amount', 'kind', 'status', 'currency', 'party:provider:Company'])[n],
    coalesce((ARRAY[m.amount::text, m.kind, m.status, m.currency, 'Company'])[n], 'x'), 'words of', 60 + 30 * n, 68 + 30 * n, 0.9
FROM deal.mention AS m CROSS JOIN generate_series(1, 5) AS n
WHERE n > 1 OR m.amount IS NOT NULL;

INSERT INTO deal.deal_version (deal_id, version, recorded_at, valid_at, cause, mention_id, record)
SELECT d.deal_id, n, least(d.created_at + make_interval(hours => (n - 1) * 7), now()), d.created_at,
    CASE WHEN n = 1 THEN 'reported' ELSE 'corroborated' END, d.deal_id * 3,
    jsonb_build_object('kind', d.kind, 'status', CASE WHEN n < d.version AND d.deal_id %% 8 = 0 THEN 'rumored' ELSE d.status END,
        'disputed', d.disputed, 'amount', (d.amount * CASE WHEN n = 1 AND d.deal_id %% 9 = 0 THEN 2 ELSE 1 END)::text, 'amount_low', NULL,
        'amount_high', NULL, 'amount_text', 'about a sum', 'currency', d.currency, 'amount_qualifier', d.amount_qualifier,
        'amount_basis', d.amount_basis, 'amount_usd', d.amount::text, 'usd_rate', '1', 'usd_rate_on', d.usd_rate_on, 'valuation', NULL,
        'valuation_currency', NULL, 'term_months', d.term_months, 'announced_on', d.announced_on, 'headline', d.headline,
        'first_reported_at', d.first_reported_at, 'last_reported_at', d.last_reported_at, 'capacity', '[]'::jsonb,
        'source_count', n, 'independent_source_count', least(n, 2), 'officially_confirmed', d.officially_confirmed, 'confidence', 0.9,
        'needs_review', d.needs_review, 'parties', p.parties)
FROM deal.deal AS d
CROSS JOIN generate_series(1, 4) AS n
CROSS JOIN LATERAL (SELECT jsonb_agg(jsonb_build_object('name', o.name, 'role', q.role, 'organisation_id', q.organisation_id)) AS parties
    FROM deal.deal_party AS q JOIN deal.organisation AS o USING (organisation_id) WHERE q.deal_id = d.deal_id) AS p
WHERE n <= d.version;

-- One in fifty turned out to be another one.
INSERT INTO deal.deal_version (deal_id, version, recorded_at, valid_at, cause, record)
SELECT d.deal_id, d.version + 1, now(), now(), 'merged', v.record || jsonb_build_object('merged_into', d.deal_id - 1)
FROM deal.deal AS d JOIN deal.deal_version AS v USING (deal_id, version) WHERE d.deal_id %% 50 = 49;
UPDATE deal.deal SET merged_into = deal_id - 1, version = version + 1, updated_at = now() WHERE deal_id %% 50 = 49;
