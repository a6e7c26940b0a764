-- Customers there at the start, at the end, or paused at the end ($behind), the largest first.
SELECT customer_id, CASE WHEN $behind = 'start' THEN start_arr ELSE end_arr END AS arr, day
FROM standings
WHERE CASE $behind
          WHEN 'start' THEN start_state <> 'none'
          WHEN 'end' THEN end_state <> 'none'
          ELSE end_state = 'paused' END
ORDER BY arr DESC, customer_id;
