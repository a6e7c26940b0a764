-- Customers of the start set who are gone at the end, by what they paid at the start.
-- $behind: lost for all; voluntary, involuntary or unexplained by their cancellation.
SELECT customer_id, start_arr AS arr, explained.day
FROM explained
JOIN standings USING (customer_id)
WHERE period = 0
  AND CASE $behind
          WHEN 'voluntary' THEN NOT involuntary
          WHEN 'involuntary' THEN involuntary
          WHEN 'unexplained' THEN involuntary IS NULL
          ELSE true END
ORDER BY arr DESC, customer_id;
