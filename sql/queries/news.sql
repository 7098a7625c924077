-- Feeds, polls, entries, articles.

-- name: feed_sync_update
-- Give known feeds (also under an old address) what the registry now says; a feed removed by hand stays removed.
UPDATE news.feed AS f
SET title = g.title, publisher = g.publisher, site_url = g.site_url, language = g.language, category = g.category,
    official = g.official, expected_entries = g.expected_entries,
    expected_entries_per_day = g.expected_per_day, active = true, registered_by = 'opml'
FROM (
    SELECT coalesce(a.feed_id, k.feed_id) AS feed_id, v.title, v.publisher, v.site_url, v.language, v.category,
        v.official, v.expected_entries::integer, v.expected_per_day::integer AS expected_per_day
    FROM (VALUES %s) AS v (url, title, publisher, site_url, language, category, official, expected_entries,
        expected_per_day)
    LEFT JOIN news.feed AS k ON k.url = v.url
    LEFT JOIN news.feed_alias AS a ON a.url = v.url AND k.feed_id IS NULL
) AS g
WHERE f.feed_id = g.feed_id
    AND (f.active OR f.registered_by = 'opml')
    AND (f.title, f.publisher, f.site_url, f.language, f.category, f.official, f.expected_entries,
            f.expected_entries_per_day, f.active, f.registered_by)
        IS DISTINCT FROM
        (g.title, g.publisher, g.site_url, g.language, g.category, g.official, g.expected_entries,
            g.expected_per_day, true, 'opml')
RETURNING f.feed_id;

-- name: feed_sync_insert
-- Add the feeds we do not know under any address.
INSERT INTO news.feed (url, title, publisher, site_url, language, category, official, expected_entries,
    expected_entries_per_day, next_poll_at, created_at)
SELECT v.url, v.title, v.publisher, v.site_url, v.language, v.category, v.official, v.expected_entries::integer,
    v.expected_per_day::integer, v.now_at, v.now_at
FROM (VALUES %s) AS v (url, title, publisher, site_url, language, category, official, expected_entries,
    expected_per_day, now_at)
WHERE NOT EXISTS (SELECT FROM news.feed_alias AS a WHERE a.url = v.url)
ON CONFLICT (url) DO NOTHING
RETURNING feed_id;

-- name: feed_sync_deactivate
-- Feeds that left the registry are no longer polled; their rows and articles stay.
UPDATE news.feed AS f
SET active = false
WHERE f.active AND f.registered_by = 'opml' AND NOT f.url = ANY (%(urls)s)
    AND NOT EXISTS (SELECT FROM news.feed_alias AS a WHERE a.feed_id = f.feed_id AND a.url = ANY (%(urls)s));

-- name: feed_add
-- Add one feed by hand, or take up again one that was removed.
INSERT INTO news.feed (url, title, publisher, site_url, language, category, official, expected_entries,
    expected_entries_per_day, registered_by, next_poll_at, created_at)
VALUES (%(url)s, %(title)s, %(publisher)s, %(site_url)s, %(language)s, %(category)s, %(official)s, %(expected_entries)s,
    %(expected_per_day)s, 'command', %(now)s, %(now)s)
ON CONFLICT (url) DO UPDATE SET active = true, gone_at = NULL, title = excluded.title, publisher = excluded.publisher,
    site_url = excluded.site_url, language = excluded.language, category = excluded.category,
    official = excluded.official, expected_entries = excluded.expected_entries,
    expected_entries_per_day = excluded.expected_entries_per_day, registered_by = 'command',
    next_poll_at = excluded.next_poll_at
RETURNING feed_id;

-- name: feed_remove
-- Stop polling a feed, given its present or an old address.
UPDATE news.feed AS f
SET active = false, registered_by = 'command'
WHERE f.url = %(url)s OR f.feed_id = (SELECT a.feed_id FROM news.feed_alias AS a WHERE a.url = %(url)s);

