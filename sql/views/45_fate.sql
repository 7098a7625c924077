-- What became of every entry that a feed brought: nothing is dropped without a word.

CREATE VIEW analytics.entry_fate AS
SELECT
    s.seen_on,
    s.feed_id,
    s.publisher,
    count(*) AS entries,
    count(*) FILTER (WHERE s.fate = 'page') AS read_from_page,
    count(*) FILTER (WHERE s.fate = 'feed') AS read_from_feed,
    count(*) FILTER (WHERE s.fate = 'headline') AS headline_only,
    count(*) FILTER (WHERE s.fate = 'duplicate') AS duplicates,
    count(*) FILTER (WHERE s.fate = 'waiting') AS waiting,
    count(*) FILTER (WHERE s.fate = 'held') AS held,
    count(*) FILTER (WHERE s.fate = 'failed') AS failed,
    count(*) FILTER (WHERE s.fate = 'unaccounted') AS unaccounted
FROM (
    SELECT
        (e.first_seen_at AT TIME ZONE 'UTC')::date AS seen_on,
        e.feed_id,
        f.publisher,
        CASE
            WHEN e.state = 'new' THEN 'waiting'
            WHEN e.state = 'held' THEN 'held'
            WHEN e.state = 'failed' AND e.read_detail IS NOT NULL THEN 'failed'
            WHEN e.state = 'read' AND v.text_source IS NOT NULL AND EXISTS (
                SELECT FROM news.entry AS o WHERE o.article_id = e.article_id AND o.entry_id < e.entry_id
            ) THEN 'duplicate'
            WHEN e.state = 'read' AND v.text_source IS NOT NULL THEN v.text_source
            ELSE 'unaccounted'
        END AS fate
    FROM news.entry AS e
    JOIN news.feed AS f USING (feed_id)
    LEFT JOIN news.article_version AS v ON v.article_id = e.article_id AND v.superseded_at IS NULL
) AS s
GROUP BY s.seen_on, s.feed_id, s.publisher;

COMMENT ON VIEW analytics.entry_fate IS 'What became of the entries of each feed, by the day they were first seen; the kinds add up to all entries.';
COMMENT ON COLUMN analytics.entry_fate.seen_on IS 'The day (UTC) on which they were first seen. Example: 2026-03-01.';
COMMENT ON COLUMN analytics.entry_fate.feed_id IS 'The feed. Example: 4.';
COMMENT ON COLUMN analytics.entry_fate.publisher IS 'Who publishes it. Example: "Harbor Gazette".';
COMMENT ON COLUMN analytics.entry_fate.entries IS 'How many entries were first seen that day. Example: 14.';
COMMENT ON COLUMN analytics.entry_fate.read_from_page IS 'Stored with the text of their page. Example: 9.';
COMMENT ON COLUMN analytics.entry_fate.read_from_feed IS 'Stored with the feed''s text, since the page was walled or failed. Example: 2.';
COMMENT ON COLUMN analytics.entry_fate.headline_only IS 'Stored with headline and teaser only, for the same reason. Example: 1.';
COMMENT ON COLUMN analytics.entry_fate.duplicates IS 'That lead to an article which another entry led to before. Example: 1.';
COMMENT ON COLUMN analytics.entry_fate.waiting IS 'That wait to be read. Example: 1.';
COMMENT ON COLUMN analytics.entry_fate.held IS 'That wait for a person, since their feed looks taken over. Example: 0.';
COMMENT ON COLUMN analytics.entry_fate.failed IS 'That could not be read, with the reason kept. Example: 0.';
COMMENT ON COLUMN analytics.entry_fate.unaccounted IS 'Of which nothing is known: always 0, or a check of the data fails. Example: 0.';
