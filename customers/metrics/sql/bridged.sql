-- Gaps that grace bridged, with the balance that ran through them: what the checks must add.
CREATE TEMP TABLE bridged AS
SELECT customer_id, before, period, period_after
FROM tangled_balances
SEMI JOIN bridges USING (customer_id, day);
