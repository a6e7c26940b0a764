-- Standing flags whose numbers changed take the new ones; no other row is written. One that got
-- worse (a higher level) is open again, whoever acknowledged or snoozed it.
UPDATE customers_riskflag flag
SET facts = found.facts, severity = found.severity, level = found.level, seen_on = %(as_of)s,
    state = CASE WHEN found.level > flag.level THEN 'open' ELSE flag.state END,
    snoozed_until = CASE WHEN found.level > flag.level THEN NULL ELSE flag.snoozed_until END,
    changed_by_id = CASE WHEN found.level > flag.level THEN NULL ELSE flag.changed_by_id END,
    changed_at = CASE WHEN found.level > flag.level THEN %(now)s ELSE flag.changed_at END
FROM risk_found found
WHERE found.rule_id = flag.rule_id AND found.customer_id = flag.customer_id
  AND found.subject = flag.subject
  AND flag.state IN ('open', 'acknowledged', 'snoozed')
  AND (flag.facts, flag.severity, flag.level)
      IS DISTINCT FROM (found.facts, found.severity, found.level)
