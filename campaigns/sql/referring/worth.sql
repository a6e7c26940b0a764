-- What came of referrals: how many customers, how many of them pay today, and what they pay a year.
SELECT count(DISTINCT came.customer_id),
       count(DISTINCT came.customer_id) FILTER (WHERE term.id IS NOT NULL),
       coalesce(sum(term.arr_minor), 0)::bigint
  FROM (SELECT DISTINCT referral.customer_id
          FROM campaigns_referral AS referral
         WHERE referral.state IN ('matched', 'rewarded') AND referral.customer_id IS NOT NULL
           AND {visible}) AS came
  LEFT JOIN customers_subscription AS subscription ON subscription.customer_id = came.customer_id
  LEFT JOIN customers_term AS term
         ON term.subscription_id = subscription.id AND term.superseded_at IS NULL
        AND term.kind = 'paid' AND term.arr_minor > 0 AND term.starts_on <= %(today)s
        AND (term.ends_on IS NULL OR term.ends_on > %(today)s)
