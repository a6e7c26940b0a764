-- What cohorts are made of: each customer's period of signing up, if it lies in the periods asked
-- about, and the label that divides cohorts.
CREATE TEMP TABLE members AS
SELECT customer_id, label, period_of((signed_up_on - DATE '1970-01-01')::INTEGER) AS cohort
FROM incoming;
