-- Which mentions can be compared: what keeps the cost of resolving one more mention flat, however many there are.

CREATE TABLE deal.mention_block (
    block_key       text NOT NULL,
    at              timestamptz NOT NULL,
    mention_id      bigint NOT NULL REFERENCES deal.mention ON DELETE CASCADE,
    PRIMARY KEY (block_key, at, mention_id)
);
CREATE INDEX mention_block_by_mention ON deal.mention_block (mention_id);

COMMENT ON TABLE deal.mention_block IS 'The keys of which two live mentions must share one to be compared, by time.';
COMMENT ON COLUMN deal.mention_block.block_key IS 'Two party families, or a family with an amount, a capacity or a kind.';
COMMENT ON COLUMN deal.mention_block.at IS 'When the article told it.';
COMMENT ON COLUMN deal.mention_block.mention_id IS 'The mention.';
