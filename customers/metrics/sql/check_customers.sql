-- Customers whose movements of a period do not add up to what their terms begin and end in it: none,
-- if start and movements make the end for each customer in every period. What came before the first
-- period is one with it. A bridged gap counts what was paid before it. `from_terms` and
-- `from_changes` are the change of the balance in the period by either.
WITH held AS (
    SELECT customer_id, start_period AS first, end_period AS after, arr
    FROM terms
    WHERE arr IS NOT NULL
    UNION ALL
    SELECT customer_id, period, period_after, before FROM bridged
),
boundaries AS (
    SELECT customer_id, greatest(first, 0) AS period, arr AS from_terms, 0 AS from_changes FROM held
    UNION ALL
    SELECT customer_id, greatest(after, 0), -arr, 0 FROM held
    UNION ALL
    SELECT customer_id, greatest(period, 0), 0, CASE WHEN kind = 'lapse' THEN 0 ELSE moved + fx END
    FROM changes
)
SELECT customer_id, period,
       sum(from_terms)::BIGINT   AS from_terms,
       sum(from_changes)::BIGINT AS from_changes
FROM boundaries
WHERE period < $periods
GROUP BY customer_id, period
HAVING sum(from_terms) <> sum(from_changes)
ORDER BY period, customer_id
LIMIT 20;
