-- What each customer paid in the first 30, 90, 180 and 365 days, less what offers cost that is not
-- in the price: the sums of it, of its squares and its cubes, by arm. Of each campaign and length
-- only those whose days are all over. An amount is Σ arr × days / 365 in minor units, rounded once
-- to the nearest (an odd divisor knows no ties), of [entered_on, entered_on + length).
-- An offer that was carried out in the subscription shows in its price, so only its fixed cost is
-- taken off; of one that a person carries out, all of its cost is.
, wanted AS (
    SELECT drawn.id, drawn.campaign_id, drawn.held_out, drawn.entered_on, length.days
      FROM drawn
     CROSS JOIN unnest(%(lengths)s::int[]) AS length (days)
     WHERE drawn.entered_on + length.days <= %(today)s
), earned AS (
    SELECT wanted.id, wanted.days,
           sum(paid.arr_minor::numeric * greatest(0,
               least(paid.ends_on, wanted.entered_on + wanted.days)
               - greatest(paid.starts_on, wanted.entered_on))) AS arr_days
      FROM wanted
      JOIN paid ON paid.id = wanted.id
     GROUP BY wanted.id, wanted.days
), spent AS (
    SELECT wanted.id, wanted.days,
           sum(CASE WHEN offered.subscription_id IS NULL THEN offered.cost_minor
                    ELSE least(offer.fixed_cost_minor, offered.cost_minor) END) AS minor
      FROM wanted
      JOIN campaigns_stepdone AS made ON made.recipient_id = wanted.id
      JOIN campaigns_grant AS offered ON offered.id = made.grant_id
      JOIN campaigns_offer AS offer ON offer.id = offered.offer_id
     WHERE offered.state = 'accepted'
       AND (offered.settled_at AT TIME ZONE %(zone)s)::date < wanted.entered_on + wanted.days
     GROUP BY wanted.id, wanted.days
), amount AS (
    SELECT id, days, div(2 * coalesce(earned.arr_days, 0) + 365, 730) - coalesce(spent.minor, 0) AS minor
      FROM earned
      FULL JOIN spent USING (id, days)
)
SELECT wanted.campaign_id, wanted.days, wanted.held_out, count(*) AS customers,
       count(*) FILTER (WHERE amount.minor <> 0) AS paying,
       coalesce(sum(amount.minor), 0) AS total,
       coalesce(sum(amount.minor * amount.minor), 0) AS squares,
       coalesce(sum(amount.minor * amount.minor * amount.minor), 0) AS cubes
  FROM wanted
  LEFT JOIN amount ON amount.id = wanted.id AND amount.days = wanted.days
 GROUP BY wanted.campaign_id, wanted.days, wanted.held_out
 ORDER BY wanted.campaign_id, wanted.days, wanted.held_out
