-- Customers who may be those whom a referral brought: by the domain of their address, or by a name that
-- is alike. One row a referral and customer, the likeliest first. Public mail domains say nothing.
-- Who has been suggested somebody waits for a person, and is not looked for again.
SELECT referral.id, found.customer_id
  FROM campaigns_referral AS referral
  JOIN campaigns_referrallink AS link ON link.id = referral.link_id
 CROSS JOIN LATERAL (
    SELECT customer_id, max(likeness) AS likeness
      FROM (
        SELECT contact.customer_id, 1.0::real AS likeness
          FROM customers_contact AS contact
         WHERE split_part(lower(contact.email), '@', 2) = split_part(lower(referral.email), '@', 2)
           AND referral.email <> ''
           AND split_part(lower(referral.email), '@', 2) <> ALL(%(free_domains)s)
         UNION ALL
        SELECT customer.id, similarity(upper(customer.name), upper(referral.company))
          FROM customers_customer AS customer
         WHERE referral.company <> '' AND upper(customer.name) %% upper(referral.company)
           AND similarity(upper(customer.name), upper(referral.company)) >= %(likeness)s
      ) AS either
     GROUP BY customer_id
     ORDER BY 2 DESC, 1 DESC
     LIMIT 5
 ) AS found
 WHERE referral.state = 'new' AND CASE WHEN %(only)s::bigint IS NULL THEN referral.suggested_id IS NULL
                                         ELSE referral.id = %(only)s END
   AND found.customer_id <> link.customer_id
   AND NOT referral.not_them @> to_jsonb(found.customer_id)
 ORDER BY referral.id, found.likeness DESC, found.customer_id DESC
