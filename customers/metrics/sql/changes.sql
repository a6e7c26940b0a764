-- Every change of a customer's balance or state that has happened by the end of the last period:
-- at most one row a customer and day. `moved` is the movement without `fx`.
-- kind `lapse` is the day that a pause ends in a loss: it moves its amount from pause to churn.
-- is_alone: no other change of this customer lies in the same period.
CREATE TEMP TABLE changes AS
WITH straight AS (
    SELECT * FROM chain ANTI JOIN tangled USING (customer_id)
),
steps AS (
    SELECT customer_id, starts AS day, start_period AS period,
           CASE WHEN goes_on THEN arr_before ELSE 0 END AS before, arr AS after,
           paid_before, false AS resumes, NULL::INTEGER AS until,
           period_before IS DISTINCT FROM start_period AND end_period <> start_period AS is_alone
    FROM straight
    UNION ALL
    SELECT customer_id, ends, end_period, arr, 0, true, false, NULL,
           start_period <> end_period AND period_after IS DISTINCT FROM end_period
    FROM straight
    WHERE NOT is_continued
    UNION ALL
    SELECT customer_id, day, period, before, after, paid_before, resumes, until, false
    FROM tangled_steps
),
revalued AS (
    SELECT steps.*, CASE WHEN before > 0 AND after > 0 THEN coalesce(fx.amount, 0) ELSE 0 END AS fx
    FROM steps
    LEFT JOIN fx USING (customer_id, day)
    WHERE period < $periods AND (before <> after OR fx.amount IS NOT NULL)
),
lapsed AS (
    SELECT customer_id, until AS day, days.period, before AS moved
    FROM tangled_steps
    JOIN days ON days.day = least(greatest(until, $earliest), $latest)
    WHERE until IS NOT NULL AND days.period < $periods AND (day_after IS NULL OR until < day_after)
)
SELECT customer_id, day, period, before, after, fx, after - before - fx AS moved,
       CASE WHEN before = 0 AND NOT paid_before THEN 'new'
            WHEN before = 0 AND resumes THEN 'resume'
            WHEN before = 0 THEN 'reactivation'
            WHEN after = 0 AND until IS NOT NULL THEN 'pause'
            WHEN after = 0 THEN 'churn'
            WHEN after - before > fx THEN 'expansion'
            WHEN after - before < fx THEN 'contraction'
            ELSE 'fx' END::movement AS kind,
       is_alone
FROM revalued
UNION ALL
SELECT customer_id, day, period, 0, 0, 0, moved, 'lapse', false
FROM lapsed;
