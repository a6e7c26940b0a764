-- Customers at whom somebody has the very address that was given: one row a referral and customer, with
-- the contact; the newest customer first. Nobody of whom a person said that it is not them.
SELECT DISTINCT ON (referral.id, customer.created_at, customer.id)
       referral.id, customer.id, contact.id
  FROM campaigns_referral AS referral
  JOIN customers_contact AS contact ON lower(contact.email) = lower(referral.email)
  JOIN customers_customer AS customer ON customer.id = contact.customer_id
 WHERE referral.state = 'new' AND referral.email <> '' AND (%(only)s::bigint IS NULL OR referral.id = %(only)s)
   AND NOT referral.not_them @> to_jsonb(customer.id)
 ORDER BY referral.id, customer.created_at DESC, customer.id DESC, contact.id
