-- Paying customers at the end without use in the last $silent_days days.
SELECT customer_id, end_arr AS arr, day
FROM standings
WHERE end_arr > 0
  AND customer_id NOT IN (SELECT customer_id FROM used
                          JOIN periods ON used.day > end_day - $silent_days AND used.day <= end_day)
ORDER BY arr DESC, customer_id;
