-- The quote of every claim of the last two days stands at its place in the article.
SELECT c.mention_id, c.ordinal, c.quote
FROM deal.claim AS c
JOIN deal.mention AS m USING (mention_id)
JOIN news.article_version AS v ON v.article_id = m.article_id AND v.version = m.article_version
WHERE m.extracted_at > now() - interval '2 days'
    AND substr(v.title || E'\n\n' || v.text, c.start_offset + 1, c.end_offset - c.start_offset) <> c.quote;
