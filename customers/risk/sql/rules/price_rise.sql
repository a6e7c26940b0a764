-- Subscriptions whose price of one unit goes up by `rise_percent` or more within `days` days:
-- the next known term of the same plan and currency against the one that runs. What a customer
-- pays more for another plan or for more units is no price rise.
-- Level 1 from twice the percentage on.
WITH coming AS (
    SELECT DISTINCT ON (subscription_id) *
    FROM risk_future
    WHERE kind = 'paid'
    ORDER BY subscription_id, starts_on
),
rise AS (
    SELECT term.customer_id, term.subscription_id, coming.starts_on, term.currency,
           term.quantity = 1 AND coming.quantity = 1 AS single,
           term.arr_native_minor / term.quantity AS before_minor,
           coming.arr_native_minor / coming.quantity AS after_minor
    FROM risk_terms term
    JOIN coming USING (subscription_id, currency)
    WHERE term.plan_id IS NOT DISTINCT FROM coming.plan_id
      AND term.quantity > 0 AND coming.quantity > 0
      AND coming.starts_on <= %(as_of)s::date + %(days)s
)
SELECT rise.customer_id,
       subscription.external_id AS subject,
       jsonb_build_object(
           'on', starts_on, 'currency', currency, 'single', single,
           'percent', floor(100 * after_minor / before_minor - 100),
           'before_minor', round(before_minor), 'after_minor', round(after_minor)
       ) AS facts,
       CASE WHEN 100 * after_minor >= before_minor * (100 + 2 * %(rise_percent)s) THEN 1 ELSE 0
       END AS level
FROM rise
JOIN customers_subscription subscription ON subscription.id = rise.subscription_id
WHERE 100 * after_minor >= before_minor * (100 + %(rise_percent)s)
