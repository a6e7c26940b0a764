-- The periods asked about, numbered from 0: first day, and the day that "at the end" means.
CREATE TEMP TABLE periods AS
SELECT period::INTEGER AS period, start_day::INTEGER AS start_day, end_day::INTEGER AS end_day
FROM asked_periods;
