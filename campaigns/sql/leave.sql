-- Who is under way and should be no more: gone by the first reason that fits, with what is theirs
-- and still waits called back. Gives the mails to call back.
WITH gone AS (
    SELECT recipient.id, reason.why
      FROM campaigns_recipient AS recipient
      JOIN customers_customer AS customer ON customer.id = recipient.customer_id
      LEFT JOIN customers_contact AS contact ON contact.id = recipient.contact_id
      LEFT JOIN customers_standing AS standing ON standing.customer_id = recipient.customer_id
     CROSS JOIN LATERAL (
         SELECT CASE
             WHEN contact.email LIKE '%%' || %(erased)s OR (%(mails)s AND contact.id IS NULL) THEN 'erased'
             WHEN {goal} THEN 'goal'
             WHEN %(kind)s = 'win_back' AND standing.state = 'active' THEN 'back'
             WHEN %(kind)s <> 'win_back' AND standing.state = 'lost' THEN 'lost'
             WHEN %(mails)s AND customer.never_automatic THEN 'never_automatic'
             WHEN contact.id = ANY(%(blocked)s) THEN 'unsubscribed'
             WHEN (SELECT consent.given FROM customers_consent AS consent
                    WHERE consent.contact_id = contact.id AND consent.purpose = 'campaign'
                    ORDER BY consent.at DESC, consent.id DESC LIMIT 1) IS FALSE THEN 'unsubscribed'
             WHEN %(mails)s AND NOT coalesce(
                 (SELECT coalesce(wish.wanted, topic.by_default)
                    FROM customers_topic AS topic
                    LEFT JOIN customers_topicwish AS wish
                           ON wish.topic_id = topic.id AND wish.contact_id = contact.id
                   WHERE %(kind_of_mail)s = ANY(topic.kinds) LIMIT 1), true) THEN 'unwanted_topic'
             WHEN EXISTS (SELECT FROM campaigns_recipient AS other
                            JOIN campaigns_campaign AS theirs ON theirs.id = other.campaign_id
                           WHERE other.customer_id = recipient.customer_id
                             AND theirs.id <> %(campaign)s AND theirs.state = 'running'
                             AND theirs.strength > %(strength)s AND other.state = 'under_way')
             THEN 'stronger'
             END AS why) AS reason
     WHERE recipient.campaign_id = %(campaign)s
       AND recipient.state = 'under_way'
       AND reason.why IS NOT NULL
       FOR UPDATE OF recipient SKIP LOCKED
), left_it AS (
    UPDATE campaigns_recipient AS recipient
       SET state = 'exited', why = gone.why, step = '', ended_at = %(now)s
      FROM gone
     WHERE recipient.id = gone.id
    RETURNING recipient.id, gone.why
)
SELECT done.mail_id
  FROM left_it
  JOIN campaigns_stepdone AS done ON done.recipient_id = left_it.id
 WHERE done.mail_id IS NOT NULL;
