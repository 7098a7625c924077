-- Pages and feeds as they were fetched.

-- name: raw_body_keep
-- Bodies by their hash; one that is there already was fetched once more.
INSERT INTO news.raw_body (sha256, body, bytes, kept_at)
VALUES %s
ON CONFLICT (sha256) DO UPDATE SET kept_at = greatest(raw_body.kept_at, excluded.kept_at);

-- name: raw_document_keep
-- Whose bodies they are.
INSERT INTO news.raw_document (feed_id, entry_id, fetched_at, url, content_type, sha256)
VALUES %s
ON CONFLICT (feed_id, entry_id, sha256) DO UPDATE
    SET fetched_at = excluded.fetched_at, url = excluded.url, content_type = excluded.content_type;

-- name: raw_documents_remove
-- Documents from before a time.
DELETE FROM news.raw_document WHERE fetched_at < %(before)s;

-- name: raw_bodies_remove
-- Bodies that belong to no document any more.
DELETE FROM news.raw_body AS b
WHERE b.kept_at < %(before)s AND NOT EXISTS (SELECT FROM news.raw_document AS d WHERE d.sha256 = b.sha256);

-- name: raw_pages_since
-- The newest kept page of each article fetched since then, in the order of fetching.
SELECT d.raw_document_id
FROM news.raw_document AS d
JOIN news.entry AS e USING (entry_id)
WHERE d.fetched_at >= %(since)s AND e.article_id IS NOT NULL
    AND NOT EXISTS (
        SELECT FROM news.raw_document AS o
        JOIN news.entry AS oe USING (entry_id)
        WHERE oe.article_id = e.article_id AND (o.fetched_at, o.raw_document_id) > (d.fetched_at, d.raw_document_id))
ORDER BY d.fetched_at, d.raw_document_id;

-- name: raw_pages_load
-- Kept pages with their entries and articles.
SELECT d.raw_document_id, d.entry_id, d.fetched_at, d.url, d.content_type, b.body, a.article_id, a.url AS article_url,
    v.title, v.text, v.text_source
FROM news.raw_document AS d
JOIN news.raw_body AS b USING (sha256)
JOIN news.entry AS e USING (entry_id)
JOIN news.article AS a ON a.article_id = e.article_id
JOIN news.article_version AS v ON v.article_id = a.article_id AND v.version = a.current_version
WHERE d.raw_document_id = ANY (%(ids)s)
ORDER BY d.fetched_at, d.raw_document_id;

-- name: raw_kept
-- How much is kept: documents, bodies, bytes before and after compression.
SELECT (SELECT count(*) FROM news.raw_document) AS documents, count(*) AS bodies, coalesce(sum(bytes), 0)::bigint AS bytes,
    coalesce(sum(octet_length(body)), 0)::bigint AS compressed
FROM news.raw_body;
