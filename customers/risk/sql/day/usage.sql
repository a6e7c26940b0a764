-- How much paying customers used, in whole weeks back from %(until)s, the first day not judged.
-- risk_weeks(customer_id, feature_id, week, uses, …): week 0 are the last seven days, and so on;
--   whatever is older than %(weeks)s weeks stands in week %(weeks)s.
-- risk_usage(customer_id, feature_id, first_used_on, last_used_on): over all time.
-- One pass over customers_usage: the rules never read it again.
DROP TABLE IF EXISTS pg_temp.risk_weeks, pg_temp.risk_usage;

CREATE TEMP TABLE risk_weeks ON COMMIT DROP AS
SELECT usage.customer_id, usage.feature_id,
       least((%(until)s::date - 1 - usage.day) / 7, %(weeks)s) AS week,
       sum(usage.count)::bigint AS uses,
       min(usage.day) AS first_used_on, max(usage.day) AS last_used_on
FROM customers_usage usage
JOIN risk_customers USING (customer_id)
WHERE usage.day < %(until)s::date AND usage.count > 0
GROUP BY 1, 2, 3;

CREATE TEMP TABLE risk_usage ON COMMIT DROP AS
SELECT customer_id, feature_id,
       min(first_used_on) AS first_used_on, max(last_used_on) AS last_used_on
FROM risk_weeks
GROUP BY 1, 2;

ANALYZE risk_weeks;
ANALYZE risk_usage;
