-- Each customer's balance after each change, in order; grace and pauses applied.
SELECT customer_id, DATE '1970-01-01' + day AS happened_on, after AS arr,
       CASE WHEN after > 0 THEN 'active' WHEN kind = 'pause' THEN 'paused' ELSE 'none' END AS state
FROM changes
ORDER BY customer_id, day;
