-- Each paid term beside the one before and the one after it, as they stand in `lines`.
-- A window without partition or order walks the table once, in its order, which is several times
-- cheaper than sorting by customer again. Neighbours of another customer are null.
-- Terms without a gap between them make a spell; spells are numbered through.
-- The step onto a term, and the fall after it, are alone when the same customer has no other change
-- in the same period.
CREATE TEMP TABLE chain AS
WITH beside AS (
    SELECT *,
           lag(customer_id) OVER () IS NOT DISTINCT FROM customer_id  AS paid_before,
           lag(ends) OVER ()                                          AS ends_before,
           lag(arr) OVER ()                                           AS arr_before,
           lag(start_period) OVER ()                                  AS start_period_before,
           lag(end_period) OVER ()                                    AS end_period_before,
           lead(customer_id) OVER () IS NOT DISTINCT FROM customer_id AS comes_back,
           lead(starts) OVER ()                                       AS starts_after,
           lead(start_period) OVER ()                                 AS start_period_after
    FROM lines
),
told_apart AS (
    SELECT customer_id, starts, ends, start_period, end_period, recorded_us, arr, paid_before,
           paid_before AND ends_before = starts                                AS goes_on,
           CASE WHEN goes_on THEN arr_before ELSE 0 END                        AS held_before,
           paid_before AND (ends_before > starts
               OR starts - ends_before BETWEEN 1 AND $longest_grace)           AS is_tangled,
           comes_back AND starts_after = ends                                  AS is_continued,
           start_period <> end_period
               AND NOT (goes_on AND start_period_before = start_period)
               AND NOT (paid_before AND end_period_before = start_period AND NOT goes_on)
                                                                               AS steps_alone,
           start_period <> end_period
               AND NOT (comes_back AND start_period_after = end_period)        AS falls_alone
    FROM beside
)
SELECT *, sum((NOT goes_on)::BIGINT) OVER (ROWS UNBOUNDED PRECEDING)::BIGINT AS spell
FROM told_apart;
