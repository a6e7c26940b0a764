-- What each of those drawn had done by the day on which they are judged, or by today if that comes
-- first: one row each. `reached` is the campaign's goal; `pays` whether they pay on that last day.
--   returned: pays on a day after the one they came in, up to the last, and did not on that one
--   stayed:   pays on the last day
--   renewed:  on the last day a subscription under a contract is paid, and no end of it is known
--             by the day that the contract ends, unless that day is over and it runs on past it
--   used:     the feature was used since the day they came in
--   accepted: an offer of the campaign was accepted
at_the_end AS (
    SELECT paid.id,
           bool_or(paid.starts_on <= drawn.entered_on) AS paid_before,
           bool_or(paid.ends_on > drawn.entered_on + 1 AND paid.starts_on <= last.day) AS paid_after,
           bool_or(paid.starts_on <= last.day AND paid.ends_on > last.day) AS pays,
           bool_or(paid.starts_on <= last.day AND paid.ends_on > last.day
                   AND (subscription.contract_ends_on <= last.day
                        OR subscription.contract_ends_on < coalesce(known.ends_on, 'infinity'))) AS renewed
      FROM paid
      JOIN drawn ON drawn.id = paid.id
     CROSS JOIN LATERAL (SELECT least(drawn.horizon_on, %(today)s::date) AS day) AS last
      JOIN customers_subscription AS subscription ON subscription.id = paid.subscription_id
     CROSS JOIN LATERAL (
         SELECT CASE WHEN bool_and(term.ends_on IS NOT NULL) THEN max(term.ends_on) END AS ends_on
           FROM customers_term AS term
          WHERE term.subscription_id = paid.subscription_id
            AND term.superseded_at IS NULL AND term.kind = 'paid'
            AND subscription.contract_ends_on IS NOT NULL) AS known
     GROUP BY paid.id
), outcome AS (
    SELECT drawn.id,
           coalesce(at_the_end.pays, false) AS pays,
           coalesce(CASE drawn.goal
               WHEN 'returned' THEN at_the_end.paid_after AND NOT at_the_end.paid_before
               WHEN 'stayed' THEN at_the_end.pays
               WHEN 'renewed' THEN at_the_end.renewed
               WHEN 'used' THEN EXISTS (
                   SELECT FROM customers_usage AS used
                    WHERE used.customer_id = drawn.customer_id AND used.feature_id = drawn.goal_feature_id
                      AND used.count > 0
                      AND used.day BETWEEN drawn.entered_on AND least(drawn.horizon_on, %(today)s::date))
               WHEN 'accepted' THEN EXISTS (
                   SELECT FROM campaigns_stepdone AS made
                     JOIN campaigns_grant AS offered ON offered.id = made.grant_id
                    WHERE made.recipient_id = drawn.id AND offered.state = 'accepted'
                      AND (offered.settled_at AT TIME ZONE %(zone)s)::date
                          <= least(drawn.horizon_on, %(today)s::date))
               END, false) AS reached
      FROM drawn
      LEFT JOIN at_the_end ON at_the_end.id = drawn.id
)
