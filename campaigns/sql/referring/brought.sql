-- How long customers went on paying from their first paid day on: those who were referred, and all
-- others who first paid since the first referral, on `since`. Terms that touch are one stretch; a pause
-- counts as long as its limit. Who still pays is known until today. The places narrow to what the
-- reader may see. Standings find the customers by their index, so that the terms of older ones are not
-- read; the day itself comes from the terms.
WITH came AS MATERIALIZED (
    SELECT DISTINCT referral.customer_id
      FROM campaigns_referral AS referral
     WHERE referral.state IN ('matched', 'rewarded') AND {visible}
), first_paid AS MATERIALIZED (
    SELECT subscription.customer_id, min(term.starts_on) AS day
      FROM customers_standing AS standing
      JOIN customers_subscription AS subscription ON subscription.customer_id = standing.customer_id
      JOIN customers_term AS term ON term.subscription_id = subscription.id
     WHERE standing.first_paid_on >= %(since)s AND {others_visible}
       AND term.superseded_at IS NULL AND term.kind = 'paid' AND term.arr_minor > 0
       AND term.starts_on <= %(today)s
     GROUP BY 1
    HAVING min(term.starts_on) >= %(since)s
), running AS (
    SELECT first_paid.customer_id, first_paid.day, term.starts_on,
           CASE WHEN term.kind = 'paused' THEN least(term.ends_on, term.starts_on + %(pause_limit)s)
                ELSE term.ends_on END AS ends_on
      FROM first_paid
      JOIN customers_subscription AS subscription ON subscription.customer_id = first_paid.customer_id
      JOIN customers_term AS term ON term.subscription_id = subscription.id
     WHERE term.superseded_at IS NULL AND term.starts_on <= %(today)s
       AND (term.kind = 'paused' OR term.kind = 'paid' AND term.arr_minor > 0)
), stretch AS (
    SELECT customer_id, day, unnest(range_agg(daterange(starts_on, ends_on))) AS days
      FROM running
     WHERE ends_on IS NULL OR ends_on > starts_on
     GROUP BY customer_id, day
)
SELECT stretch.customer_id IN (SELECT customer_id FROM came)  AS was_referred,
       least(upper(stretch.days), %(today)s::date) - stretch.day AS days,
       coalesce(upper(stretch.days) <= %(today)s, false)      AS has_left,
       count(*)                                               AS number
  FROM stretch
 WHERE stretch.days @> stretch.day
 GROUP BY 1, 2, 3
 ORDER BY 1, 2, 3
