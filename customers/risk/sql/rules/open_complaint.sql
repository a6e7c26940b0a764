-- Complaints not yet settled: open or pending, or without any status in their first thirty days.
-- One flag a complaint. Level 1 after `days` days, 2 after twice as many.
WITH complaint AS (
    SELECT id, customer_id, (occurred_at AT TIME ZONE %(zone)s)::date AS since
    FROM customers_interaction
    WHERE complaint AND occurred_at < %(cutoff)s
      AND (closed_at IS NULL OR closed_at >= %(cutoff)s)
      AND (status IN ('open', 'pending')
           OR (status = '' AND occurred_at >= %(cutoff)s - interval '30 days'))
)
SELECT customer_id,
       id::text AS subject,
       jsonb_build_object('since', since) AS facts,
       least(2, (%(as_of)s::date - since) / %(days)s) AS level
FROM complaint
JOIN risk_customers USING (customer_id)
