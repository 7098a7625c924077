-- What the daily upkeep and the demo's progress ask.

-- name: waiting
-- How much work waits at each stage.
SELECT
    (SELECT count(*) FROM news.feed WHERE active AND next_poll_at <= %(now)s) AS due_feeds,
    (SELECT count(*) FROM news.entry WHERE state = 'new' AND next_read_at <= %(now)s) AS unread_entries,
    (SELECT count(*) FROM news.article_version AS v JOIN news.article AS a USING (article_id)
        WHERE v.superseded_at IS NULL AND a.retracted_at IS NULL
            AND v.extracted_by IS NULL) AS unextracted_articles,
    (SELECT count(*) FROM deal.mention WHERE resolution = 'pending' AND superseded_at IS NULL) AS pending_mentions;

-- name: feed_newest_entry
-- The date of the newest entry that a feed has brought.
SELECT max(coalesce(published_at, first_seen_at)) FROM news.entry WHERE feed_id = %(feed_id)s;

-- name: article_mark_unextracted
-- Have articles first seen in that time read again.
UPDATE news.article_version AS v
SET extracted_by = NULL
FROM news.article AS a
WHERE a.article_id = v.article_id AND a.first_seen_at >= %(since)s AND v.superseded_at IS NULL
    AND (%(before)s::timestamptz IS NULL OR a.first_seen_at < %(before)s);

-- name: remove_old_fetches
-- Records of fetches that nobody looks at any more.
DELETE FROM news.feed_fetch WHERE fetched_at < %(before)s;

-- name: remove_old_runs
-- Records of runs that nobody looks at any more.
DELETE FROM ops.run WHERE started_at < %(before)s;

-- name: check_result_add
-- What a check of the data found.
INSERT INTO ops.check_result (check_name, checked_at, violations, sample)
VALUES (%(check_name)s, %(checked_at)s, %(violations)s, %(sample)s)
ON CONFLICT (check_name, checked_at) DO NOTHING;

-- name: feed_health_rows
-- Every feed with how it is.
SELECT * FROM analytics.feed_health;

-- name: label_mentions
-- Mentions of articles on which a person has judged a mention, with the deal they count for: what people teach.
SELECT m.article_id, m.mention_id, m.deal_id, m.resolution
FROM deal.mention AS m
WHERE m.superseded_at IS NULL AND EXISTS (
    SELECT FROM deal.judgement AS j
    JOIN deal.mention AS judged ON judged.mention_id = j.mention_id
    WHERE judged.article_id = m.article_id AND j.action IN ('accept', 'reject')
        AND NOT EXISTS (SELECT FROM deal.judgement AS u WHERE u.undoes = j.judgement_id))
ORDER BY m.article_id, m.mention_id;

-- name: holds_data
-- Whether there is anything here that a restore would replace.
SELECT to_regclass('news.article') IS NOT NULL;

-- name: others_connected
-- Who else works in this database now.
SELECT application_name FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
ORDER BY application_name;

-- name: restore_clear
-- Remove everything of ours, which a backup is about to bring back.
DROP SCHEMA IF EXISTS news, deal, alert, ops, analytics CASCADE;

-- name: restore_mark
-- The database is a backup's from now on; what it was about to send may have been sent.
WITH marked AS (
    UPDATE alert.delivery SET possible_repeat = true WHERE state IN ('queued', 'sending', 'held')
)
INSERT INTO ops.restore (restored_at) VALUES (%(now)s) ON CONFLICT DO NOTHING;

-- name: doctor_look
-- What the records of the work say of how it goes, and what the connection's user may do.
SELECT
    (SELECT max(ended_at) FROM ops.run WHERE stage = 'poll') AS polled_at,
    (SELECT count(*) FROM news.feed WHERE active AND failure_count > 0) AS failing_feeds,
    (SELECT count(*) FROM news.feed WHERE active) AS active_feeds,
    (SELECT coalesce(string_agg(DISTINCT channel, ', '), '') FROM alert.delivery WHERE state = 'dead') AS dead_channels,
    (SELECT coalesce(string_agg(c.check_name || ' (' || c.violations || ')', ', ' ORDER BY c.check_name), '')
        FROM (SELECT DISTINCT ON (check_name) check_name, violations FROM ops.check_result
            ORDER BY check_name, checked_at DESC) AS c
        WHERE c.violations > 0) AS violated_checks,
    (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) AS superuser,
    current_user AS username;
