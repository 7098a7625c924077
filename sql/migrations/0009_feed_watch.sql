-- Feeds held for a person, what is expected of them, how gaps were filled, answers of hosts kept over runs, opt-outs.

ALTER TABLE news.feed
    ADD COLUMN sites                    text[] NOT NULL DEFAULT '{}',
    ADD COLUMN held_at                  timestamptz,
    ADD COLUMN held_reason              text,
    ADD COLUMN expected_entries_per_day integer CHECK (expected_entries_per_day > 0),
    ADD COLUMN stated_language          text,
    ADD COLUMN last_entries_seen        integer;
COMMENT ON COLUMN news.feed.sites IS 'The sites that its entries have led to; entries that lead to none of them are held.';
COMMENT ON COLUMN news.feed.held_at IS 'Since when a person has to look at it; its new entries are not read until then.';
COMMENT ON COLUMN news.feed.held_reason IS 'Why.';
COMMENT ON COLUMN news.feed.expected_entries_per_day IS 'How many new entries a day the registry expects.';
COMMENT ON COLUMN news.feed.stated_language IS 'The language that the feed itself states.';
COMMENT ON COLUMN news.feed.last_entries_seen IS 'How many entries it listed when it was last read whole.';

ALTER TABLE news.coverage_gap
    ADD COLUMN archive_urls  text[] NOT NULL DEFAULT '{}',
    ADD COLUMN tried_at      timestamptz,
    ADD COLUMN tried         text[] NOT NULL DEFAULT '{}',
    ADD COLUMN entries_found integer NOT NULL DEFAULT 0,
    ADD COLUMN closed        boolean NOT NULL DEFAULT false;
CREATE INDEX coverage_gap_untried ON news.coverage_gap (feed_id) WHERE tried_at IS NULL;
COMMENT ON COLUMN news.coverage_gap.archive_urls IS 'Older pages of the feed that it named when the gap was noticed.';
COMMENT ON COLUMN news.coverage_gap.tried_at IS 'When archives and news sitemaps were asked for what was missed.';
COMMENT ON COLUMN news.coverage_gap.tried IS 'What was asked, each with what it brought.';
COMMENT ON COLUMN news.coverage_gap.entries_found IS 'Entries of the gap found that way.';
COMMENT ON COLUMN news.coverage_gap.closed IS 'Whether what was found reaches back to what we had, so that nothing can be missing.';

ALTER TABLE news.host
    ADD COLUMN robots_expires_at timestamptz,
    ADD COLUMN robots_opt_outs   text[] NOT NULL DEFAULT '{}',
    ADD COLUMN tdm_outcome       text,
    ADD COLUMN tdm_at            timestamptz,
    ADD COLUMN tdm_expires_at    timestamptz,
    ADD COLUMN tdm_opt_outs      text[] NOT NULL DEFAULT '{}';
COMMENT ON COLUMN news.host.robots_expires_at IS 'Until when its robots.txt is taken as known.';
COMMENT ON COLUMN news.host.robots_opt_outs IS 'Readers for machine learning that its robots.txt shuts out.';
COMMENT ON COLUMN news.host.tdm_outcome IS 'How fetching /.well-known/tdmrep.json ended.';
COMMENT ON COLUMN news.host.tdm_at IS 'When it was fetched.';
COMMENT ON COLUMN news.host.tdm_expires_at IS 'Until when it is taken as known.';
COMMENT ON COLUMN news.host.tdm_opt_outs IS 'Paths for which it reserves text and data mining.';

ALTER TABLE news.article ADD COLUMN opt_outs text[] NOT NULL DEFAULT '{}';
COMMENT ON COLUMN news.article.opt_outs IS 'What its page said against use by machines: robots directives and reservations of text and data mining.';
