-- One row for each content that a mail of this step leads to; noted twice it is one.
INSERT INTO campaigns_contentsent (
       content_id, customer_id, contact_id, how, key, at, by_id, recipient_id, step, mail_id)
SELECT content.id, recipient.customer_id, recipient.contact_id, 'campaign',
       'campaign:' || recipient.id || ':' || done.step || ':' || content.id,
       %(now)s, NULL, recipient.id, done.step, mail.id
  FROM campaigns_recipient AS recipient
  JOIN campaigns_stepdone AS done ON done.recipient_id = recipient.id AND done.step = %(step)s
  JOIN customers_outgoingemail AS mail ON mail.id = done.mail_id
 CROSS JOIN LATERAL jsonb_each(mail.links) AS link
  JOIN campaigns_content AS content ON content.key = split_part(link.value ->> 'path', '/', 5)
 WHERE recipient.id = ANY(%(recipients)s) AND link.key <> 'go'
    ON CONFLICT (key) DO NOTHING
