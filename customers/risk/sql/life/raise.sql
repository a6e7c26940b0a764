-- What rules found and no standing flag says. What a person resolved stays so while the rule goes
-- on saying the same (cleared_on is empty), unless it got worse since.
INSERT INTO customers_riskflag (
    customer_id, rule_id, subject, facts, severity, level, state, raised_on, seen_on,
    changed_at, note, dismissal
)
SELECT found.customer_id, found.rule_id, found.subject, found.facts, found.severity, found.level,
       'open', %(as_of)s, %(as_of)s, %(now)s, '', ''
FROM risk_found found
WHERE NOT EXISTS (
          SELECT FROM customers_riskflag flag
          WHERE flag.customer_id = found.customer_id AND flag.rule_id = found.rule_id
            AND flag.subject = found.subject
            AND flag.state IN ('open', 'acknowledged', 'snoozed')
      )
  AND NOT EXISTS (
          SELECT FROM customers_riskflag flag
          WHERE flag.customer_id = found.customer_id AND flag.rule_id = found.rule_id
            AND flag.subject = found.subject
            AND flag.state = 'resolved' AND flag.cleared_on IS NULL
            AND flag.level >= found.level
      )
ON CONFLICT DO NOTHING
