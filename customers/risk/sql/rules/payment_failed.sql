-- Customers whose latest payment due failed and was not recovered, `days` days after it was due.
-- Level 1 after fourteen days more, or when it was written off.
WITH latest AS (
    SELECT customer_id, due_on, currency,
           sum(amount_minor) FILTER (WHERE status IN ('failed', 'written_off')) AS amount_minor,
           bool_or(status = 'written_off') AS written_off,
           rank() OVER (PARTITION BY customer_id ORDER BY due_on DESC) AS place
    FROM customers_payment
    JOIN risk_customers USING (customer_id)
    WHERE due_on <= %(as_of)s::date
    GROUP BY customer_id, due_on, currency
)
SELECT DISTINCT ON (customer_id)
       customer_id,
       '' AS subject,
       jsonb_build_object(
           'due_on', due_on, 'amount_minor', amount_minor, 'currency', currency,
           'written_off', written_off
       ) AS facts,
       CASE WHEN written_off OR due_on <= %(as_of)s::date - %(days)s - 14 THEN 1 ELSE 0 END AS level
FROM latest
WHERE place = 1 AND amount_minor IS NOT NULL AND due_on <= %(as_of)s::date - %(days)s
ORDER BY customer_id, amount_minor DESC
