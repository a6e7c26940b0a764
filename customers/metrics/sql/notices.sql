-- Stretches of paying whose end is known, also one after the day of known_at, and the first period
-- at whose end it was known: by the recording of the terms that end, or by a notice given
-- (a cancellation effective within 31 days of the end), whichever came first.
-- A pause is no end, and a bridged gap is none.
CREATE TEMP TABLE notices AS
WITH ending AS (
    SELECT customer_id, spell, ends AS day, end_period, recorded_us
    FROM chain
    WHERE NOT is_continued AND ends < $never
    UNION ALL
    SELECT customer_id, spell, day, period, recorded_us
    FROM tangled_steps
    WHERE after = 0 AND until IS NULL
),
noted AS (
    SELECT *,
           CASE WHEN recorded_us < (day + 1) * 86400000000 THEN period_of_moment(recorded_us)
                ELSE $periods END AS noted_period
    FROM ending
),
requested AS (
    SELECT customer_id, spell, min(requested_period) AS requested_period
    FROM ending
    JOIN cancellations USING (customer_id)
    WHERE effective_day BETWEEN day - 31 AND day + 31 AND requested_period < end_period
    GROUP BY customer_id, spell
)
SELECT customer_id, spell, day AS ends, end_period - 1 AS last,
       greatest(least(noted_period, coalesce(requested_period, $periods)), 0) AS first
FROM noted
LEFT JOIN requested USING (customer_id, spell)
WHERE first <= last;
