-- Paying customers with whom nobody was in touch (mail, call, meeting, ticket, social media) for
-- `days` days, or never in as many days of paying. Level 1 after twice as long.
WITH quiet AS (
    SELECT customer_id, paying_since, last_on,
           %(as_of)s::date - coalesce(last_on, paying_since) AS days
    FROM risk_customers
    LEFT JOIN (
        SELECT customer_id, (max(occurred_at) AT TIME ZONE %(zone)s)::date AS last_on
        FROM customers_interaction
        WHERE kind IN ('email', 'call', 'meeting', 'ticket', 'social')
          AND occurred_at < %(cutoff)s
        GROUP BY 1
    ) talk USING (customer_id)
)
SELECT customer_id,
       '' AS subject,
       jsonb_build_object('last_on', last_on, 'paying_since', paying_since) AS facts,
       CASE WHEN days >= 2 * %(days)s THEN 1 ELSE 0 END AS level
FROM quiet
WHERE days >= %(days)s
