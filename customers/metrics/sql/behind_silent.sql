-- Paying customers at the end without use in the last $silent_days days.
SELECT customer_id, end_arr AS arr, day
FROM standings
WHERE end_arr > 0 AND customer_id NOT IN (SELECT customer_id FROM used WHERE first <= 0 AND last >= 0)
ORDER BY arr DESC, customer_id;
