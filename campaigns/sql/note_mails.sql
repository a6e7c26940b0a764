-- One row for each recipient of a mail step: their mail, or why there is none.
INSERT INTO campaigns_stepdone (recipient_id, step, at, outcome, why, mail_id)
SELECT recipient.id, %(step)s, %(now)s,
       CASE WHEN mail.id IS NULL THEN 'not_mailed' ELSE 'mailed' END,
       CASE WHEN mail.id IS NOT NULL THEN ''
            WHEN contact.id IS NULL THEN 'nobody'
            WHEN customer.never_automatic THEN 'never_automatic'
            WHEN contact.email LIKE '%%' || %(erased)s THEN 'erased'
            WHEN contact.left_on IS NOT NULL THEN 'left'
            WHEN wishes.paused_until > %(now)s
            THEN 'paused:' || to_char(wishes.paused_until AT TIME ZONE %(zone)s, 'YYYY-MM-DD')
            WHEN NOT %(needs_offer)s OR EXISTS (
                 SELECT FROM campaigns_stepdone AS made
                   JOIN campaigns_grant AS offered ON offered.id = made.grant_id
                  WHERE made.recipient_id = recipient.id
                    AND offered.state = 'open' AND offered.expires_at > %(now)s) THEN 'no_content'
            ELSE 'no_offer' END,
       mail.id
  FROM campaigns_recipient AS recipient
  JOIN customers_customer AS customer ON customer.id = recipient.customer_id
  LEFT JOIN customers_contact AS contact ON contact.id = recipient.contact_id
  LEFT JOIN customers_mailwishes AS wishes ON wishes.contact_id = contact.id
  LEFT JOIN customers_outgoingemail AS mail
         ON mail.dedupe_key = 'campaign:' || recipient.campaign_id || ':' || %(step)s || ':' || recipient.id
 WHERE recipient.id = ANY(%(recipients)s);
