-- A mention that was resolved is part of a deal.
SELECT mention_id, resolution FROM deal.mention WHERE resolution IN ('new', 'match') AND deal_id IS NULL;
