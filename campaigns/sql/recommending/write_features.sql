-- The features that rules recommend to each customer who hardly uses them, the strongest few; one
-- that was there is renewed, and one that was dismissed stays so.
WITH rule AS (
    SELECT * FROM unnest(%(plans)s::bigint[], %(bands)s::int[], %(features)s::bigint[],
                         %(peers)s::int[], %(users)s::int[], %(lowers)s::float[], %(days)s::float[])
                  AS told (plan_id, band, feature_id, peers, users, lower, days)
), ranked AS (
    SELECT customer.customer_id, rule.*, coalesce(used.days, 0) AS days_here,
           rule.lower * (1 - coalesce(used.days, 0) / rule.days) AS strength,
           row_number() OVER (
               PARTITION BY customer.customer_id
               ORDER BY rule.lower * (1 - coalesce(used.days, 0) / rule.days) DESC, rule.feature_id
           ) AS place
      FROM recommending_customer AS customer
      JOIN rule ON rule.plan_id = customer.plan_id AND rule.band = customer.band
      LEFT JOIN recommending_use AS used
             ON used.customer_id = customer.customer_id AND used.feature_id = rule.feature_id
     WHERE coalesce(used.days, 0) < rule.days * %(little)s
)
INSERT INTO campaigns_recommendation (
       customer_id, feature_id, plan_id, peers, users, lower, days_here, days_there, strength,
       as_of, computed_at, dismissed_at, dismissed_by_id)
SELECT customer_id, feature_id, NULL, peers, users, lower, days_here, days, strength,
       %(as_of)s, %(now)s, NULL, NULL
  FROM ranked WHERE place <= %(most)s
    ON CONFLICT (customer_id, feature_id) DO UPDATE
       SET peers = excluded.peers, users = excluded.users, lower = excluded.lower,
           days_here = excluded.days_here, days_there = excluded.days_there,
           strength = excluded.strength, as_of = excluded.as_of, computed_at = excluded.computed_at
