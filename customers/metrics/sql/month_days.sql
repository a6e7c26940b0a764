-- The number of the calendar month that each day lies in, -1 before the first; $months_from to
-- $months_until. asked_months(month, start_day, next_day).
CREATE TEMP TABLE month_days AS
SELECT day::INTEGER AS day, coalesce(month, -1)::INTEGER AS month
FROM range($months_from - 1, $months_until) AS every(day)
LEFT JOIN asked_months ON day >= start_day AND day < next_day;
