-- name: empty
UPDATE news.entry SET article_id = NULL, state = 'read';
DELETE FROM news.article;

-- name: articles
INSERT INTO news.article (url, url_sha256, publisher, language, published_at, published_source, current_version, minhash,
    first_seen_at)
SELECT a.url, encode(sha256(convert_to(a.url, 'UTF8')), 'hex'), 'Paper', 'en', a.at, 'json-ld', 1,
    %(head)s::bytea || substr(%(pool)s::bytea, (1 + n * 776::bigint %% %(last)s)::integer, 768), a.at
FROM (SELECT n, 'http://old.example/' || n AS url, %(now)s::timestamptz - (n::float8 / %(size)s) * interval '365 days' AS at
      FROM generate_series((SELECT count(*) FROM news.article) + 1, %(size)s) AS n) AS a;

-- name: versions
INSERT INTO news.article_version (article_id, version, title, text, text_sha256, text_source, page_outcome, read_at,
    extracted_by, extracted_at)
SELECT a.article_id, 1, 'Title ' || a.article_id, %(text)s, a.url_sha256, 'page', 'ok', a.first_seen_at, 'bench-1',
    a.first_seen_at
FROM news.article AS a
WHERE NOT EXISTS (SELECT FROM news.article_version AS v WHERE v.article_id = a.article_id);

-- name: entries
INSERT INTO news.entry (feed_id, entry_key, link, title, summary, content_sha256, first_seen_at, last_seen_at, state,
    next_read_at, article_id)
SELECT 1 + a.article_id %% 200, 'g:old-' || a.article_id, a.url, 'Title', %(text)s, a.url_sha256, a.first_seen_at,
    a.first_seen_at, 'read', a.first_seen_at, a.article_id
FROM news.article AS a
WHERE a.url LIKE 'http://old.example/%%'
ON CONFLICT DO NOTHING;

-- name: mentions
INSERT INTO deal.mention (article_id, article_version, ordinal, extractor_version, extracted_at, salience, kind, status,
    confidence, needs_review, resolution, resolved_at)
SELECT a.article_id, 1, 0, 'bench-1', a.first_seen_at, 'primary', 'compute_contract', 'announced', 0.9, false, 'ignored',
    a.first_seen_at
FROM news.article AS a
WHERE a.article_id %% 3 = 0 AND a.url LIKE 'http://old.example/%%'
ON CONFLICT DO NOTHING;
