-- Paying customers who have not used anything for `days` days, or never in as many days of paying.
-- Level 1 after twice, 2 after three times as long.
WITH idle AS (
    SELECT customer_id, paying_since, last_used_on,
           %(until)s::date - greatest(paying_since, coalesce(last_used_on, paying_since)) AS days
    FROM risk_customers
    LEFT JOIN (
        SELECT customer_id, max(last_used_on) AS last_used_on FROM risk_usage GROUP BY 1
    ) used USING (customer_id)
)
SELECT customer_id,
       '' AS subject,
       jsonb_build_object('last_used_on', last_used_on, 'paying_since', paying_since) AS facts,
       least(2, days / %(days)s - 1) AS level
FROM idle
WHERE days >= %(days)s
