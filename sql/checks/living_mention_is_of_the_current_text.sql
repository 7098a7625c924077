-- A mention counts only while its article's text does.
SELECT m.mention_id, m.article_id, m.article_version
FROM deal.mention AS m
JOIN news.article_version AS v ON v.article_id = m.article_id AND v.version = m.article_version
JOIN news.article_version AS n ON n.article_id = m.article_id AND n.superseded_at IS NULL
WHERE m.superseded_at IS NULL AND v.superseded_at IS NOT NULL AND n.extracted_by IS NOT NULL AND n.extract_error IS NULL;
