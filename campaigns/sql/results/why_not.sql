-- Why something did not come about, and how often: who of the audience was left out, mails that
-- were not written, mails that did not arrive, offers that were not made.
SELECT 'left_out' AS what, recipient.why AS code, '' AS state, count(*) AS number
  FROM campaigns_recipient AS recipient
 WHERE recipient.campaign_id = ANY(%(campaigns)s) AND recipient.state = 'left_out' AND {visible}
 GROUP BY recipient.why
 UNION ALL
SELECT done.outcome, split_part(done.why, ':', 1), '', count(*)
  FROM campaigns_stepdone AS done
  JOIN campaigns_recipient AS recipient ON recipient.id = done.recipient_id
 WHERE recipient.campaign_id = ANY(%(campaigns)s) AND done.outcome IN ('not_mailed', 'not_offered') AND {visible}
 GROUP BY done.outcome, split_part(done.why, ':', 1)
 UNION ALL
SELECT 'mail', mail.error_code, mail.state, count(*)
  FROM campaigns_stepdone AS done
  JOIN campaigns_recipient AS recipient ON recipient.id = done.recipient_id
  JOIN customers_outgoingemail AS mail ON mail.id = done.mail_id
 WHERE recipient.campaign_id = ANY(%(campaigns)s) AND {visible}
   AND mail.state IN ('bounced', 'suppressed', 'failed', 'cancelled', 'complained')
 GROUP BY mail.error_code, mail.state
 ORDER BY 1, 4 DESC, 2
