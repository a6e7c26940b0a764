-- Customers with a movement of kind $behind in the period, its sum each, and the last day of one.
SELECT customer_id,
       sum(CASE WHEN $behind = 'fx' THEN fx
                WHEN kind = 'lapse' AND $behind = 'churn' THEN -moved
                ELSE moved END)::BIGINT AS arr,
       max(day) AS day
FROM changes
WHERE period = 0
  AND CASE WHEN $behind = 'fx' THEN fx <> 0
           WHEN kind = 'lapse' THEN $behind IN ('churn', 'pause')
           ELSE kind::VARCHAR = $behind END
GROUP BY customer_id
ORDER BY abs(arr) DESC, customer_id;
