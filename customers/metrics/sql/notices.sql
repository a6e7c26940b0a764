-- Stretches of paying whose end is known, also one after the day of known_at, and the first period
-- at whose end it was known: by the recording of every term that ends, or by a notice given
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
-- The first period at whose end every end up to the last one was known: until then, somebody who
-- looked saw a subscription that runs on. Where its next term takes over at once, nothing ends.
noted AS (
    SELECT ending.customer_id, spell,
           max(CASE WHEN terms.recorded_us < (terms.ends + 1) * 86400000000
                    THEN least(period_of_moment(terms.recorded_us), terms.end_period)
                    ELSE terms.end_period END) AS noted_period
    FROM ending
    JOIN terms ON terms.customer_id = ending.customer_id AND terms.arr IS NOT NULL AND terms.ends <= day
    LEFT JOIN terms AS following
           ON following.subscription_id = terms.subscription_id AND following.starts = terms.ends
          AND following.arr IS NOT NULL
    WHERE following.customer_id IS NULL
      AND ending.recorded_us < (day + 1) * 86400000000
      AND period_of_moment(ending.recorded_us) < ending.end_period
    GROUP BY ending.customer_id, spell
),
requested AS (
    SELECT customer_id, spell, min(requested_period) AS requested_period
    FROM ending
    JOIN cancellations USING (customer_id)
    WHERE effective_day BETWEEN day - 31 AND day + 31 AND requested_period < end_period
    GROUP BY customer_id, spell
)
SELECT customer_id, spell, day AS ends, end_period - 1 AS last,
       greatest(least(coalesce(noted_period, $periods), coalesce(requested_period, $periods)), 0) AS first
FROM ending
LEFT JOIN noted USING (customer_id, spell)
LEFT JOIN requested USING (customer_id, spell)
WHERE first <= last;
