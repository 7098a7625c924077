-- Articles that nobody knew, many at a time.

-- name: new_article_stories
-- As many new stories.
INSERT INTO news.story (created_at)
SELECT %(now)s::timestamptz FROM generate_series(1, %(count)s)
RETURNING story_id;

-- name: new_article_add
-- The articles whose address is new, each with its first version to come.
INSERT INTO news.article (url, url_sha256, publisher, official, language, published_at, published_source, current_version,
    story_id, minhash, first_seen_at, retracted_at, opt_outs)
VALUES %s
ON CONFLICT (url_sha256) DO NOTHING
RETURNING article_id, url_sha256;

-- name: new_article_version_add
-- Their first texts.
INSERT INTO news.article_version (article_id, version, title, text, text_sha256, text_source, page_outcome, page_detail,
    authors, read_at)
VALUES %s;

-- name: new_article_entries
-- The entries that led to them are read.
UPDATE news.entry AS e
SET state = 'read', article_id = v.article_id, read_attempts = read_attempts + 1, read_detail = v.detail
FROM (VALUES %s) AS v (entry_id, article_id, detail)
WHERE e.entry_id = v.entry_id;
