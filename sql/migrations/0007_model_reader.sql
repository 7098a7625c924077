-- What a language model answered, which articles it read or could not read, and how much of the day's budget is used.

CREATE TABLE deal.model_answer (
    article_sha256  text NOT NULL CHECK (article_sha256 ~ '^[0-9a-f]{64}$'),
    model           text NOT NULL,
    prompt_version  text NOT NULL,
    answer          text NOT NULL,
    prompt_tokens   integer,
    answer_tokens   integer,
    answered_at     timestamptz NOT NULL,
    PRIMARY KEY (article_sha256, model, prompt_version)
);

CREATE TABLE deal.model_reading (
    article_id      bigint NOT NULL,
    article_version integer NOT NULL,
    reader_version  text NOT NULL,
    outcome         text NOT NULL,
    detail          text,
    doubted         boolean NOT NULL DEFAULT false,
    attempts        integer NOT NULL DEFAULT 1 CHECK (attempts > 0),
    tried_at        timestamptz NOT NULL,
    retry_at        timestamptz,
    PRIMARY KEY (article_id, article_version),
    FOREIGN KEY (article_id, article_version) REFERENCES news.article_version ON DELETE CASCADE,
    CHECK (outcome <> 'read' OR retry_at IS NULL)
);
CREATE INDEX model_reading_to_retry ON deal.model_reading (retry_at) WHERE retry_at IS NOT NULL;

CREATE TABLE ops.model_day (
    day             date PRIMARY KEY,
    articles        integer NOT NULL CHECK (articles >= 0)
);

COMMENT ON TABLE deal.model_answer IS 'What a language model answered to an article: asked once for each text, model and prompt.';
COMMENT ON COLUMN deal.model_answer.article_sha256 IS 'Hash of title, text, language and day of publication.';
COMMENT ON COLUMN deal.model_answer.model IS 'The model that answered.';
COMMENT ON COLUMN deal.model_answer.prompt_version IS 'Hash of the prompt with its examples.';
COMMENT ON COLUMN deal.model_answer.answer IS 'Its words, unchecked. Every reading checks them anew against the text.';
COMMENT ON COLUMN deal.model_answer.prompt_tokens IS 'Tokens sent, as the model''s server counts them.';
COMMENT ON COLUMN deal.model_answer.answer_tokens IS 'Tokens answered.';
COMMENT ON COLUMN deal.model_answer.answered_at IS 'When.';
COMMENT ON TABLE deal.model_reading IS 'Whether the language model read an article''s text; where it could not, the local reader''s mentions stand.';
COMMENT ON COLUMN deal.model_reading.article_id IS 'The article.';
COMMENT ON COLUMN deal.model_reading.article_version IS 'Its text.';
COMMENT ON COLUMN deal.model_reading.reader_version IS 'Model, prompt and checks.';
COMMENT ON COLUMN deal.model_reading.outcome IS 'read, or why not: budget, timeout, unreachable, rate_limited, server_error, key_refused, refused, too_large, broken_answer, out_of_time, paused.';
COMMENT ON COLUMN deal.model_reading.detail IS 'What the server said, without the key.';
COMMENT ON COLUMN deal.model_reading.doubted IS 'The text did not prove a part of the answer, or the local reader contradicts it.';
COMMENT ON COLUMN deal.model_reading.attempts IS 'How often this text was tried without success, or the last try that succeeded.';
COMMENT ON COLUMN deal.model_reading.tried_at IS 'When it was tried last.';
COMMENT ON COLUMN deal.model_reading.retry_at IS 'When to try again. Null where it was read, or where trying again is of no use.';
COMMENT ON TABLE ops.model_day IS 'How many articles were sent to the language model, by day (UTC).';
COMMENT ON COLUMN ops.model_day.day IS 'The day.';
COMMENT ON COLUMN ops.model_day.articles IS 'Articles sent.';
