-- Each paid term beside the one before and the one after it, as they stand in `lines`.
-- A window without partition or order walks the table once, in its order, which is several times
-- cheaper than sorting by customer again. Neighbours of another customer are null.
-- Terms without a gap between them make a spell; spells are numbered through.
CREATE TEMP TABLE chain AS
WITH beside AS (
    SELECT *,
           lag(customer_id) OVER ()   AS customer_before,
           lag(ends) OVER ()          AS ends_before,
           lag(arr) OVER ()           AS arr_before,
           lag(start_period) OVER ()  AS start_period_before,
           lag(end_period) OVER ()    AS end_period_before,
           lead(customer_id) OVER ()  AS customer_after,
           lead(starts) OVER ()       AS starts_after,
           lead(start_period) OVER () AS start_period_after
    FROM lines
),
told_apart AS (
    SELECT customer_id, starts, ends, start_period, end_period, arr, recorded_at,
           customer_before IS NOT DISTINCT FROM customer_id                        AS paid_before,
           paid_before AND ends_before = starts                                    AS goes_on,
           paid_before AND ends_before > starts                                    AS is_overlapped,
           paid_before AND starts - ends_before BETWEEN 1 AND $longest_grace       AS may_bridge,
           arr_before,
           CASE WHEN goes_on THEN start_period_before
                WHEN paid_before THEN end_period_before END                        AS period_before,
           customer_after IS NOT DISTINCT FROM customer_id                         AS comes_back,
           comes_back AND starts_after = ends                                      AS is_continued,
           CASE WHEN comes_back THEN start_period_after END                        AS period_after
    FROM beside
)
SELECT *, sum((NOT goes_on)::BIGINT) OVER (ROWS UNBOUNDED PRECEDING)::BIGINT AS spell
FROM told_apart;
