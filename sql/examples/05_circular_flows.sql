-- Where does money come back to where it came from (investor -> lab -> cloud -> chips -> investor)?
-- Follows the 250 largest payments between groups over up to five steps; each circle is shown once, from its first member by id.
-- least_usd is the smallest payment on the way, firm dollars only: what could have gone round in full. Its sum over circles means
-- nothing, since circles share payments. "not_firm" names the steps of which only a ceiling or a yearly figure is known.
WITH RECURSIVE edge AS MATERIALIZED (
    SELECT from_group_id AS a, to_group_id AS b, min(from_group_name) AS a_name, min(to_group_name) AS b_name,
        coalesce(sum(share_usd) FILTER (WHERE amount_class = 'firm'), 0) AS usd, array_agg(DISTINCT deal_id) AS deals
    FROM analytics.money_flow
    WHERE amount_class IN ('firm', 'up_to', 'per_year') AND from_group_id <> to_group_id
    GROUP BY 1, 2
    ORDER BY sum(share_usd) DESC, 1, 2
    LIMIT 250
), path AS (
    SELECT a AS start, b AS here, ARRAY[a, b] AS members, a_name || ' -> ' || b_name AS flow, usd AS least_usd, deals,
        CASE WHEN usd = 0 THEN ARRAY[a_name || ' -> ' || b_name] ELSE '{}' END AS not_firm
    FROM edge
    WHERE b > a
    UNION ALL
    SELECT p.start, e.b, p.members || e.b, p.flow || ' -> ' || e.b_name, least(p.least_usd, e.usd), p.deals || e.deals,
        p.not_firm || CASE WHEN e.usd = 0 THEN ARRAY[e.a_name || ' -> ' || e.b_name] ELSE '{}' END
    FROM path AS p
    JOIN edge AS e ON e.a = p.here
    WHERE cardinality(p.members) <= 5 AND p.here <> p.start
        AND (e.b = p.start OR e.b > p.start AND NOT e.b = ANY (p.members))
)
SELECT flow, cardinality(members) - 1 AS steps, round(least_usd) AS least_usd, not_firm,
    ARRAY(SELECT DISTINCT d.id FROM unnest(deals) AS d (id) ORDER BY d.id) AS deals
FROM path
WHERE here = start
ORDER BY least_usd DESC, flow;
