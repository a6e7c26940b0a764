-- Customers who use the product but have not tried a feature of their plan that came out while
-- they paid for it, `days` to `until_days` days after its release. One flag a feature.
SELECT DISTINCT plans.customer_id,
       feature.code AS subject,
       jsonb_build_object(
           'feature', coalesce(nullif(feature.name, ''), feature.code),
           'released_on', feature.released_on
       ) AS facts,
       0 AS level
FROM customers_feature feature
JOIN customers_feature_plans included ON included.feature_id = feature.id
JOIN risk_plans plans ON plans.plan_id = included.plan_id AND plans.since < feature.released_on
LEFT JOIN risk_usage touched
       ON touched.customer_id = plans.customer_id AND touched.feature_id = feature.id
WHERE touched.feature_id IS NULL
  AND feature.released_on <= %(until)s::date - %(days)s
  AND feature.released_on >= %(until)s::date - %(until_days)s
  AND plans.customer_id NOT IN (SELECT customer_id FROM risk_found WHERE key = 'no_use')
