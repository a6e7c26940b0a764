-- How many of whom were drawn, by all that results are divided by: campaign, arm, variant, and the
-- reason of the last cancellation that was known when they came in, as it counts now. Few rows,
-- however many customers. A last day that most have in common is given as the latest of each cell.
SELECT drawn.campaign_id, drawn.held_out, drawn.variant, reason.id AS reason_id, drawn.is_read,
       count(*) AS people,
       count(*) FILTER (WHERE outcome.reached) AS reached,
       count(*) FILTER (WHERE outcome.pays) AS pays,
       min(drawn.horizon_on) AS first_horizon_on,
       max(drawn.horizon_on) AS last_horizon_on
  FROM drawn
  JOIN outcome ON outcome.id = drawn.id
  LEFT JOIN LATERAL (
      SELECT coalesce(said.merged_into_id, said.id) AS id
        FROM customers_cancellation AS gone
        LEFT JOIN customers_cancellationreason AS said ON said.id = gone.reason_id
       WHERE gone.customer_id = drawn.customer_id AND gone.withdrawn_at IS NULL
         AND coalesce((gone.requested_at AT TIME ZONE %(zone)s)::date, gone.effective_on) <= drawn.entered_on
       ORDER BY gone.effective_on DESC, gone.id DESC
       LIMIT 1) AS reason ON true
 GROUP BY drawn.campaign_id, drawn.held_out, drawn.variant, reason.id, drawn.is_read
 ORDER BY drawn.campaign_id, drawn.held_out, drawn.variant, reason.id, drawn.is_read
