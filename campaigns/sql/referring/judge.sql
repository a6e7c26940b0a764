-- Whether a customer may be the one whom a referral brought: one row a pair asked for, with the code of
-- why not, or '' where nothing speaks against it.
--   since: who was here before that day was not brought. A form is filled in before they come; a code
--     that a program or a colleague hands in may be named after they signed up.
-- Whoever paid before and was gone for so many months counts as new.
WITH pair AS MATERIALIZED (
    SELECT referral.id, referral.email, referral.link_id, referral.at, customer.id AS customer_id,
           customer.parent_id, link.customer_id AS referrer_id, referrer.parent_id AS referrer_parent_id,
           came.day, program.days_to_sign_up, program.months_away,
           CASE WHEN referral.came_from = 'page' THEN came.day
                ELSE came.day - program.days_to_sign_up END AS since,
           coalesce(customer.signed_up_on, (customer.created_at AT TIME ZONE %(zone)s)::date) AS began_on
      FROM unnest(%(referrals)s::bigint[], %(customers)s::bigint[]) AS asked(referral_id, customer_id)
      JOIN campaigns_referral AS referral ON referral.id = asked.referral_id
      JOIN campaigns_referrallink AS link ON link.id = referral.link_id
      JOIN campaigns_referralprogram AS program ON program.id = link.program_id
      JOIN customers_customer AS referrer ON referrer.id = link.customer_id
      JOIN customers_customer AS customer ON customer.id = asked.customer_id
     CROSS JOIN LATERAL (SELECT (referral.at AT TIME ZONE %(zone)s)::date AS day) AS came
), address AS MATERIALIZED (
    SELECT pair.id, pair.customer_id, lower(pair.email) AS email FROM pair WHERE pair.email <> ''
     UNION
    SELECT pair.id, pair.customer_id, lower(contact.email)
      FROM pair JOIN customers_contact AS contact ON contact.customer_id = pair.customer_id
), theirs AS MATERIALIZED (
    SELECT DISTINCT pair.id, lower(contact.email) AS email
      FROM pair JOIN customers_contact AS contact ON contact.customer_id = pair.referrer_id
), paid AS MATERIALIZED (
    SELECT pair.id, pair.customer_id, max(coalesce(term.ends_on, 'infinity')) AS until
      FROM pair
      JOIN customers_subscription AS subscription ON subscription.customer_id = pair.customer_id
      JOIN customers_term AS term ON term.subscription_id = subscription.id
     WHERE term.superseded_at IS NULL AND term.kind = 'paid' AND term.arr_minor > 0
       AND term.starts_on < pair.since
     GROUP BY 1, 2
)
SELECT pair.id, pair.customer_id, CASE
    WHEN pair.customer_id = pair.referrer_id
         OR pair.parent_id = pair.referrer_id OR pair.referrer_parent_id = pair.customer_id
         OR pair.parent_id = pair.referrer_parent_id THEN 'self'
    WHEN EXISTS (SELECT FROM address JOIN theirs USING (id, email)
                  WHERE address.id = pair.id AND address.customer_id = pair.customer_id) THEN 'same_address'
    WHEN EXISTS (SELECT FROM address
                   JOIN theirs ON theirs.id = address.id
                        AND split_part(theirs.email, '@', 2) = split_part(address.email, '@', 2)
                  WHERE address.id = pair.id AND address.customer_id = pair.customer_id
                    AND split_part(address.email, '@', 2) <> ALL(%(free_domains)s)) THEN 'same_domain'
    WHEN EXISTS (SELECT FROM campaigns_referral AS other
                  WHERE other.customer_id = pair.customer_id AND other.id <> pair.id
                    AND other.state IN ('matched', 'rewarded')) THEN 'referred_before'
    WHEN EXISTS (SELECT FROM campaigns_referral AS other
                  WHERE pair.email <> '' AND lower(other.email) = lower(pair.email)
                    AND (other.at, other.id) < (pair.at, pair.id)
                    AND other.state <> 'refused') THEN 'referred_before'
    WHEN paid.until >= pair.since THEN 'existing_customer'
    WHEN paid.until >= pair.since - make_interval(months => pair.months_away) THEN 'former_customer'
    WHEN paid.until IS NULL AND pair.began_on < pair.since THEN 'existing_customer'
    WHEN paid.until IS NULL AND pair.began_on > pair.day + pair.days_to_sign_up THEN 'too_late'
    ELSE '' END
  FROM pair
  LEFT JOIN paid USING (id, customer_id)
 ORDER BY pair.id, pair.customer_id
