-- No entry waits to be read for longer than a day past its time.
SELECT entry_id, feed_id, title, next_read_at FROM news.entry WHERE state = 'new' AND next_read_at < now() - interval '1 day';
