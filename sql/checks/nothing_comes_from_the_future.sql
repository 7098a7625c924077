-- No article is published, and no deal first reported, more than a day from now.
SELECT 'article' AS what, article_id AS id, published_at AS at FROM news.article WHERE published_at > now() + interval '1 day'
UNION ALL
SELECT 'deal', deal_id, first_reported_at FROM deal.deal WHERE first_reported_at > now() + interval '1 day';