-- name: feed_list
-- All feeds with their health, active ones first.
SELECT feed_id, url, title, publisher, site_url, language, category, official, expected_entries,
    expected_entries_per_day, active, last_polled_at, last_ok_at, last_outcome, last_detail, failure_count, next_poll_at,
    gone_at, held_at, held_reason, (SELECT count(*) FROM news.entry AS e WHERE e.feed_id = f.feed_id AND e.state = 'held')
    AS entries_held
FROM news.feed AS f
ORDER BY active DESC, publisher, url;

-- name: feed_release
-- A person decided on a held feed: it goes on, and where its entries lead is known from now on.
UPDATE news.feed AS f
SET held_at = NULL, held_reason = NULL, sites = CASE WHEN %(keep)s THEN '{}' ELSE f.sites END
WHERE f.held_at IS NOT NULL
    AND (f.url = %(url)s OR f.feed_id = (SELECT a.feed_id FROM news.feed_alias AS a WHERE a.url = %(url)s))
RETURNING f.feed_id;

-- name: entry_release
-- The feed's held entries are read from now on, or never.
UPDATE news.entry
SET state = CASE WHEN %(keep)s THEN 'new' ELSE 'failed' END, next_read_at = %(now)s,
    read_detail = CASE WHEN %(keep)s THEN read_detail ELSE 'dropped by a person: the feed was another publisher''s' END
WHERE feed_id = %(feed_id)s AND state = 'held';

-- name: feed_due
-- Feeds whose time has come, the longest waiting first.
SELECT feed_id FROM news.feed
WHERE active AND gone_at IS NULL AND next_poll_at <= %(now)s
ORDER BY next_poll_at, feed_id
LIMIT %(limit)s;

-- name: feed_states
-- What polling decides on.
SELECT feed_id, url, title, publisher, language, official, expected_entries, etag, last_modified, body_sha256,
    identity_policy, interval_seconds, next_poll_at, last_polled_at, last_ok_at, last_full_get_at, failure_count,
    empty_count, not_a_feed_count, moved_url, moved_seen_count, moved_seen_on, gone_at, created_at, sites, held_at,
    held_reason, stated_language, last_entries_seen
FROM news.feed
WHERE feed_id = ANY (%(ids)s)
ORDER BY feed_id;

-- name: feed_lock
-- Hold feeds while their polls are recorded; two polls of one feed queue up here.
SELECT feed_id, url FROM news.feed WHERE feed_id = ANY (%(ids)s) ORDER BY feed_id FOR UPDATE;

-- name: feed_fetch_recorded
-- Which of these very polls were recorded already (their COMMIT came through though we never heard of it).
SELECT feed_id, entries_new, entries_changed
FROM news.feed_fetch
WHERE feed_id = ANY (%(ids)s) AND fetched_at = %(fetched_at)s;

-- name: feed_fetch_add
-- One row a poll.
INSERT INTO news.feed_fetch (feed_id, fetched_at, outcome, detail, http_status, body_bytes, elapsed_ms, entries_seen,
    entries_new, entries_changed, next_poll_at)
VALUES %s;

-- name: feed_polled
-- The feeds' new states after a poll.
UPDATE news.feed AS f
SET etag = v.etag::text, last_modified = v.last_modified::text, body_sha256 = v.body_sha256::text,
    identity_policy = v.identity_policy, interval_seconds = v.interval_seconds,
    next_poll_at = v.next_poll_at::timestamptz, last_polled_at = v.fetched_at::timestamptz,
    last_ok_at = v.last_ok_at::timestamptz, last_full_get_at = v.last_full_get_at::timestamptz,
    last_outcome = v.outcome, last_detail = v.detail::text, failure_count = v.failure_count,
    empty_count = v.empty_count, not_a_feed_count = v.not_a_feed_count, moved_url = v.moved_url::text,
    moved_seen_count = v.moved_seen_count, moved_seen_on = v.moved_seen_on::date, gone_at = v.gone_at::timestamptz,
    sites = v.sites::text[], held_at = v.held_at::timestamptz, held_reason = v.held_reason::text,
    stated_language = v.stated_language::text, last_entries_seen = v.last_entries_seen::integer
