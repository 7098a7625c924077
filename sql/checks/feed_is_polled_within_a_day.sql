-- No active feed is a day late.
SELECT feed_id, url, next_poll_at FROM news.feed
WHERE active AND gone_at IS NULL AND next_poll_at < now() - interval '1 day';
