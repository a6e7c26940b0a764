-- Stretches of paying whose end is known, also one after the day of known_at, and the first period
-- at whose end it was known: by the recording of the terms that end, or by a notice given
-- (a cancellation effective within 31 days of the end), whichever came first.
-- A pause is no end, and a bridged gap is none.
CREATE TEMP TABLE notices AS
WITH ending AS (
    SELECT customer_id, spell, ends AS day, end_period, recorded_at
    FROM chain ANTI JOIN tangled USING (customer_id)
    WHERE NOT is_continued AND ends < $never
    UNION ALL
    SELECT customer_id, spell, day, period, recorded_at
    FROM tangled_steps
    WHERE after = 0 AND until IS NULL
),
foreseen AS (
    SELECT customer_id, spell, day, end_period,
           (timezone($zone, recorded_at)::DATE - DATE '1970-01-01')::INTEGER AS recorded_day
    FROM ending
    WHERE epoch_us(recorded_at) // 86400000000 <= day
    UNION ALL
    SELECT ending.customer_id, spell, day, end_period, requested_day
    FROM ending
    JOIN cancellations ON cancellations.customer_id = ending.customer_id
                      AND effective_day BETWEEN day - 31 AND day + 31
    WHERE requested_day IS NOT NULL
),
placed AS (
    SELECT customer_id, spell, foreseen.day, end_period, recorded_day, days.period AS known_period
    FROM foreseen
    JOIN days ON days.day = least(greatest(recorded_day, $earliest), $latest)
)
SELECT customer_id, spell,
       any_value(day)                 AS ends,
       min(recorded_day)              AS known_day,
       greatest(min(known_period), 0) AS first,
       any_value(end_period) - 1      AS last
FROM placed
GROUP BY customer_id, spell
HAVING last >= first;
