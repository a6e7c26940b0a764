-- The plan that rules recommend to each customer on a smaller one.
WITH rule AS (
    SELECT * FROM unnest(%(bands)s::int[], %(olds)s::bigint[], %(plans)s::bigint[],
                         %(peers)s::int[], %(users)s::int[], %(lowers)s::float[])
                  AS told (band, old_id, plan_id, peers, users, lower)
)
INSERT INTO campaigns_recommendation (
       customer_id, feature_id, plan_id, peers, users, lower, days_here, days_there, strength,
       as_of, computed_at, dismissed_at, dismissed_by_id)
SELECT customer.customer_id, NULL, rule.plan_id, rule.peers, rule.users, rule.lower, 0, 0,
       rule.lower, %(as_of)s, %(now)s, NULL, NULL
  FROM recommending_customer AS customer
  JOIN rule ON rule.band = customer.band AND rule.old_id = customer.plan_id
    ON CONFLICT (customer_id, plan_id) DO UPDATE
       SET peers = excluded.peers, users = excluded.users, lower = excluded.lower,
           strength = excluded.strength, as_of = excluded.as_of, computed_at = excluded.computed_at
