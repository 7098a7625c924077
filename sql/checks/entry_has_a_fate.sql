-- What became of every entry is known: it was stored, is a duplicate, waits, is held, or failed for a stated reason.
SELECT seen_on, feed_id, publisher, entries, unaccounted FROM analytics.entry_fate WHERE unaccounted > 0;
