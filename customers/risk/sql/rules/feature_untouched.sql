-- Customers who use the product but never touched a feature that their plan has had from the
-- start, `days` days after they began to pay for that plan. One row a customer, all features in it.
-- Features that came out later are release_untouched's.
SELECT plans.customer_id,
       '' AS subject,
       jsonb_build_object(
           'features', jsonb_agg(DISTINCT coalesce(nullif(feature.name, ''), feature.code)),
           'since', min(plans.since)
       ) AS facts,
       0 AS level
FROM risk_plans plans
JOIN customers_feature_plans included ON included.plan_id = plans.plan_id
JOIN customers_feature feature ON feature.id = included.feature_id
LEFT JOIN risk_usage touched
       ON touched.customer_id = plans.customer_id AND touched.feature_id = feature.id
WHERE touched.feature_id IS NULL
  AND plans.since <= %(until)s::date - %(days)s
  AND (feature.released_on IS NULL OR feature.released_on <= plans.since)
  AND plans.customer_id NOT IN (SELECT customer_id FROM risk_found WHERE key = 'no_use')
GROUP BY plans.customer_id
