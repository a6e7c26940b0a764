-- The number of the period that each day lies in, from $earliest (before all: -1) to $latest (after
-- all, or after the day of known_at: $periods).
CREATE TEMP TABLE days AS
SELECT day::INTEGER AS day,
       CASE WHEN day = $earliest THEN -1
            WHEN day = $latest THEN $periods
            ELSE period END::INTEGER AS period
FROM range($earliest, $latest + 1) AS every(day)
LEFT JOIN (SELECT period, start_day,
                  coalesce(lead(start_day) OVER (ORDER BY period), $latest) AS next_day
           FROM periods) AS spans
       ON day >= start_day AND day < next_day;
