-- Customers who asked and waited longer than `days` days for a first reply: still waiting, or
-- answered within the last `window_days`. Complaints have their own rule.
-- One row a customer; level 1 while any of them still waits past twice the days.
WITH asked AS (
    SELECT customer_id, occurred_at, first_reply_at IS NULL AS waiting,
           coalesce(first_reply_at, %(cutoff)s) - occurred_at AS waited
    FROM customers_interaction
    WHERE NOT complaint AND kind IN ('ticket', 'email', 'social') AND occurred_at < %(cutoff)s
      AND (first_reply_at IS NULL AND status IN ('open', 'pending')
           OR first_reply_at < %(cutoff)s
              AND first_reply_at >= %(cutoff)s - make_interval(days => %(window_days)s))
)
SELECT customer_id,
       '' AS subject,
       jsonb_build_object(
           'count', count(*), 'waiting', count(*) FILTER (WHERE waiting), 'days', %(days)s,
           'oldest_on', (min(occurred_at) FILTER (WHERE waiting) AT TIME ZONE %(zone)s)::date
       ) AS facts,
       CASE WHEN bool_or(waiting AND waited > make_interval(days => 2 * %(days)s)) THEN 1 ELSE 0
       END AS level
FROM asked
JOIN risk_customers USING (customer_id)
WHERE waited > make_interval(days => %(days)s)
GROUP BY customer_id
