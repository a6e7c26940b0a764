-- Members of the ten largest groups at the end; a customer without a group is its own.
WITH owned AS (
    SELECT customer_id, end_arr AS arr, day, coalesce(top, customer_id) AS holder
    FROM standings
    LEFT JOIN groups USING (customer_id)
    WHERE end_arr > 0
),
largest AS (
    SELECT holder, sum(arr) AS held FROM owned GROUP BY holder ORDER BY held DESC, holder LIMIT 10
)
SELECT customer_id, arr, day
FROM owned
JOIN largest USING (holder)
ORDER BY held DESC, holder, arr DESC, customer_id;
