-- How many of each cohort, and what they pay, at each period's end. A member is a customer who paid;
-- its cohort is the period of its first payment, or the one in `members` where that is asked.
-- members(customer_id, cohort, label) is empty where neither sign-up nor a label is asked.
-- Size and base are of all members; customers whose cohort lies before the periods are left out.
WITH joined AS (
    SELECT customer_id, min(period) AS first_period, arg_min(moved, day) AS base
    FROM changes
    WHERE kind = 'new'
    GROUP BY customer_id
),
placed AS (
    SELECT joined.customer_id, label, base,
           CASE WHEN $by_first_paid THEN first_period ELSE cohort END AS cohort
    FROM joined
    LEFT JOIN members USING (customer_id)
    WHERE CASE WHEN $by_first_paid THEN first_period ELSE cohort END BETWEEN 0 AND $periods - 1
),
sizes AS (
    SELECT cohort, label, count(*) AS size, sum(base)::BIGINT AS base FROM placed GROUP BY ALL
),
boundaries AS (
    SELECT cohort, label, first AS period, 1 AS customers, arr FROM runs JOIN placed USING (customer_id)
    UNION ALL
    SELECT cohort, label, last + 1, -1, -arr FROM runs JOIN placed USING (customer_id)
),
netted AS (
    SELECT cohort, label, period, sum(customers) AS customers, sum(arr) AS arr
    FROM boundaries
    GROUP BY ALL
),
grid AS (
    SELECT sizes.*, periods.period, coalesce(netted.customers, 0) AS customers,
           coalesce(netted.arr, 0) AS arr
    FROM sizes
    JOIN periods ON true
    LEFT JOIN netted ON netted.cohort = sizes.cohort AND netted.period = periods.period
                    AND netted.label IS NOT DISTINCT FROM sizes.label
)
SELECT cohort, label, size, base, period,
       (sum(customers) OVER through)::BIGINT AS customers,
       (sum(arr) OVER through)::BIGINT       AS arr
FROM grid
WINDOW through AS (PARTITION BY cohort, label ORDER BY period)
QUALIFY period >= cohort
ORDER BY cohort, label NULLS FIRST, period;
