-- What runs and what is still to come, as we believe now.
-- risk_terms: paid terms running on %(as_of)s. risk_future: terms of any kind that start later.
DROP TABLE IF EXISTS pg_temp.risk_terms, pg_temp.risk_future;

CREATE TEMP TABLE risk_terms ON COMMIT DROP AS
SELECT subscription.customer_id, term.subscription_id, term.plan_id, term.quantity, term.currency,
       term.arr_native_minor, term.arr_minor, term.starts_on, term.ends_on
FROM customers_term term
JOIN customers_subscription subscription ON subscription.id = term.subscription_id
WHERE term.kind = 'paid' AND term.arr_minor > 0
  AND term.superseded_at IS NULL
  AND term.starts_on <= %(as_of)s
  AND (term.ends_on IS NULL OR term.ends_on > %(as_of)s);

CREATE TEMP TABLE risk_future ON COMMIT DROP AS
SELECT subscription_id, plan_id, kind, quantity, currency, arr_native_minor, starts_on
FROM customers_term
WHERE superseded_at IS NULL
  AND starts_on > %(as_of)s;

CREATE INDEX ON risk_future (subscription_id);
ANALYZE risk_terms;
ANALYZE risk_future;