FROM (VALUES %s) AS v (feed_id, fetched_at, outcome, detail, etag, last_modified, body_sha256, identity_policy,
    interval_seconds, next_poll_at, last_ok_at, last_full_get_at, failure_count, empty_count, not_a_feed_count,
    moved_url, moved_seen_count, moved_seen_on, gone_at, sites, held_at, held_reason, stated_language,
    last_entries_seen)
WHERE f.feed_id = v.feed_id;

-- name: feed_unchanged_add
-- One row a poll that found nothing changed, unless it is there already; feeds whose row was added.
INSERT INTO news.feed_fetch (feed_id, fetched_at, outcome, http_status, body_bytes, elapsed_ms, next_poll_at)
SELECT v.feed_id, v.fetched_at::timestamptz, 'not_modified', v.http_status::integer, v.body_bytes, v.elapsed_ms,
    v.next_poll_at::timestamptz
FROM (VALUES %s) AS v (feed_id, fetched_at, http_status, body_bytes, elapsed_ms, next_poll_at)
JOIN news.feed AS f USING (feed_id)
WHERE NOT EXISTS (SELECT FROM news.feed_fetch AS d
                  WHERE d.feed_id = v.feed_id AND d.fetched_at = v.fetched_at::timestamptz)
RETURNING feed_id;

-- name: feed_unchanged
-- The new states of feeds in which a poll found nothing changed.
UPDATE news.feed AS f
SET interval_seconds = v.interval_seconds, next_poll_at = v.next_poll_at::timestamptz,
    last_polled_at = v.fetched_at::timestamptz, last_ok_at = v.last_ok_at::timestamptz,
    last_full_get_at = v.last_full_get_at::timestamptz, last_outcome = 'not_modified', last_detail = NULL,
    failure_count = 0, empty_count = v.empty_count, not_a_feed_count = 0, moved_url = v.moved_url,
    moved_seen_count = v.moved_seen_count, moved_seen_on = v.moved_seen_on::date, gone_at = NULL
FROM (VALUES %s) AS v (feed_id, fetched_at, interval_seconds, next_poll_at, last_ok_at, last_full_get_at, empty_count,
    moved_url, moved_seen_count, moved_seen_on)
WHERE f.feed_id = v.feed_id;

-- name: feed_move
-- Give the feed its new address, unless another feed has it.
UPDATE news.feed AS f
SET url = %(url)s
WHERE f.feed_id = %(feed_id)s AND NOT EXISTS (SELECT FROM news.feed AS o WHERE o.url = %(url)s);

-- name: feed_move_alias
-- Remember the old address, so that a registry that still has it finds the feed.
INSERT INTO news.feed_alias (url, feed_id, since_at)
VALUES (%(url)s, %(feed_id)s, %(now)s)
ON CONFLICT (url) DO UPDATE SET feed_id = excluded.feed_id;

-- name: feed_move_onto_other
-- The feed moved to where another feed of ours is: that one goes on, this one rests.
UPDATE news.feed AS f
SET active = false, last_detail = 'moved to the address of feed ' || o.feed_id
FROM news.feed AS o
WHERE f.feed_id = %(feed_id)s AND o.url = %(url)s AND o.feed_id <> f.feed_id;

-- name: coverage_gap_add
-- Time in which entries of a feed may have come and gone unseen.
INSERT INTO news.coverage_gap (feed_id, from_at, to_at, detected_at, archive_urls)
VALUES %s
ON CONFLICT (feed_id, from_at, to_at) DO NOTHING;

-- name: coverage_gap_untried
-- Gaps of these feeds for which no archive was asked yet, the newest first.
SELECT g.coverage_gap_id, g.feed_id, f.url, f.identity_policy, g.from_at, g.to_at, g.archive_urls
FROM news.coverage_gap AS g
JOIN news.feed AS f USING (feed_id)
WHERE g.tried_at IS NULL AND g.feed_id = ANY (%(ids)s)
ORDER BY g.to_at DESC, g.coverage_gap_id
LIMIT %(limit)s;

