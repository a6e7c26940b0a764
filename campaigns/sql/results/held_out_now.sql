-- How many customers are left out of something today: held out, and not judged yet.
SELECT count(DISTINCT customer_id)
  FROM drawn
 WHERE held_out AND NOT is_read
