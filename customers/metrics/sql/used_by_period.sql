-- Paying customers at each period's end who used something within the last $silent_days days.
WITH laid AS (
    SELECT greatest(runs.first, used.first) AS first, least(runs.last, used.last) AS last
    FROM used
    JOIN runs USING (customer_id)
    WHERE runs.last >= used.first AND runs.first <= used.last
),
boundaries AS (
    SELECT first AS period, 1 AS customers FROM laid
    UNION ALL
    SELECT last + 1, -1 FROM laid
),
netted AS (
    SELECT period, sum(customers) AS customers FROM boundaries GROUP BY period
)
SELECT period, sum(coalesce(customers, 0)) OVER (ORDER BY period)::BIGINT AS customers
FROM periods
LEFT JOIN netted USING (period);
