-- ARR and paying customers at each period's end, counted from the terms themselves and not from
-- changes: what the sums of movements must arrive at. A bridged gap counts what was paid before it.
-- One row a period and `label` of members (null for all), with the same from the changes.
WITH labelled AS (
    SELECT customer_id, label FROM members
),
held AS (
    SELECT customer_id, start_period AS first, end_period AS after, arr
    FROM terms
    WHERE arr IS NOT NULL
    UNION ALL
    SELECT customer_id, period, period_after, before FROM bridged
),
boundaries AS (
    SELECT customer_id, first AS period, arr FROM held
    UNION ALL
    SELECT customer_id, after, -arr FROM held
),
from_terms AS (
    SELECT label, greatest(period, 0) AS period, sum(arr) AS arr
    FROM boundaries
    LEFT JOIN labelled USING (customer_id)
    GROUP BY ALL
),
from_changes AS (
    SELECT label, greatest(period, 0) AS period,
           sum(CASE WHEN kind = 'lapse' THEN 0 ELSE moved + fx END) AS moved
    FROM changes
    LEFT JOIN labelled USING (customer_id)
    GROUP BY ALL
),
labels AS (
    SELECT DISTINCT label FROM from_changes
),
grid AS (
    SELECT labels.label, periods.period, coalesce(arr, 0) AS arr, coalesce(moved, 0) AS moved
    FROM labels
    JOIN periods ON true
    LEFT JOIN from_terms ON from_terms.period = periods.period
                        AND from_terms.label IS NOT DISTINCT FROM labels.label
    LEFT JOIN from_changes ON from_changes.period = periods.period
                          AND from_changes.label IS NOT DISTINCT FROM labels.label
)
SELECT label, period,
       (sum(arr) OVER through)::BIGINT   AS from_terms,
       (sum(moved) OVER through)::BIGINT AS from_changes
FROM grid
WINDOW through AS (PARTITION BY label ORDER BY period)
QUALIFY from_terms <> from_changes
ORDER BY period, label;
