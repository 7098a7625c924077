-- No text waits for the extractor for longer than a day.
SELECT article_id, version, title, read_at FROM news.article_version
WHERE superseded_at IS NULL AND extracted_by IS NULL AND read_at < now() - interval '1 day';
