-- Pages and feeds as they were fetched, kept for a while, so that a better reader can read them again.

CREATE TABLE news.raw_body (
    sha256      text PRIMARY KEY CHECK (sha256 ~ '^[0-9a-f]{64}$'),
    body        bytea NOT NULL,
    bytes       integer NOT NULL CHECK (bytes >= 0),
    kept_at     timestamptz NOT NULL
);
ALTER TABLE news.raw_body ALTER COLUMN body SET STORAGE EXTERNAL;
CREATE INDEX raw_body_by_time ON news.raw_body (kept_at);

CREATE TABLE news.raw_document (
    raw_document_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    feed_id         bigint NOT NULL REFERENCES news.feed,
    entry_id        bigint REFERENCES news.entry,
    fetched_at      timestamptz NOT NULL,
    url             text NOT NULL,
    content_type    text,
    sha256          text NOT NULL REFERENCES news.raw_body,
    UNIQUE NULLS NOT DISTINCT (feed_id, entry_id, sha256)
);
CREATE INDEX raw_document_by_time ON news.raw_document (fetched_at);
CREATE INDEX raw_document_by_entry ON news.raw_document (entry_id);
CREATE INDEX raw_document_by_body ON news.raw_document (sha256);

COMMENT ON TABLE news.raw_body IS 'What servers answered, once a content, compressed; removed after DEALWIRE_KEEP_RAW_DAYS.';
COMMENT ON COLUMN news.raw_body.sha256 IS 'Of the body before compression.';
COMMENT ON COLUMN news.raw_body.body IS 'The body, compressed with zlib.';
COMMENT ON COLUMN news.raw_body.bytes IS 'Its length before compression.';
COMMENT ON COLUMN news.raw_body.kept_at IS 'When it was last fetched.';
COMMENT ON TABLE news.raw_document IS 'Which feed or page a kept body was fetched for.';
COMMENT ON COLUMN news.raw_document.raw_document_id IS 'Generated.';
COMMENT ON COLUMN news.raw_document.feed_id IS 'The feed, or the feed of the entry.';
COMMENT ON COLUMN news.raw_document.entry_id IS 'The entry whose page it is; none for the feed itself.';
COMMENT ON COLUMN news.raw_document.fetched_at IS 'When it was last fetched.';
COMMENT ON COLUMN news.raw_document.url IS 'Where redirects led.';
COMMENT ON COLUMN news.raw_document.content_type IS 'What the server said that it is.';
COMMENT ON COLUMN news.raw_document.sha256 IS 'The body.';
