-- The language model that reads articles: its answers, its failures, its budget.

-- name: model_answers
-- What this model answered to these articles under this prompt.
SELECT article_sha256, answer FROM deal.model_answer
WHERE article_sha256 = ANY (%(articles)s) AND model = %(model)s AND prompt_version = %(prompt_version)s;

-- name: model_answer_keep
-- Keep an answer; the newest wins.
INSERT INTO deal.model_answer (article_sha256, model, prompt_version, answer, prompt_tokens, answer_tokens, answered_at)
VALUES (%(article)s, %(model)s, %(prompt_version)s, %(answer)s, %(prompt_tokens)s, %(answer_tokens)s, %(now)s)
ON CONFLICT (article_sha256, model, prompt_version) DO UPDATE
SET answer = excluded.answer, prompt_tokens = excluded.prompt_tokens, answer_tokens = excluded.answer_tokens,
    answered_at = excluded.answered_at;

-- name: model_answer_drop
-- Forget an answer that cannot be read.
DELETE FROM deal.model_answer
WHERE article_sha256 = %(article)s AND model = %(model)s AND prompt_version = %(prompt_version)s;

-- name: model_budget_take
-- Take up to so many articles from the day's budget; how many were left to take. Concurrent tasks wait for each other.
WITH held AS (
    INSERT INTO ops.model_day AS d (day, articles) VALUES (%(day)s, 0)
    ON CONFLICT (day) DO UPDATE SET articles = d.articles
    RETURNING day, articles
), taken AS (
    SELECT day, greatest(0, least(%(wanted)s, %(budget)s - articles)) AS granted FROM held
)
SELECT granted FROM taken;

-- name: model_budget_count
-- Count articles as sent; a negative number gives back what was not sent.
UPDATE ops.model_day SET articles = greatest(0, articles + %(sent)s) WHERE day = %(day)s;

-- name: model_budget_used
-- How many articles were sent on a day.
SELECT coalesce(sum(articles), 0)::integer FROM ops.model_day WHERE day = %(day)s;

-- name: model_reading_record
-- Whether the model read this text; a failure counts its attempts.
INSERT INTO deal.model_reading AS r (article_id, article_version, reader_version, outcome, detail, doubted, tried_at,
    retry_at)
VALUES (%(article_id)s, %(version)s, %(reader_version)s, %(outcome)s, %(detail)s, %(doubted)s, %(now)s, %(retry_at)s)
ON CONFLICT (article_id, article_version) DO UPDATE
SET reader_version = excluded.reader_version, outcome = excluded.outcome, detail = excluded.detail,
    doubted = excluded.doubted, tried_at = excluded.tried_at, retry_at = excluded.retry_at,
    attempts = CASE WHEN r.outcome = 'read' OR r.reader_version <> excluded.reader_version THEN 1
        ELSE r.attempts + 1 END;

-- name: model_reading_attempts
-- How often the model was asked for these texts without success.
SELECT article_id, attempts FROM deal.model_reading
WHERE article_id = ANY (%(ids)s) AND outcome <> 'read' AND reader_version = %(reader_version)s;

-- name: model_reading_forget
-- The local reader was sure of this text: no word of a model stands behind its mentions any more.
DELETE FROM deal.model_reading WHERE article_id = %(article_id)s AND article_version = %(version)s;

-- name: model_retry_due
-- Have the newest articles read again whose time to ask the model once more has come; how many.
WITH due AS (
    UPDATE deal.model_reading AS r SET retry_at = NULL
    FROM (
        SELECT article_id, article_version FROM deal.model_reading
        WHERE retry_at <= %(now)s
        ORDER BY article_id DESC
        LIMIT %(limit)s
        FOR UPDATE SKIP LOCKED
    ) AS first
    WHERE r.article_id = first.article_id AND r.article_version = first.article_version
    RETURNING r.article_id, r.article_version
)
UPDATE news.article_version AS v
SET extracted_by = NULL
FROM due
WHERE v.article_id = due.article_id AND v.version = due.article_version AND v.superseded_at IS NULL;

-- name: model_reading_counts
-- How the model's readings of current texts ended.
SELECT r.outcome, count(*) AS articles, count(r.retry_at) AS waiting
FROM deal.model_reading AS r
JOIN news.article_version AS v ON v.article_id = r.article_id AND v.version = r.article_version
WHERE v.superseded_at IS NULL
GROUP BY r.outcome
ORDER BY r.outcome;

-- name: label_readings
-- Articles whose current text the model read, with the mentions that stand: what the model teaches the local reader.
SELECT r.article_id, r.doubted, m.mention_id, coalesce(d.merged_into, m.deal_id) AS deal_id
FROM deal.model_reading AS r
JOIN news.article_version AS v ON v.article_id = r.article_id AND v.version = r.article_version
LEFT JOIN deal.mention AS m ON m.article_id = r.article_id AND m.article_version = r.article_version
    AND m.superseded_at IS NULL
LEFT JOIN deal.deal AS d ON d.deal_id = m.deal_id
WHERE r.outcome = 'read' AND v.superseded_at IS NULL
ORDER BY r.article_id, m.mention_id;
