-- Every change of a customer's balance or state that has happened by the end of the last period:
-- at most one row a customer and day. `moved` is the movement without `fx`.
-- kind `lapse` is the day that a pause ends in a loss: it moves its amount from pause to churn.
-- is_alone: no other change of this customer lies in the same period.
CREATE TEMP TABLE changes AS
WITH steps AS (
    SELECT customer_id, starts AS day, start_period AS period, held_before AS before, arr AS after,
           paid_before, false AS resumes, false AS pauses, steps_alone AS is_alone
    FROM chain
    UNION ALL
    SELECT customer_id, ends, end_period, arr, 0, true, false, false, falls_alone
    FROM chain
    WHERE NOT is_continued
    UNION ALL
    SELECT customer_id, day, period, before, after, paid_before, resumes, until IS NOT NULL, false
    FROM tangled_steps
),
revalued AS (
    SELECT steps.*, CASE WHEN before > 0 AND after > 0 THEN coalesce(fx.amount, 0) ELSE 0 END AS fx
    FROM steps
    LEFT JOIN fx USING (customer_id, day)
    WHERE period < $periods AND (before <> after OR fx.amount IS NOT NULL)
)
SELECT customer_id, day, period, before, after, fx, after - before - fx AS moved,
       CASE WHEN before = 0 AND NOT paid_before THEN 'new'::movement
            WHEN before = 0 AND resumes THEN 'resume'::movement
            WHEN before = 0 THEN 'reactivation'::movement
            WHEN after = 0 AND pauses THEN 'pause'::movement
            WHEN after = 0 THEN 'churn'::movement
            WHEN after - before > fx THEN 'expansion'::movement
            WHEN after - before < fx THEN 'contraction'::movement
            ELSE 'fx'::movement END AS kind,
       is_alone
FROM revalued
UNION ALL
SELECT customer_id, until, lapse_period, 0, 0, 0, before, 'lapse'::movement, false
FROM tangled_steps
WHERE lapse_period < $periods;
