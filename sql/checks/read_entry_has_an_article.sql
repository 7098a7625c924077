-- An entry that was read has its article.
SELECT entry_id, state FROM news.entry WHERE state = 'read' AND article_id IS NULL;