-- name: coverage_gap_tried
-- What asking archives for a gap came to.
UPDATE news.coverage_gap
SET tried_at = %(now)s, tried = %(tried)s, entries_found = %(entries_found)s, closed = %(closed)s
WHERE coverage_gap_id = %(coverage_gap_id)s;

-- name: entry_known
-- Every name an entry of this feed is known by (key or alias), with its content's hash; all, or those asked for.
SELECT e.entry_key AS name, e.entry_id, e.content_sha256
FROM news.entry AS e
WHERE e.feed_id = %(feed_id)s AND (%(names)s::text[] IS NULL OR e.entry_key = ANY (%(names)s))
UNION ALL
SELECT a.alias, e.entry_id, e.content_sha256
FROM news.entry_alias AS a
JOIN news.entry AS e USING (entry_id)
WHERE a.feed_id = %(feed_id)s AND (%(names)s::text[] IS NULL OR a.alias = ANY (%(names)s));

-- name: entry_known_of_feeds
-- Of these names of feeds' entries (keys or aliases), those that are known, with the entry's content's hash.
WITH asked AS MATERIALIZED (
    SELECT v.feed_id, n.name
    FROM json_to_recordset(%(names)s::json) AS v (feed_id bigint, names text[])
    CROSS JOIN unnest(v.names) AS n (name)
)
SELECT n.feed_id, n.name, e.entry_id, e.content_sha256
FROM asked AS n
JOIN news.entry AS e ON e.feed_id = n.feed_id AND e.entry_key = n.name
UNION ALL
SELECT n.feed_id, n.name, e.entry_id, e.content_sha256
FROM asked AS n
JOIN news.entry_alias AS a ON a.feed_id = n.feed_id AND a.alias = n.name
JOIN news.entry AS e ON e.entry_id = a.entry_id;

-- name: entry_insert
-- New entries, waiting to be read, or for a person where their feed is held. JSON is read faster than VALUES.
INSERT INTO news.entry (feed_id, entry_key, guid, link, title, summary, content_html, authors, published_at, updated_at,
    published_raw, flags, content_sha256, first_seen_at, last_seen_at, next_read_at, in_first_poll, state, retracted_at)
SELECT v.feed_id, v.entry_key, v.guid, v.link, v.title, v.summary, v.content_html, v.authors, v.published_at,
    v.updated_at, v.published_raw, v.flags, v.content_sha256, %(now)s, %(now)s, %(now)s, v.in_first_poll, v.state,
    CASE WHEN v.retracted THEN %(now)s::timestamptz END
FROM json_to_recordset(%(rows)s::json) AS v (feed_id bigint, entry_key text, guid text, link text, title text,
    summary text, content_html text, authors text[], published_at timestamptz, updated_at timestamptz,
    published_raw text, flags text[], content_sha256 text, retracted boolean, in_first_poll boolean, state text)
ON CONFLICT (feed_id, entry_key) DO NOTHING
RETURNING entry_id, feed_id, entry_key;

-- name: entry_change
-- Edited entries: a new version, to be read again.
UPDATE news.entry AS e
SET guid = v.guid::text, link = v.link::text, title = v.title, summary = v.summary, content_html = v.content_html::text,
    authors = v.authors::text[], published_at = v.published_at::timestamptz, updated_at = v.updated_at::timestamptz,
    published_raw = v.published_raw::text, flags = v.flags::text[], content_sha256 = v.content_sha256,
    retracted_at = CASE WHEN v.retracted THEN coalesce(e.retracted_at, v.seen_at) END, last_seen_at = v.seen_at,
    version = e.version + 1, state = CASE WHEN e.state = 'held' THEN 'held' ELSE 'new' END, read_attempts = 0,
    next_read_at = v.seen_at
FROM (VALUES %s) AS v (entry_id, guid, link, title, summary, content_html, authors, published_at, updated_at,
    published_raw, flags, content_sha256, retracted, seen_at)
WHERE e.entry_id = v.entry_id AND e.content_sha256 <> v.content_sha256;

-- name: entry_seen
-- Entries that are still in the feed, unchanged.
UPDATE news.entry SET last_seen_at = %(now)s WHERE entry_id = ANY (%(ids)s) AND last_seen_at < %(now)s;

