-- Each customer who ever paid by the end of the first period asked about: state and ARR at its
-- start and at its end, and the fx in it. `on` is the day of the last change in the period.
CREATE TEMP TABLE standings AS
WITH sides AS (
    SELECT customer_id,
           arg_max(kind, day) FILTER (period = -1)                  AS kind_before,
           coalesce(arg_max(after, day) FILTER (period = -1), 0)    AS start_arr,
           arg_max(kind, day)                                       AS last_kind,
           arg_max(after, day)                                      AS end_arr,
           coalesce(sum(fx) FILTER (period = 0), 0)                 AS fx,
           max(day) FILTER (period = 0)                             AS day
    FROM changes
    WHERE period <= 0
    GROUP BY customer_id
)
SELECT customer_id, start_arr, end_arr, fx, day,
       CASE WHEN start_arr > 0 THEN 'active' WHEN kind_before = 'pause' THEN 'paused'
            ELSE 'none' END AS start_state,
       CASE WHEN end_arr > 0 THEN 'active' WHEN last_kind = 'pause' THEN 'paused'
            ELSE 'none' END AS end_state
FROM sides;
