-- Each kind of movement in each period: how many, how much; -1 holds all that came before.
-- is_alone tells apart the customers with one change in the period: their start and end stand in it.
-- start_arr, capped, kept: of who paid before the change, the sums of what was paid at the start, of
-- the lesser of start and end, and of the end. The end is at constant currency (less the fx), never
-- below zero, and 0 for who pays nothing.
WITH constant AS (
    SELECT *, CASE WHEN after = 0 THEN 0 ELSE greatest(after - fx, 0) END AS end_arr FROM changes
)
SELECT period, kind::VARCHAR AS kind, is_alone,
       count(*)                             AS events,
       sum(moved)::BIGINT                   AS moved,
       sum(fx)::BIGINT                      AS fx,
       sum(before)::BIGINT                  AS start_arr,
       sum(least(before, end_arr))::BIGINT  AS capped,
       sum(CASE WHEN before > 0 THEN end_arr ELSE 0 END)::BIGINT AS kept
FROM constant
GROUP BY ALL;
