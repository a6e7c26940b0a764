-- What a person resolved may be raised anew once the rule was silent: the episode is over.
UPDATE customers_riskflag flag
SET cleared_on = %(as_of)s
WHERE flag.state = 'resolved' AND flag.cleared_on IS NULL
  AND flag.rule_id = ANY (%(judged)s)
  AND NOT EXISTS (
      SELECT FROM risk_found found
      WHERE found.rule_id = flag.rule_id AND found.customer_id = flag.customer_id
        AND found.subject = flag.subject
  )
