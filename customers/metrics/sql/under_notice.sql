-- Customers still paying at each period's end whose end was known by then, and what they pay.
WITH laid AS (
    SELECT arr, greatest(runs.first, notices.first) AS first, least(runs.last, notices.last) AS last
    FROM notices
    JOIN runs USING (customer_id, spell)
    WHERE runs.last >= notices.first AND runs.first <= notices.last
),
boundaries AS (
    SELECT first AS period, 1 AS customers, arr FROM laid
    UNION ALL
    SELECT last + 1, -1, -arr FROM laid
),
netted AS (
    SELECT period, sum(customers) AS customers, sum(arr) AS arr FROM boundaries GROUP BY period
)
SELECT period,
       sum(customers) OVER (ORDER BY period)::BIGINT AS customers,
       sum(arr) OVER (ORDER BY period)::BIGINT       AS arr
FROM (SELECT period, coalesce(customers, 0) AS customers, coalesce(arr, 0) AS arr
      FROM periods LEFT JOIN netted USING (period));
