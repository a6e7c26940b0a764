-- For how many periods' ends a customer held one balance: at the ends of `first` to `last`.
-- Only positive balances, only runs that see an end. (customer_id, spell) is a stretch of paying
-- without a break.
CREATE TEMP VIEW runs AS
WITH held AS (
    SELECT customer_id, spell, arr, start_period AS first, end_period - 1 AS last FROM chain
    UNION ALL
    SELECT customer_id, spell, after, period, period_after - 1 FROM tangled_steps WHERE after > 0
)
SELECT customer_id, spell, arr, greatest(first, 0) AS first, last
FROM held
WHERE last >= greatest(first, 0);
