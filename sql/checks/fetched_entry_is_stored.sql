-- What the polls of the last two days counted as new entries is there.
SELECT p.feed_id, p.fetched_at, p.entries_new, count(e.entry_id) AS stored
FROM news.feed_fetch AS p
LEFT JOIN news.entry AS e ON e.feed_id = p.feed_id AND e.first_seen_at = p.fetched_at
WHERE p.fetched_at > now() - interval '2 days' AND p.entries_new > 0
GROUP BY p.feed_fetch_id
HAVING count(e.entry_id) <> p.entries_new;
