-- Gaps that grace bridges: both sides active, no pause, of at most the grace of the largest term
-- that ended (of equal ones the longest), and closed by the day of known_at ($known_on). A gap that
-- begins later is bridged by what is known to come.
CREATE TEMP TABLE bridges AS
WITH gaps AS (
    SELECT customer_id, day, day_after
    FROM tangled_balances
    ANTI JOIN pauses USING (customer_id, day)
    WHERE before > 0 AND after = 0
      AND day_after - day <= $longest_grace
      AND (day_after <= $known_on OR day > $known_on)
)
SELECT gaps.customer_id, gaps.day
FROM gaps
JOIN terms ON terms.customer_id = gaps.customer_id AND terms.ends = gaps.day AND arr > 0
GROUP BY gaps.customer_id, gaps.day, day_after
HAVING day_after - gaps.day <= arg_max(grace_days, (arr, grace_days));
