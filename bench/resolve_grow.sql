-- The made-up world once more, and again (bench/resolve_database.py): each time later, and in deals of its own.

INSERT INTO news.article (article_id, url, url_sha256, publisher, published_at, first_seen_at) OVERRIDING SYSTEM VALUE
SELECT article_id + n * %(mentions)s, 'https://x.test/' || article_id + n * %(mentions)s, to_hex(article_id + n * %(mentions)s),
    publisher, published_at + n * %(step)s, first_seen_at + n * %(step)s
FROM news.article, generate_series(1, %(copies)s) AS n;

INSERT INTO news.article_version (article_id, version, title, text, text_sha256, text_source, page_outcome, read_at)
SELECT article_id + n * %(mentions)s, version, title, text, text_sha256, text_source, page_outcome, read_at + n * %(step)s
FROM news.article_version, generate_series(1, %(copies)s) AS n;

INSERT INTO deal.deal (deal_id, kind, status, confidence, headline, created_at, updated_at) OVERRIDING SYSTEM VALUE
SELECT deal_id + n * %(deals)s, kind, status, confidence, headline, created_at + n * %(step)s, updated_at + n * %(step)s
FROM deal.deal, generate_series(1, %(copies)s) AS n;

INSERT INTO deal.mention (mention_id, article_id, article_version, ordinal, extractor_version, extracted_at, salience, kind,
    status, amount, currency, amount_qualifier, amount_basis, term_months, confidence, needs_review, resolution, deal_id)
OVERRIDING SYSTEM VALUE
SELECT mention_id + n * %(mentions)s, article_id + n * %(mentions)s, article_version, ordinal, extractor_version,
    extracted_at + n * %(step)s, salience, kind, status, amount, currency, amount_qualifier, amount_basis, term_months,
    confidence, needs_review, resolution, deal_id + n * %(deals)s
FROM deal.mention, generate_series(1, %(copies)s) AS n;

INSERT INTO deal.mention_party (mention_id, organisation_id, name, role)
SELECT mention_id + n * %(mentions)s, organisation_id, name, role FROM deal.mention_party, generate_series(1, %(copies)s) AS n;

INSERT INTO deal.mention_capacity (mention_id, ordinal, quantity, unit, qualifier)
SELECT mention_id + n * %(mentions)s, ordinal, quantity, unit, qualifier
FROM deal.mention_capacity, generate_series(1, %(copies)s) AS n;

INSERT INTO deal.mention_block (block_key, at, mention_id)
SELECT block_key, at + n * %(step)s, mention_id + n * %(mentions)s
FROM deal.mention_block, generate_series(1, %(copies)s) AS n;
