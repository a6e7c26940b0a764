-- Paid terms in the order of customer and first day: what the next question walks along.
CREATE TEMP TABLE lines AS
SELECT customer_id, starts, ends, start_period, end_period, recorded_us, arr
FROM terms
WHERE arr IS NOT NULL
ORDER BY customer_id, starts;
