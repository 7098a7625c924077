-- Schemas and the tables of news: feeds, what each poll brought, articles and their versions.

CREATE SCHEMA news;
CREATE SCHEMA deal;
CREATE SCHEMA alert;
CREATE SCHEMA IF NOT EXISTS ops;
CREATE SCHEMA analytics;

CREATE TABLE news.feed (
    feed_id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    url                 text NOT NULL UNIQUE CHECK (length(url) <= 2048),
    title               text NOT NULL,
    publisher           text NOT NULL,
    site_url            text,
    language            text,
    category            text,
    official            boolean NOT NULL DEFAULT false,
    expected_entries    integer CHECK (expected_entries > 0),
    active              boolean NOT NULL DEFAULT true,
    registered_by       text NOT NULL DEFAULT 'opml' CHECK (registered_by IN ('opml', 'command')),
    etag                text,
    last_modified       text,
    body_sha256         text,
    identity_policy     text NOT NULL DEFAULT 'guid' CHECK (identity_policy IN ('guid', 'link', 'title')),
    interval_seconds    integer NOT NULL DEFAULT 3600 CHECK (interval_seconds > 0),
    next_poll_at        timestamptz NOT NULL DEFAULT now(),
    last_polled_at      timestamptz,
    last_ok_at          timestamptz,
    last_full_get_at    timestamptz,
    last_outcome        text,
    last_detail         text,
    failure_count       integer NOT NULL DEFAULT 0,
    empty_count         integer NOT NULL DEFAULT 0,
    not_a_feed_count    integer NOT NULL DEFAULT 0,
    moved_url           text,
    moved_seen_count    integer NOT NULL DEFAULT 0,
    moved_seen_on       date,
    gone_at             timestamptz,
    created_at          timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX feed_due ON news.feed (next_poll_at) WHERE active;

CREATE TABLE news.feed_alias (
    url         text PRIMARY KEY,
    feed_id     bigint NOT NULL REFERENCES news.feed ON DELETE CASCADE,
    since_at    timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE news.host (
    host            text PRIMARY KEY,
    not_before_at   timestamptz,
    robots_txt      text,
    robots_outcome  text,
    robots_at       timestamptz
);

CREATE TABLE news.feed_fetch (
    feed_fetch_id   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    feed_id         bigint NOT NULL REFERENCES news.feed ON DELETE CASCADE,
    fetched_at      timestamptz NOT NULL,
    outcome         text NOT NULL,
    detail          text,
    http_status     integer,
    body_bytes      bigint NOT NULL DEFAULT 0,
    elapsed_ms      integer NOT NULL DEFAULT 0,
    entries_seen    integer NOT NULL DEFAULT 0,
    entries_new     integer NOT NULL DEFAULT 0,
    entries_changed integer NOT NULL DEFAULT 0,
    next_poll_at    timestamptz NOT NULL,
    UNIQUE (feed_id, fetched_at)
);
CREATE INDEX feed_fetch_by_time ON news.feed_fetch (fetched_at DESC);

CREATE TABLE news.coverage_gap (
    coverage_gap_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    feed_id         bigint NOT NULL REFERENCES news.feed ON DELETE CASCADE,
    from_at         timestamptz NOT NULL,
    to_at           timestamptz NOT NULL,
    detected_at     timestamptz NOT NULL,
    CHECK (from_at <= to_at),
    UNIQUE (feed_id, from_at, to_at)
);

CREATE TABLE news.story (
    story_id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    created_at      timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE news.article (
    article_id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    url             text NOT NULL,
    url_sha256      text NOT NULL UNIQUE,
    publisher       text NOT NULL,
    official        boolean NOT NULL DEFAULT false,
    language        text,
    published_at    timestamptz,
    published_source text,
    current_version integer NOT NULL DEFAULT 0,
    story_id        bigint REFERENCES news.story,
    minhash         bytea,
    first_seen_at   timestamptz NOT NULL DEFAULT now(),
    retracted_at    timestamptz
);
CREATE INDEX article_story ON news.article (story_id);
CREATE INDEX article_published ON news.article (coalesce(published_at, first_seen_at));
CREATE INDEX article_first_seen ON news.article (first_seen_at);

CREATE TABLE news.article_version (
    article_id      bigint NOT NULL REFERENCES news.article ON DELETE CASCADE,
    version         integer NOT NULL CHECK (version > 0),
    title           text NOT NULL,
    text            text NOT NULL,
    text_sha256     text NOT NULL,
    text_source     text NOT NULL CHECK (text_source IN ('page', 'feed', 'headline')),
    page_outcome    text NOT NULL,
    page_detail     text,
    authors         text[] NOT NULL DEFAULT '{}',
    read_at         timestamptz NOT NULL,
    superseded_at   timestamptz,
    extracted_by    text,
    extracted_at    timestamptz,
    extract_error   text,
    PRIMARY KEY (article_id, version)
);
CREATE INDEX article_version_to_extract ON news.article_version (extracted_by, article_id) WHERE superseded_at IS NULL;

CREATE TABLE news.entry (
    entry_id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    feed_id         bigint NOT NULL REFERENCES news.feed ON DELETE CASCADE,
    entry_key       text NOT NULL,
    guid            text,
    link            text,
    title           text NOT NULL,
    summary         text NOT NULL,
    content_html    text,
    authors         text[] NOT NULL DEFAULT '{}',
    published_at    timestamptz,
    updated_at      timestamptz,
    published_raw   text,
    flags           text[] NOT NULL DEFAULT '{}',
    content_sha256  text NOT NULL,
    version         integer NOT NULL DEFAULT 1,
    first_seen_at   timestamptz NOT NULL,
    last_seen_at    timestamptz NOT NULL,
    retracted_at    timestamptz,
    in_first_poll   boolean NOT NULL DEFAULT false,
    state           text NOT NULL DEFAULT 'new' CHECK (state IN ('new', 'read', 'failed', 'held')),
    read_attempts   integer NOT NULL DEFAULT 0,
    next_read_at    timestamptz NOT NULL DEFAULT now(),
    read_detail     text,
    article_id      bigint REFERENCES news.article,
    UNIQUE (feed_id, entry_key)
);
CREATE INDEX entry_unread ON news.entry (next_read_at, entry_id) WHERE state = 'new';
CREATE INDEX entry_article ON news.entry (article_id);

CREATE TABLE news.entry_alias (
    feed_id         bigint NOT NULL REFERENCES news.feed ON DELETE CASCADE,
    alias           text NOT NULL,
    entry_id        bigint NOT NULL REFERENCES news.entry ON DELETE CASCADE,
    PRIMARY KEY (feed_id, alias)
);
