-- The risk of a customer is the sum of the severities of its open and acknowledged flags; what is
-- snoozed doesn't count until it wakes. Only standings that differ are written.
WITH risks AS (
    SELECT customer_id, least(sum(severity), 32767) AS risk
    FROM customers_riskflag
    WHERE state IN ('open', 'acknowledged')
    GROUP BY customer_id
),
differing AS (
    SELECT standing.customer_id, coalesce(risks.risk, 0) AS risk
    FROM customers_standing standing
    LEFT JOIN risks USING (customer_id)
    WHERE standing.risk <> coalesce(risks.risk, 0)
)
UPDATE customers_standing standing
SET risk = differing.risk, computed_at = %(now)s
FROM differing
WHERE standing.customer_id = differing.customer_id