-- name: entry_alias_add
-- Other names under which an entry may come again; the first owner of a name keeps it.
INSERT INTO news.entry_alias (feed_id, alias, entry_id)
SELECT v.feed_id, v.alias, v.entry_id
FROM json_to_recordset(%(rows)s::json) AS v (feed_id bigint, alias text, entry_id bigint)
ON CONFLICT (feed_id, alias) DO NOTHING;

-- name: entry_unread
-- Entries waiting to be read, the longest waiting first.
SELECT entry_id FROM news.entry
WHERE state = 'new' AND next_read_at <= %(now)s
ORDER BY next_read_at, entry_id
LIMIT %(limit)s;

-- name: entry_load
-- Entries with what their feed states.
SELECT e.entry_id, e.feed_id, f.publisher, f.official, f.language, e.article_id, e.read_attempts, e.first_seen_at,
    e.guid, e.link, e.title, e.summary, e.content_html, e.authors, e.published_at, e.updated_at, e.published_raw, e.flags
FROM news.entry AS e
JOIN news.feed AS f USING (feed_id)
WHERE e.entry_id = ANY (%(ids)s)
ORDER BY e.entry_id;

-- name: entry_read
-- The entry's article is stored.
UPDATE news.entry
SET state = 'read', article_id = %(article_id)s, read_attempts = read_attempts + 1, read_detail = %(detail)s
WHERE entry_id = %(entry_id)s;

-- name: entry_failed
-- The entry could not be read: again at a later time, or never.
UPDATE news.entry
SET state = CASE WHEN %(next_read_at)s::timestamptz IS NULL THEN 'failed' ELSE 'new' END,
    next_read_at = coalesce(%(next_read_at)s, next_read_at), read_attempts = read_attempts + 1, read_detail = %(detail)s
WHERE entry_id = %(entry_id)s;

-- name: host_load
-- How politely to treat these hosts.
SELECT host, not_before_at, robots_txt, robots_outcome, robots_at, robots_expires_at, tdm_expires_at
FROM news.host WHERE host = ANY (%(hosts)s);

-- name: host_hold
-- Remember until when hosts want no request.
INSERT INTO news.host (host, not_before_at)
VALUES %s
ON CONFLICT (host) DO UPDATE SET not_before_at = greatest(news.host.not_before_at, excluded.not_before_at);

-- name: host_robots
-- Remember what hosts' robots.txt said.
INSERT INTO news.host (host, robots_txt, robots_outcome, robots_at, robots_expires_at, robots_opt_outs)
VALUES %s
ON CONFLICT (host) DO UPDATE SET robots_txt = excluded.robots_txt, robots_outcome = excluded.robots_outcome,
    robots_at = excluded.robots_at, robots_expires_at = excluded.robots_expires_at,
    robots_opt_outs = excluded.robots_opt_outs;

-- name: host_tdm
-- Remember what hosts reserve of text and data mining; what was known stays where they could not be asked.
INSERT INTO news.host (host, tdm_outcome, tdm_at, tdm_expires_at, tdm_opt_outs)
VALUES %s
ON CONFLICT (host) DO UPDATE SET tdm_outcome = excluded.tdm_outcome, tdm_at = excluded.tdm_at,
    tdm_expires_at = excluded.tdm_expires_at,
    tdm_opt_outs = CASE WHEN excluded.tdm_outcome IN ('ok', 'empty') OR excluded.tdm_outcome LIKE 'http_4%%'
        THEN excluded.tdm_opt_outs ELSE news.host.tdm_opt_outs END;

-- name: article_claim
-- Make the article of an address if it is new.
INSERT INTO news.article (url, url_sha256, publisher, official, language, published_at, published_source, first_seen_at)
VALUES (%(url)s, %(url_sha256)s, %(publisher)s, %(official)s, %(language)s, %(published_at)s, %(published_source)s, %(now)s)
ON CONFLICT (url_sha256) DO NOTHING;

