-- Seconds of work by stage, and from the first batch's begin to the last one's end.
SELECT stage, count(*), sum(extract(epoch FROM ended_at - started_at)), extract(epoch FROM max(ended_at) - min(started_at))
FROM ops.run
GROUP BY stage;
