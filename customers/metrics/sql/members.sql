-- What cohorts are made of: each customer's period of signing up, if it lies in the periods asked
-- about, and the label that divides cohorts.
CREATE TEMP TABLE members AS
SELECT customer_id, label, days.period AS cohort
FROM incoming
LEFT JOIN days ON days.day = (signed_up_on - DATE '1970-01-01')::INTEGER;
