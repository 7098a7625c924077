-- Where does money come back to where it came from (investor -> lab -> cloud -> chips -> investor)?
-- Follows payments between groups over up to five steps; each circle is shown once, from its first member by id.
WITH RECURSIVE edge AS (
    SELECT from_group_id AS a, to_group_id AS b, min(from_group_name) AS a_name, min(to_group_name) AS b_name,
        sum(share_usd) AS usd, array_agg(DISTINCT deal_id) AS deals
    FROM analytics.money_flow
    WHERE amount_class IN ('firm', 'up_to', 'per_year') AND from_group_id <> to_group_id
    GROUP BY 1, 2
), path AS (
    SELECT a AS start, b AS here, ARRAY[a, b] AS members, a_name || ' -> ' || b_name AS flow, usd AS least_usd, deals
    FROM edge
    WHERE b > a
    UNION ALL
    SELECT p.start, e.b, p.members || e.b, p.flow || ' -> ' || e.b_name, least(p.least_usd, e.usd), p.deals || e.deals
    FROM path AS p
    JOIN edge AS e ON e.a = p.here
    WHERE cardinality(p.members) <= 5 AND p.here <> p.start
        AND (e.b = p.start OR e.b > p.start AND NOT e.b = ANY (p.members))
)
SELECT flow, cardinality(members) - 1 AS steps, round(least_usd) AS least_usd, deals
FROM path
WHERE here = start
ORDER BY least_usd DESC NULLS LAST, flow;
