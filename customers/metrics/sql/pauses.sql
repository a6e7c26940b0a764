-- Falls to zero that are a pause, and the first day on which it is one no longer: when no paused
-- term runs any more, or when $pause_limit days have passed.
-- Overlapping and touching paused terms of a customer make one stretch.
CREATE TEMP TABLE pauses AS
WITH reaching AS (
    SELECT customer_id, starts, ends,
           max(ends) OVER (PARTITION BY customer_id ORDER BY starts, ends
                           ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS reach
    FROM terms
    WHERE arr IS NULL
),
numbered AS (
    SELECT customer_id, starts, ends,
           sum((reach IS NULL OR starts > reach)::INTEGER)
               OVER (PARTITION BY customer_id ORDER BY starts, ends ROWS UNBOUNDED PRECEDING)
               AS stretch
    FROM reaching
),
stretches AS (
    SELECT customer_id, min(starts) AS starts, max(ends) AS ends
    FROM numbered
    GROUP BY customer_id, stretch
)
SELECT fall.customer_id, fall.day, least(stretches.ends, fall.day + $pause_limit) AS until
FROM tangled_balances AS fall
JOIN stretches ON stretches.customer_id = fall.customer_id
              AND stretches.starts <= fall.day
              AND stretches.ends > fall.day
WHERE fall.before > 0 AND fall.after = 0 AND $pause_limit > 0;
