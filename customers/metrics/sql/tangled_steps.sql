-- Tangled customers' balances with grace and pauses applied: a bridged gap is gone, and the change
-- that closes it starts from the balance before the gap.
-- A gap is bridged when both its sides are active, it is within the grace, and it has closed by
-- the day of known_at ($known_on); a gap that begins later is bridged by what is known to come.
CREATE TEMP TABLE tangled_steps AS
WITH falls AS (
    SELECT balances.*, pauses.until,
           before > 0 AND after = 0 AND until IS NULL
               AND coalesce(day_after - day <= grace_days, false)
               AND (day_after <= $known_on OR day > $known_on) AS is_bridged
    FROM tangled_balances AS balances
    LEFT JOIN pauses USING (customer_id, day)
),
joined AS (
    SELECT customer_id, day, period, recorded_at, after, until, day_after, is_bridged,
           day_before IS NOT NULL                               AS paid_before,
           coalesce(lag(is_bridged) OVER by_day, false)         AS closes_bridge,
           CASE WHEN closes_bridge THEN lag(before) OVER by_day ELSE before END AS held,
           before = 0 AND coalesce(lag(until) OVER by_day >= day, false)        AS resumes
    FROM falls
    WINDOW by_day AS (PARTITION BY customer_id ORDER BY day)
)
SELECT customer_id, day, period, recorded_at, held AS before, after, until, day_after,
       paid_before, resumes,
       lead(period, 1, $periods) OVER by_day                AS period_after,
       -(sum((held = 0)::BIGINT) OVER by_day)::BIGINT       AS spell
FROM joined
WHERE NOT is_bridged
WINDOW by_day AS (PARTITION BY customer_id ORDER BY day);
