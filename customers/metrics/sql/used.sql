-- For which periods' ends a customer had used something within the last $silent_days days: at the ends
-- of `first` to `last`. incoming(customer_id, first_on, last_on): stretches of use without a longer
-- break, none of a customer's overlapping.
CREATE TEMP TABLE used AS
WITH ends AS (
    SELECT list(end_day ORDER BY period) AS days FROM periods
),
dated AS (
    SELECT customer_id, (first_on - DATE '1970-01-01')::INTEGER AS first_day,
           (last_on - DATE '1970-01-01')::INTEGER + $silent_days AS silent_day
    FROM incoming
)
SELECT customer_id,
       len(list_filter(days, lambda day: day < first_day))       AS first,
       len(list_filter(days, lambda day: day < silent_day)) - 1  AS last
FROM dated, ends
WHERE first <= last;
