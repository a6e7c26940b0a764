-- How those who were there at a period's start ended it, as far as anything changed for them.
-- lost: customers of the start set with state none at the end.
-- shrunk: sum over paying customers of start - min(start, end); moved: of end - start; `end` is at
-- constant currency (less the period's fx), never below zero, and 0 for who pays nothing.
WITH outcomes AS (
    SELECT period, before AS start_arr, after AS end_arr, fx,
           kind AS first_kind, kind AS last_kind
    FROM changes
    WHERE is_alone AND period >= 0
    UNION ALL
    SELECT period, arg_min(before, day), arg_max(after, day), sum(fx),
           arg_min(kind, day), arg_max(kind, day)
    FROM changes
    WHERE NOT is_alone AND period >= 0
    GROUP BY customer_id, period
),
constant AS (
    SELECT *, CASE WHEN end_arr = 0 THEN 0 ELSE greatest(end_arr - fx, 0) END AS kept
    FROM outcomes
)
SELECT period,
       count(*) FILTER (first_kind NOT IN ('new', 'reactivation')
                        AND last_kind IN ('churn', 'lapse'))                      AS lost,
       coalesce(sum(start_arr - least(start_arr, kept)) FILTER (start_arr > 0), 0)::BIGINT AS shrunk,
       coalesce(sum(kept - start_arr) FILTER (start_arr > 0), 0)::BIGINT                   AS moved
FROM constant
GROUP BY period;
