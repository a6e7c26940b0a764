-- Writes the missing rows of `differing`, which standings_differing.sql found.
INSERT INTO customers_standing (
    customer_id, state, arr_minor, plan_id, first_paid_on, lost_on, next_end_on,
    contract_ends_on, notice_by, last_used_on, risk, as_of, computed_at)
SELECT customer_id, state, arr_minor, plan_id, first_paid_on, lost_on, next_end_on,
       contract_ends_on, notice_by, last_used_on, risk, %(today)s, clock_timestamp()
FROM differing
WHERE missing
ON CONFLICT (customer_id) DO NOTHING
