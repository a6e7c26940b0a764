-- Snoozed flags whose time has come are open again.
UPDATE customers_riskflag flag
SET state = 'open', snoozed_until = NULL, changed_by_id = NULL, changed_at = %(now)s
WHERE flag.state = 'snoozed' AND flag.snoozed_until <= %(as_of)s
