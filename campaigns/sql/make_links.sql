-- A referral link for each of these recipients that has none yet in the program: 64 random bits as
-- hexadecimal digits, all of which are digits of the codes that the service makes.
INSERT INTO campaigns_referrallink (program_id, customer_id, contact_id, code, key, made_at)
SELECT %(program)s::bigint, recipient.customer_id, recipient.contact_id,
       right(gen_random_uuid()::text, 8) || right(gen_random_uuid()::text, 8),
       %(program)s::text || ':' || recipient.customer_id || ':' || recipient.contact_id, %(now)s
  FROM campaigns_recipient AS recipient
 WHERE recipient.id = ANY(%(recipients)s) AND recipient.contact_id IS NOT NULL
 ORDER BY recipient.id
    ON CONFLICT (key) DO NOTHING
