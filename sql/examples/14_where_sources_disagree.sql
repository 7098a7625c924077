-- Where do sources say different things about a deal?
-- One row a value; an official source or more independent stories speak for it.
SELECT d.headline, c.field, c.value, c.stories, c.official, c.publishers
FROM analytics.deal_conflict AS c
JOIN analytics.deal AS d USING (deal_id)
ORDER BY c.deal_id, c.field, c.official DESC, c.stories DESC, c.value;
