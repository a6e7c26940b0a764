-- Referrals with a customer: whether that customer has paid long enough, or left before. One row a
-- referral where either can be said: its key, and whether it is due.
--   stretch: from the first paid day since they came until nothing was paid any more, terms that touch
--     being one; a pause ends it, as nothing is paid, and is no leaving
--   has_paid: a payment since, where payments are known at all; else that they pay
SELECT referral.id,
       stretch.starts_on + make_interval(months => program.months_to_pay)
           <= least(stretch.ends_on, %(today)s::date)                                AS is_due
  FROM campaigns_referral AS referral
  JOIN campaigns_referrallink AS link ON link.id = referral.link_id
  JOIN campaigns_referralprogram AS program ON program.id = link.program_id
  JOIN customers_standing AS standing ON standing.customer_id = referral.customer_id
 CROSS JOIN LATERAL (
    SELECT CASE WHEN referral.came_from = 'page' THEN day ELSE day - program.days_to_sign_up END AS since
      FROM (SELECT (referral.at AT TIME ZONE %(zone)s)::date AS day) AS came
 ) AS from_when
 CROSS JOIN LATERAL (
    SELECT lower(days) AS starts_on, coalesce(upper(days), 'infinity'::date) AS ends_on
      FROM (SELECT unnest(range_agg(daterange(term.starts_on, term.ends_on))) AS days
              FROM customers_subscription AS subscription
              JOIN customers_term AS term ON term.subscription_id = subscription.id
             WHERE subscription.customer_id = referral.customer_id
               AND term.superseded_at IS NULL AND term.kind = 'paid' AND term.arr_minor > 0
               AND term.starts_on >= from_when.since AND term.starts_on <= %(today)s) AS joined
     ORDER BY lower(days) DESC
     LIMIT 1
 ) AS stretch
 CROSS JOIN LATERAL (
    SELECT NOT EXISTS (SELECT FROM customers_payment AS payment
                        WHERE payment.customer_id = referral.customer_id)
           OR EXISTS (SELECT FROM customers_payment AS payment
                       WHERE payment.customer_id = referral.customer_id
                         AND payment.status IN ('paid', 'recovered')
                         AND payment.due_on >= from_when.since AND payment.due_on <= %(today)s) AS has_paid
 ) AS money
 WHERE referral.state = 'matched' AND (%(only)s::bigint IS NULL OR referral.id = %(only)s)
   AND (stretch.ends_on <= %(today)s AND standing.state = 'lost'
        AND stretch.starts_on + make_interval(months => program.months_to_pay) > stretch.ends_on
        OR has_paid
        AND stretch.starts_on + make_interval(months => program.months_to_pay)
            <= least(stretch.ends_on, %(today)s::date))
 ORDER BY referral.id
