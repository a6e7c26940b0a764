-- Subscriptions whose day to decide (the last day to give notice, else the contract's end unless it
-- renews by itself) is at most `days` days ahead, of customers whose use over the last four weeks is
-- at most `low_percent` of what is typical: the median of customers on the same plan, or of all
-- where the plan has fewer than five. Whose end is known already has decided.
-- Level 1 from half the days on, 2 within seven days.
WITH pace AS (
    SELECT customer_id, coalesce(uses, 0) / 4.0 AS weekly
    FROM risk_customers
    LEFT JOIN (
        SELECT customer_id, sum(uses) AS uses FROM risk_weeks WHERE week < 4 GROUP BY 1
    ) used USING (customer_id)
),
typical AS (
    SELECT plan_id, percentile_cont(0.5) WITHIN GROUP (ORDER BY weekly)::numeric AS weekly
    FROM risk_plans JOIN pace USING (customer_id)
    GROUP BY 1 HAVING count(*) >= 5
),
overall AS (
    SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY weekly)::numeric AS weekly FROM pace
),
ahead AS (
    SELECT term.customer_id, term.plan_id, subscription.external_id,
           coalesce(subscription.notice_by >= %(as_of)s, false) AS notice,
           CASE WHEN subscription.notice_by >= %(as_of)s THEN subscription.notice_by
                WHEN subscription.auto_renews IS TRUE THEN NULL
                WHEN subscription.contract_ends_on >= %(as_of)s THEN subscription.contract_ends_on
           END AS decide_by
    FROM risk_terms term
    JOIN customers_subscription subscription ON subscription.id = term.subscription_id
    WHERE term.ends_on IS NULL OR term.subscription_id IN (
        SELECT subscription_id FROM risk_future WHERE kind = 'paid'
    )
)
SELECT ahead.customer_id,
       ahead.external_id AS subject,
       jsonb_build_object(
           'decide_by', decide_by, 'notice', notice, 'weekly', round(pace.weekly, 1),
           'typical', round(coalesce(typical.weekly, overall.weekly), 1)
       ) AS facts,
       CASE WHEN decide_by <= %(as_of)s::date + 7 THEN 2
            WHEN decide_by <= %(as_of)s::date + %(days)s / 2 THEN 1 ELSE 0 END AS level
FROM ahead
JOIN pace USING (customer_id)
CROSS JOIN overall
LEFT JOIN typical USING (plan_id)
WHERE decide_by <= %(as_of)s::date + %(days)s
  AND pace.weekly * 100 <= coalesce(typical.weekly, overall.weekly) * %(low_percent)s
