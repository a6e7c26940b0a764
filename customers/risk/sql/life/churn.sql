-- A customer who no longer pays, and is not within a pause, takes the standing flags along; so does
-- one who is known to leave, before the day has come.
UPDATE customers_riskflag flag
SET state = 'churned', closed_on = greatest(%(as_of)s::date, flag.raised_on), snoozed_until = NULL,
    changed_by_id = NULL, changed_at = %(now)s
WHERE flag.state IN ('open', 'acknowledged', 'snoozed')
  AND NOT EXISTS (SELECT FROM risk_customers WHERE customer_id = flag.customer_id)
  AND (EXISTS (SELECT FROM risk_leaving WHERE customer_id = flag.customer_id)
       OR NOT EXISTS (
           SELECT FROM customers_standing standing
           WHERE standing.customer_id = flag.customer_id AND standing.state = 'paused'
       ))
