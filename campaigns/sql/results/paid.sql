-- What those drawn paid since the day they came in: one row a believed paid term, as far as it has
-- run by today. Nothing after today has happened yet: ends_on is tomorrow at the latest.
paid AS MATERIALIZED (
    SELECT drawn.id, term.subscription_id, term.plan_id, term.arr_minor, term.starts_on,
           least(term.ends_on, %(today)s::date + 1) AS ends_on
      FROM drawn
      JOIN customers_subscription AS subscription ON subscription.customer_id = drawn.customer_id
      JOIN customers_term AS term ON term.subscription_id = subscription.id
     WHERE term.superseded_at IS NULL
       AND term.kind = 'paid' AND term.arr_minor > 0
       AND term.starts_on <= %(today)s
       AND (term.ends_on IS NULL OR term.ends_on > drawn.entered_on)
)
