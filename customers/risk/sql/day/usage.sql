-- What is used, judged before %(until)s; the rules never read customers_usage themselves.
-- risk_usage(customer_id, feature_id, first_used_on, last_used_on): over all time.
-- risk_weeks(customer_id, feature_id, week, uses): the last %(weeks)s weeks, many rows a week; week 0
--   are the last seven days. Both hold everybody: a join with a temporary table would keep
--   PostgreSQL from reading in parallel.
DROP TABLE IF EXISTS pg_temp.risk_weeks, pg_temp.risk_usage;

CREATE TEMP TABLE risk_usage ON COMMIT DROP AS
SELECT customer_id, feature_id, min(day) AS first_used_on, max(day) AS last_used_on
FROM customers_usage
WHERE day < %(until)s::date AND count > 0
GROUP BY customer_id, feature_id;

CREATE TEMP TABLE risk_weeks ON COMMIT DROP AS
SELECT customer_id, feature_id, (%(until)s::date - 1 - day) / 7 AS week, count AS uses
FROM customers_usage
WHERE day < %(until)s::date AND day >= %(until)s::date - 7 * %(weeks)s AND count > 0;

ANALYZE risk_usage;
ANALYZE risk_weeks;
