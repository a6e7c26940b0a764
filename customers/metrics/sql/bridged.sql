-- Gaps that grace bridged, with the balance that ran through them.
CREATE TEMP TABLE bridged AS
SELECT fall.customer_id, fall.before, fall.period, rise.period AS period_after
FROM tangled_balances AS fall
JOIN tangled_balances AS rise
  ON rise.customer_id = fall.customer_id AND rise.day = fall.day_after
ANTI JOIN tangled_steps
  ON tangled_steps.customer_id = fall.customer_id AND tangled_steps.day = fall.day
WHERE fall.before > 0 AND fall.after = 0;