-- name: article_lock
-- The article of an address with its current text's hash and source, held against other readers of it.
SELECT a.article_id, a.current_version, a.story_id, v.text_sha256, v.text_source,
    (SELECT count(*) FROM news.article AS s WHERE s.story_id = a.story_id) AS story_size
FROM news.article AS a
LEFT JOIN news.article_version AS v ON v.article_id = a.article_id AND v.version = a.current_version
WHERE a.url_sha256 = %(url_sha256)s
FOR UPDATE OF a;

-- name: article_version_supersede
-- The text before is history.
UPDATE news.article_version SET superseded_at = %(now)s WHERE article_id = %(article_id)s AND superseded_at IS NULL;

-- name: article_version_add
-- A new text of the article.
INSERT INTO news.article_version (article_id, version, title, text, text_sha256, text_source, page_outcome, page_detail,
    authors, read_at)
VALUES (%(article_id)s, %(version)s, %(title)s, %(text)s, %(text_sha256)s, %(text_source)s, %(page_outcome)s,
    %(page_detail)s, %(authors)s, %(now)s);

-- name: article_version_better_source
-- The same text came from a better place.
UPDATE news.article_version
SET text_source = %(text_source)s, page_outcome = %(page_outcome)s, page_detail = %(page_detail)s
WHERE article_id = %(article_id)s AND version = %(version)s;

-- name: article_update
-- The article's facts after a new text.
UPDATE news.article
SET current_version = %(version)s, story_id = %(story_id)s, minhash = coalesce(%(minhash)s, minhash),
    language = coalesce(%(language)s, language), published_at = coalesce(%(published_at)s, published_at),
    published_source = coalesce(%(published_source)s, published_source), official = official OR %(official)s
WHERE article_id = %(article_id)s;

-- name: article_retraction
-- The article was taken back by its publisher, or is no longer.
UPDATE news.article
SET retracted_at = CASE WHEN %(retracted)s THEN %(now)s::timestamptz END
WHERE article_id = %(article_id)s AND (retracted_at IS NOT NULL) <> %(retracted)s;

-- name: article_deals_stale
-- Have the deals that this article reports folded anew.
UPDATE deal.deal AS d SET stale = true
WHERE NOT d.stale AND d.merged_into IS NULL AND EXISTS (
    SELECT FROM deal.mention AS m
    WHERE m.deal_id = d.deal_id AND m.article_id = %(article_id)s AND m.superseded_at IS NULL
);

-- name: article_opt_outs
-- What the article's page says against use by machines.
UPDATE news.article SET opt_outs = %(opt_outs)s
WHERE article_id = %(article_id)s AND opt_outs IS DISTINCT FROM %(opt_outs)s;

-- name: article_story
-- The story an article belongs to.
SELECT story_id FROM news.article WHERE article_id = %(article_id)s;

-- name: story_add
-- A new story.
INSERT INTO news.story (created_at) VALUES (%(now)s) RETURNING story_id;

-- name: article_signatures
-- Signatures of recent articles, for finding copies of the same text.
SELECT article_id, story_id, minhash FROM news.article
WHERE first_seen_at >= %(since)s AND minhash IS NOT NULL
ORDER BY article_id;

-- name: article_unextracted
-- Articles whose current text this extractor version has not read, newest first.
SELECT v.article_id
FROM news.article_version AS v
JOIN news.article AS a USING (article_id)
WHERE v.superseded_at IS NULL AND a.retracted_at IS NULL
    AND (v.extracted_by IS NULL OR v.extracted_by < %(extractor_version)s OR v.extracted_by > %(extractor_version)s)
ORDER BY v.extracted_by NULLS FIRST, v.article_id DESC
LIMIT %(limit)s;

-- name: article_load
-- Articles as the extractor reads them.
SELECT a.article_id, v.version, a.story_id, a.publisher, a.official, a.url, a.language, a.published_at, v.title, v.text
FROM news.article AS a
JOIN news.article_version AS v ON v.article_id = a.article_id AND v.version = a.current_version
WHERE a.article_id = ANY (%(ids)s)
ORDER BY a.article_id;
