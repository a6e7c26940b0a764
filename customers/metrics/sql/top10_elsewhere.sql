-- ARR of the ten largest at the ends of the periods $from_period to $to_period, looking through all
-- runs that touch them.
WITH touching AS (
    SELECT arr, first, last FROM group_runs WHERE first <= $to_period AND last >= $from_period
    UNION ALL
    SELECT arr, first, last
    FROM runs ANTI JOIN groups USING (customer_id)
    WHERE first <= $to_period AND last >= $from_period
)
SELECT period, list_sum(max(arr, 10))::BIGINT AS arr
FROM periods
JOIN touching ON period BETWEEN first AND last
WHERE period BETWEEN $from_period AND $to_period
GROUP BY period;
