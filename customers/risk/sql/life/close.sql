-- A flag whose rule no longer speaks of its customer is resolved, by nobody; so is one whose rule
-- was switched off. Rules that could not judge today (not in %(judged)s, not in %(off)s) and
-- customers who don't pay today leave their flags as they are.
UPDATE customers_riskflag flag
SET state = 'resolved', closed_on = greatest(%(as_of)s::date, flag.raised_on),
    cleared_on = greatest(%(as_of)s::date, flag.raised_on),
    snoozed_until = NULL, changed_by_id = NULL, changed_at = %(now)s
WHERE flag.state IN ('open', 'acknowledged', 'snoozed')
  AND (flag.rule_id = ANY (%(off)s)
       OR flag.rule_id = ANY (%(judged)s)
          AND EXISTS (SELECT FROM risk_customers WHERE customer_id = flag.customer_id)
          AND NOT EXISTS (
              SELECT FROM risk_found found
              WHERE found.rule_id = flag.rule_id AND found.customer_id = flag.customer_id
                AND found.subject = flag.subject
          ))
