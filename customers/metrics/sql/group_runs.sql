-- Runs of one balance as in `runs`, of groups as a whole.
CREATE TEMP TABLE group_runs AS
WITH of_groups AS (
    SELECT top, arr, first, last FROM runs JOIN groups USING (customer_id)
),
boundaries AS (
    SELECT top, first AS period, arr AS change FROM of_groups
    UNION ALL
    SELECT top, last + 1, -arr FROM of_groups
),
netted AS (
    SELECT top, period, sum(change)::BIGINT AS change FROM boundaries GROUP BY ALL
),
stepped AS (
    SELECT (sum(change) OVER by_period)::BIGINT             AS arr,
           period                                           AS first,
           lead(period, 1, $periods) OVER by_period - 1     AS last
    FROM netted
    WINDOW by_period AS (PARTITION BY top ORDER BY period)
)
SELECT arr, first, last FROM stepped WHERE arr > 0 AND last >= first AND first < $periods;
