-- Where do sources say different things about a deal?
-- One row a value of the last 90 days' deals; an official source or more independent stories speak for it.
SELECT d.headline, c.field, c.value, c.stories, c.official, c.publishers
FROM analytics.deal_conflict AS c
JOIN analytics.deal AS d USING (deal_id)
WHERE c.deal_id = ANY (ARRAY(SELECT n.deal_id FROM analytics.deal AS n WHERE n.last_reported_at > now() - interval '90 days'))
ORDER BY c.deal_id, c.field, c.official DESC, c.stories DESC, c.value;
