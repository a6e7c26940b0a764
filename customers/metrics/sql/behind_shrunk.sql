-- Customers paying at the start who pay less at the end, at constant rates, and how much less.
WITH constant AS (
    SELECT customer_id, day, start_arr,
           CASE WHEN end_arr = 0 THEN 0 ELSE greatest(end_arr - fx, 0) END AS kept
    FROM standings
    WHERE start_arr > 0
)
SELECT customer_id, kept - start_arr AS arr, day
FROM constant
WHERE kept < start_arr
ORDER BY arr, customer_id;
