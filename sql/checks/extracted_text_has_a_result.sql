-- A text that was read for deals was read well, or its row says what broke.
SELECT article_id, version, extracted_by FROM news.article_version
WHERE superseded_at IS NULL AND extracted_by IS NOT NULL AND extracted_at IS NULL AND extract_error IS NULL;
