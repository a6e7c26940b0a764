-- Balance before and after each day on which a tangled customer's paid terms begin or end, with
-- the days of the changes beside it. All changes of one day are one row.
-- recorded_us: when the last of the ends of that day was recorded.
CREATE TEMP TABLE tangled_balances AS
WITH paid AS (
    SELECT * FROM terms SEMI JOIN tangled USING (customer_id) WHERE arr IS NOT NULL
),
boundaries AS (
    SELECT customer_id, starts AS day, start_period AS period, arr AS change,
           NULL::BIGINT AS recorded_us
    FROM paid
    UNION ALL
    SELECT customer_id, ends, end_period, -arr, recorded_us
    FROM paid
    WHERE ends < $never
),
netted AS (
    SELECT customer_id, day,
           any_value(period)   AS period,
           sum(change)::BIGINT AS change,
           max(recorded_us)    AS recorded_us
    FROM boundaries
    GROUP BY customer_id, day
)
SELECT customer_id, day, period, recorded_us,
       (sum(change) OVER by_day)::BIGINT - change AS before,
       (sum(change) OVER by_day)::BIGINT          AS after,
       lag(day) OVER by_day                       AS day_before,
       lead(day) OVER by_day                      AS day_after,
       lead(period, 1, $periods) OVER by_day      AS period_after
FROM netted
WINDOW by_day AS (PARTITION BY customer_id ORDER BY day);
