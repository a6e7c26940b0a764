-- Features that a customer uses `drop_percent` or more less: the last `recent_weeks` against the
-- `base_weeks` before them, as in use_fell. A feature that fell no more than ten points faster
-- than the customer's whole use, where that is flagged itself, is no news of its own.
-- At most the three that lost most a customer.
WITH by_feature AS (
    SELECT customer_id, feature_id,
           coalesce(sum(uses) FILTER (WHERE week < %(recent_weeks)s), 0) AS recent,
           sum(uses) FILTER (
               WHERE week >= %(recent_weeks)s AND week < %(recent_weeks)s + %(base_weeks)s
           ) AS base
    FROM risk_weeks
    JOIN risk_customers USING (customer_id)
    GROUP BY 1, 2
    -- too little to pass in any number of weeks: gone before the joins
    HAVING sum(uses) FILTER (WHERE week >= %(recent_weeks)s)
           >= %(least_a_week)s * least(%(least_weeks)s, %(base_weeks)s)
),
observed AS (
    SELECT customer_id, feature_id, least(
               %(base_weeks)s,
               (%(until)s::date - %(recent_weeks)s * 7 - first_used_on + 6) / 7
           ) AS weeks
    FROM risk_usage
),
pace AS (
    SELECT customer_id, feature_id,
           recent / %(recent_weeks)s::numeric AS now_weekly,
           base / weeks::numeric AS before_weekly,
           100 - 100 * recent * weeks / (base * %(recent_weeks)s::numeric) AS fell
    FROM by_feature JOIN observed USING (customer_id, feature_id)
    WHERE weeks >= %(least_weeks)s AND base > 0
),
whole AS (
    SELECT customer_id, max((facts ->> 'percent')::int) AS fell
    FROM risk_found WHERE key = 'use_fell'
    GROUP BY 1
),
news AS (
    SELECT pace.*, row_number() OVER (
               PARTITION BY customer_id ORDER BY before_weekly - now_weekly DESC, feature_id
           ) AS place
    FROM pace
    LEFT JOIN whole USING (customer_id)
    WHERE pace.fell >= %(drop_percent)s AND before_weekly >= %(least_a_week)s
      AND (whole.fell IS NULL OR pace.fell > whole.fell + 10)
      AND customer_id NOT IN (SELECT customer_id FROM risk_found WHERE key = 'no_use')
)
SELECT customer_id,
       feature.code AS subject,
       jsonb_build_object(
           'before', round(before_weekly, 1), 'now', round(now_weekly, 1),
           'percent', CASE WHEN fell < 100 THEN least(99, round(fell)) ELSE 100 END,
           'feature', coalesce(nullif(feature.name, ''), feature.code)
       ) AS facts,
       CASE WHEN fell = 100 THEN 2 WHEN fell >= (100 + %(drop_percent)s) / 2.0 THEN 1 ELSE 0 END AS level
FROM news
JOIN customers_feature feature ON feature.id = news.feature_id
WHERE place <= 3
