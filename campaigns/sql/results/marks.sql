-- What became of each of those drawn, one row each: the names here are those that lists are asked
-- for by (`reached=`). What is sent, followed and answered counts from the moment they came in.
-- A link counts as followed by a person where nothing speaks for a program.
marks AS (
    SELECT drawn.id, drawn.customer_id, drawn.held_out,
           NOT drawn.held_out AS treated,
           mails.queued AS mailed, mails.sent, mails.delivered, mails.lost AS not_delivered,
           hits.clicked, hits.scanned, offers.offered, offers.accepted,
           EXISTS (SELECT FROM feedback_response AS answer
                    WHERE answer.customer_id = drawn.customer_id
                      AND answer.answered_at BETWEEN drawn.entered_at AND %(now)s
                      AND answer.quarantined_at IS NULL) AS answered,
           outcome.reached AS goal, outcome.pays AS pays
      FROM drawn
      JOIN outcome ON outcome.id = drawn.id
     CROSS JOIN LATERAL (
         SELECT count(*) > 0 AS queued,
                coalesce(bool_or(mail.state = ANY(%(gone_out)s)), false) AS sent,
                coalesce(bool_or(mail.state IN ('delivered', 'complained')), false) AS delivered,
                coalesce(bool_or(mail.state IN ('bounced', 'suppressed', 'failed', 'cancelled')), false) AS lost
           FROM campaigns_stepdone AS done
           JOIN customers_outgoingemail AS mail ON mail.id = done.mail_id
          WHERE done.recipient_id = drawn.id) AS mails
     CROSS JOIN LATERAL (
         SELECT coalesce(bool_or(hit.because = ''), false) AS clicked,
                coalesce(bool_or(hit.because <> ''), false) AS scanned
           FROM campaigns_linkhit AS hit
          WHERE hit.recipient_id = drawn.id) AS hits
     CROSS JOIN LATERAL (
         SELECT count(*) > 0 AS offered,
                coalesce(bool_or(given.state = 'accepted'), false) AS accepted
           FROM campaigns_stepdone AS made
           JOIN campaigns_grant AS given ON given.id = made.grant_id
          WHERE made.recipient_id = drawn.id) AS offers
)
