-- The rows that `queue_rows` writes mails from: whom, once by which key, with which link, and what
-- stands for the placeholders of campaigns. `joined` finds what of the library is recommended.
SELECT 'campaign:' || recipient.campaign_id || ':' || %(step)s || ':' || recipient.id AS key,
       recipient.contact_id,
       CASE WHEN %(has_link)s
            THEN jsonb_build_object('go', jsonb_build_object(
                     'path', '/l/' || recipient.id || '-{{token}}/' || %(step)s,
                     'purpose', 'campaign', 'nonce', recipient.nonce))
            ELSE '{{}}'::jsonb END || {links} AS links,
       {given} AS given
  FROM campaigns_recipient AS recipient
       {joined}
 WHERE {condition} AND recipient.id = ANY(%(recipients)s) AND recipient.contact_id IS NOT NULL
   AND NOT EXISTS (SELECT FROM customers_mailwishes AS wishes
                    WHERE wishes.contact_id = recipient.contact_id
                      AND wishes.paused_until > %(now)s)
   AND (NOT %(needs_offer)s OR EXISTS (
           SELECT FROM campaigns_stepdone AS made
             JOIN campaigns_grant AS offered ON offered.id = made.grant_id
            WHERE made.recipient_id = recipient.id
              AND offered.state = 'open' AND offered.expires_at > %(now)s))
