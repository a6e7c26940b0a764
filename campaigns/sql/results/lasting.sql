-- How long those who paid went on paying, counted by days: the clock starts on `from_day`, and ends
-- on the first day without payment or pause; a pause counts as long as its limit. Who still pays is
-- known until today. Terms that touch are one stretch, so a change of plan ends nothing.
--   treated, holdout: where customers are to come back, from their first paid day after they came
--     in and up to the horizon; else from the day they came in, of those who paid then
--   others: where customers are to come back, who came back in the same time and was treated in no
--     campaign before; `same_plan` says that one of the treated came back with their plan
, span AS (
    SELECT min(entered_on) AS first_day, least(max(horizon_on), %(today)s::date) AS last_day FROM drawn
), wanted AS (
    SELECT customer_id FROM drawn
     UNION
    SELECT subscription.customer_id
      FROM span
      JOIN customers_term AS term ON term.starts_on > span.first_day AND term.starts_on <= span.last_day
      JOIN customers_subscription AS subscription ON subscription.id = term.subscription_id
     WHERE {is_return} AND term.superseded_at IS NULL AND term.kind = 'paid' AND {others_visible}
), running AS MATERIALIZED (
    SELECT subscription.customer_id, term.plan_id, term.kind, term.starts_on,
           CASE WHEN term.kind = 'paused' THEN least(term.ends_on, term.starts_on + %(pause_limit)s)
                ELSE term.ends_on END AS ends_on
      FROM wanted
      JOIN customers_subscription AS subscription ON subscription.customer_id = wanted.customer_id
      JOIN customers_term AS term ON term.subscription_id = subscription.id
     WHERE term.superseded_at IS NULL AND term.starts_on <= %(today)s
       AND (term.kind = 'paused' OR term.kind = 'paid' AND term.arr_minor > 0)
), stretch AS MATERIALIZED (
    SELECT customer_id, days, lag(days) OVER (PARTITION BY customer_id ORDER BY days) IS NOT NULL AS is_later
      FROM (SELECT customer_id, unnest(range_agg(daterange(starts_on, ends_on))) AS days
              FROM running
             WHERE ends_on IS NULL OR ends_on > starts_on
             GROUP BY customer_id) AS joined
), first_paid AS (
    SELECT DISTINCT ON (id) id, starts_on, plan_id FROM paid ORDER BY id, starts_on, plan_id
), began AS (
    SELECT CASE WHEN drawn.held_out THEN 'holdout' ELSE 'treated' END AS kind, drawn.customer_id,
           CASE WHEN {is_return} THEN first_paid.starts_on ELSE drawn.entered_on END AS from_day,
           first_paid.plan_id
      FROM drawn
      JOIN first_paid ON first_paid.id = drawn.id
     WHERE first_paid.starts_on <= drawn.horizon_on
       AND (first_paid.starts_on > drawn.entered_on) = {is_return}
     UNION ALL
    SELECT DISTINCT ON (stretch.customer_id) 'others', stretch.customer_id, lower(stretch.days), running.plan_id
      FROM span
      JOIN stretch ON {is_return} AND stretch.is_later
           AND lower(stretch.days) > span.first_day AND lower(stretch.days) <= span.last_day
      JOIN running ON running.customer_id = stretch.customer_id AND running.kind = 'paid'
           AND running.starts_on = lower(stretch.days)
     WHERE stretch.customer_id NOT IN (SELECT customer_id FROM drawn)
       AND NOT EXISTS (SELECT FROM campaigns_recipient AS elsewhere
                        WHERE elsewhere.customer_id = stretch.customer_id
                          AND NOT elsewhere.held_out AND elsewhere.state <> 'left_out'
                          AND (elsewhere.entered_at AT TIME ZONE %(zone)s)::date <= lower(stretch.days))
     ORDER BY 2, 3, 4
)
SELECT began.kind,
       began.plan_id IN (SELECT plan_id FROM began WHERE kind = 'treated') AS same_plan,
       least(upper(stretch.days), %(today)s::date) - began.from_day AS days,
       coalesce(upper(stretch.days) <= %(today)s, false) AS has_left,
       count(*) AS number
  FROM began
  JOIN stretch ON stretch.customer_id = began.customer_id AND stretch.days @> began.from_day
 GROUP BY 1, 2, 3, 4
 ORDER BY 1, 3, 4
