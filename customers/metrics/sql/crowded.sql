-- The same of customers with several changes in one period: their start is before the first of
-- them, their end after the last. lost: of the start set, gone at the end.
WITH outcomes AS (
    SELECT period, arg_min(before, day) AS before, arg_max(after, day) AS after, sum(fx) AS fx,
           arg_min(kind, day) AS first_kind, arg_max(kind, day) AS last_kind
    FROM changes
    WHERE NOT is_alone AND period >= 0
    GROUP BY customer_id, period
),
constant AS (
    SELECT *, CASE WHEN after = 0 THEN 0 ELSE greatest(after - fx, 0) END AS end_arr FROM outcomes
)
SELECT period,
       count(*) FILTER (first_kind NOT IN ('new', 'reactivation')
                        AND last_kind IN ('churn', 'lapse'))     AS lost,
       sum(before)::BIGINT                                       AS start_arr,
       sum(least(before, end_arr))::BIGINT                       AS capped,
       sum(CASE WHEN before > 0 THEN end_arr ELSE 0 END)::BIGINT AS kept
FROM constant
GROUP BY period;
