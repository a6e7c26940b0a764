-- Customers whose movements of all time do not add up to what their terms are worth on the day of
-- known_at: none, if the identity holds for each.
WITH worth AS (
    SELECT customer_id, sum(arr)::BIGINT AS arr
    FROM terms
    WHERE arr IS NOT NULL AND starts <= $known_on AND ends > $known_on
    GROUP BY customer_id
),
moved AS (
    SELECT customer_id, sum(CASE WHEN kind = 'lapse' THEN 0 ELSE moved + fx END)::BIGINT AS arr
    FROM changes
    GROUP BY customer_id
)
SELECT customer_id, coalesce(worth.arr, 0) AS from_terms, coalesce(moved.arr, 0) AS from_changes
FROM worth
FULL JOIN moved USING (customer_id)
WHERE from_terms <> from_changes
ORDER BY customer_id
LIMIT 20;
