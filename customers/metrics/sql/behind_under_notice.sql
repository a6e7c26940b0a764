-- Customers still paying at the end whose end is known by then; `day` is the day it takes effect.
SELECT customer_id, end_arr AS arr, ends AS day
FROM notices
JOIN standings USING (customer_id)
WHERE first <= 0 AND last >= 0 AND end_arr > 0
ORDER BY ends, customer_id;
