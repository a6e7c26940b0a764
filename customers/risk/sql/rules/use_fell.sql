-- Customers whose whole use a week fell by `drop_percent` or more: the last `recent_weeks` against
-- the `base_weeks` before them. Who began inside those is measured from the first use on, if that
-- leaves `least_weeks`; below `least_a_week` uses a week a fall is noise.
-- Facts name the feature that lost most, and whether it is all that they used.
-- Level 1 from half way between the limit and nothing left, 2 when nothing is left.
WITH total AS (
    SELECT customer_id,
           coalesce(sum(uses) FILTER (WHERE week < %(recent_weeks)s), 0) AS recent,
           sum(uses) FILTER (
               WHERE week >= %(recent_weeks)s AND week < %(recent_weeks)s + %(base_weeks)s
           ) AS base
    FROM risk_weeks
    JOIN risk_customers USING (customer_id)
    GROUP BY 1
    -- too little to pass in any number of weeks: gone before the joins
    HAVING sum(uses) FILTER (WHERE week >= %(recent_weeks)s)
           >= %(least_a_week)s * least(%(least_weeks)s, %(base_weeks)s)
),
observed AS (
    SELECT customer_id, least(
               %(base_weeks)s,
               (%(until)s::date - %(recent_weeks)s * 7 - min(first_used_on) + 6) / 7
           ) AS weeks
    FROM risk_usage
    GROUP BY 1
),
pace AS (
    SELECT customer_id,
           recent / %(recent_weeks)s::numeric AS now_weekly,
           base / weeks::numeric AS before_weekly,
           100 - 100 * recent * weeks / (base * %(recent_weeks)s::numeric) AS fell
    FROM total JOIN observed USING (customer_id)
    WHERE weeks >= %(least_weeks)s AND base > 0
),
fallen AS (
    SELECT * FROM pace
    WHERE fell >= %(drop_percent)s AND before_weekly >= %(least_a_week)s
      AND customer_id NOT IN (SELECT customer_id FROM risk_found WHERE key = 'no_use')
),
by_feature AS (
    SELECT customer_id, feature_id,
           coalesce(sum(uses) FILTER (WHERE week < %(recent_weeks)s), 0) AS recent,
           coalesce(sum(uses) FILTER (
               WHERE week >= %(recent_weeks)s AND week < %(recent_weeks)s + %(base_weeks)s
           ), 0) AS base
    FROM risk_weeks
    JOIN fallen USING (customer_id)
    GROUP BY 1, 2
),
lost_most AS (
    SELECT DISTINCT ON (customer_id) customer_id, feature_id,
           count(*) FILTER (WHERE base > 0) OVER (PARTITION BY customer_id) = 1 AS single
    FROM by_feature
    ORDER BY customer_id,
             base * %(recent_weeks)s::numeric - recent * %(base_weeks)s::numeric DESC, feature_id
)
SELECT customer_id,
       '' AS subject,
       jsonb_build_object(
           'before', round(before_weekly, 1), 'now', round(now_weekly, 1),
           'percent', CASE WHEN fell < 100 THEN least(99, round(fell)) ELSE 100 END,
           'feature', coalesce(nullif(feature.name, ''), feature.code),
           'single', single
       ) AS facts,
       CASE WHEN fell = 100 THEN 2 WHEN fell >= (100 + %(drop_percent)s) / 2.0 THEN 1 ELSE 0
       END AS level
FROM fallen
JOIN lost_most USING (customer_id)
JOIN customers_feature feature ON feature.id = lost_most.feature_id
