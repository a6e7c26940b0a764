-- Who was drawn into some campaigns, into either arm, by a moment: everybody counts in the arm they
-- were drawn to, whatever became of them later. Days are the organisation's. One row a recipient:
-- entered_on, and horizon_on, the day on which they are judged; is_read says that this day is over.
drawn AS MATERIALIZED (
    SELECT recipient.id, recipient.campaign_id, recipient.customer_id, recipient.held_out, recipient.variant,
           recipient.entered_at, entry.day AS entered_on, entry.day + campaign.horizon_days AS horizon_on,
           entry.day + campaign.horizon_days < %(today)s AS is_read,
           campaign.goal, campaign.goal_feature_id
      FROM campaigns_recipient AS recipient
      JOIN campaigns_campaign AS campaign ON campaign.id = recipient.campaign_id
     CROSS JOIN LATERAL (SELECT (recipient.entered_at AT TIME ZONE %(zone)s)::date AS day) AS entry
     WHERE recipient.campaign_id = ANY(%(campaigns)s)
       AND recipient.state <> 'left_out'
       AND recipient.entered_at <= %(now)s
       AND {visible}
)
