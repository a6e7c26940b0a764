-- Tangled customers' balances with grace and pauses applied: a bridged gap is gone, and the change
-- that closes it starts from the balance before the gap. `until`: the day on which a
-- pause would end in a loss; lapse_period: the period of that day, where it came to that.
CREATE TEMP TABLE tangled_steps AS
WITH falls AS (
    SELECT balances.*, pauses.until, bridges.day IS NOT NULL AS is_bridged
    FROM tangled_balances AS balances
    SEMI JOIN entangled USING (customer_id)
    LEFT JOIN pauses ON pauses.customer_id = balances.customer_id AND pauses.day = balances.day
    LEFT JOIN bridges ON bridges.customer_id = balances.customer_id AND bridges.day = balances.day
),
joined AS (
    SELECT customer_id, day, period, recorded_us, after, until, day_after, is_bridged,
           day_before IS NOT NULL                                               AS paid_before,
           coalesce(lag(is_bridged) OVER by_day, false)                         AS closes_bridge,
           CASE WHEN closes_bridge THEN lag(before) OVER by_day ELSE before END AS held,
           before = 0 AND coalesce(lag(until) OVER by_day >= day, false)        AS resumes
    FROM falls
    WINDOW by_day AS (PARTITION BY customer_id ORDER BY day)
)
SELECT customer_id, day, period, recorded_us, held AS before, after, until,
       paid_before, resumes,
       CASE WHEN until IS NOT NULL AND (day_after IS NULL OR until < day_after)
            THEN period_of(until) END                             AS lapse_period,
       lead(period, 1, $periods) OVER by_day               AS period_after,
       -(sum((held = 0)::BIGINT) OVER by_day)::BIGINT             AS spell
FROM joined
WHERE NOT is_bridged
WINDOW by_day AS (PARTITION BY customer_id ORDER BY day)
UNION ALL
SELECT customer_id, day, period, recorded_us, before, after, NULL, day_before IS NOT NULL, false,
       NULL, period_after, -1
FROM tangled_balances
ANTI JOIN entangled USING (customer_id);
