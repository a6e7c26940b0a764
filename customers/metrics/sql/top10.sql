-- ARR of the ten largest at each period's end, without laying every run out over its periods: where
-- ten of the $most largest runs of all hold at a period's end, they are its ten largest.
-- Periods where fewer do are left out, see top10_elsewhere.
WITH holders AS (
    SELECT arr, first, last FROM group_runs
    UNION ALL
    SELECT arr, first, last FROM runs ANTI JOIN groups USING (customer_id)
),
largest AS (
    SELECT arr, first, last FROM holders ORDER BY arr DESC LIMIT $most
)
SELECT period, list_sum(max(arr, 10))::BIGINT AS arr
FROM periods
JOIN largest ON period BETWEEN first AND last
GROUP BY period
HAVING count(*) >= 10;
