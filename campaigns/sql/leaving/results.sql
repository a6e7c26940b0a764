-- One row a reason, an offer that was planned, and an arm: how many customers went on from the first
-- page `days` ago or more, how many of them pay on the day of the horizon, and what they paid from
-- the day they went on until then, less what the offer cost that they accepted here. A discount
-- shows in the terms already, so of an offer only its fixed cost is taken off. A customer counts
-- once, from the first visit that went on; a subscription counts where it was what might end.
WITH entered AS (
    SELECT DISTINCT ON (visit.customer_id)
           visit.customer_id, visit.subscription_id, visit.reason_id, visit.planned_id,
           visit.held_out, visit.grant_id,
           (visit.entered_at AT TIME ZONE %(zone)s)::date AS since,
           (visit.entered_at AT TIME ZONE %(zone)s)::date + %(days)s::int AS until
    FROM campaigns_cancelvisit AS visit
    WHERE visit.flow_id = %(flow)s AND visit.entered_at IS NOT NULL
    ORDER BY visit.customer_id, visit.entered_at, visit.id
), each AS (
    SELECT entered.reason_id, entered.planned_id, entered.held_out,
           coalesce(paid.pays, false) AS pays,
           round(coalesce(paid.revenue, 0))::bigint - coalesce(offer.fixed_cost_minor, 0) AS net
    FROM entered
    LEFT JOIN LATERAL (
        SELECT bool_or(term.starts_on <= entered.until
                       AND coalesce(term.ends_on > entered.until, true)) AS pays,
               sum(term.arr_minor::numeric / 365 * greatest(0,
                   least(coalesce(term.ends_on, entered.until), entered.until)
                   - greatest(term.starts_on, entered.since))) AS revenue
        FROM customers_subscription AS subscription
        JOIN customers_term AS term
          ON term.subscription_id = subscription.id AND term.superseded_at IS NULL
         AND term.kind = 'paid' AND term.arr_minor > 0
         AND term.starts_on <= entered.until AND coalesce(term.ends_on > entered.since, true)
        WHERE subscription.customer_id = entered.customer_id
          AND (entered.subscription_id IS NULL OR subscription.id = entered.subscription_id)
    ) AS paid ON true
    LEFT JOIN campaigns_grant AS made ON made.id = entered.grant_id AND made.state = 'accepted'
                                     AND made.undone_at IS NULL
    LEFT JOIN campaigns_offer AS offer ON offer.id = made.offer_id
    WHERE entered.until <= %(today)s
)
SELECT reason_id, planned_id, held_out, count(*), count(*) FILTER (WHERE pays),
       count(*) FILTER (WHERE net <> 0), coalesce(sum(net), 0)::bigint,
       coalesce(sum(net::numeric ^ 2), 0)::numeric(80, 0),
       coalesce(sum(net::numeric ^ 3), 0)::numeric(120, 0)
FROM each
GROUP BY reason_id, planned_id, held_out
