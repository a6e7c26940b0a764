-- Tangled customers whose balance was zero more than once, or who have a pause or a bridged gap:
-- only for them does a step depend on more than its own day.
CREATE TEMP TABLE entangled AS
SELECT customer_id FROM tangled_balances WHERE before = 0 AND day_before IS NOT NULL
UNION
SELECT customer_id FROM pauses;
