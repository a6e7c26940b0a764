-- Who pays on %(as_of)s and does not leave, and since when without a gap.
-- risk_leaving(customer_id): whose departure is known by then and ahead, and leaves nothing that is
-- paid or paused on its day. What a file says of the whole customer is believed before its terms.
-- risk_customers(customer_id, arr_minor, paying_since): one row a customer with revenue that day.
-- risk_plans(customer_id, plan_id, since): the plans that run, since when in this spell of paying.
DROP TABLE IF EXISTS
    pg_temp.risk_leaving, pg_temp.risk_spells, pg_temp.risk_customers, pg_temp.risk_plans;

CREATE TEMP TABLE risk_leaving ON COMMIT DROP AS
SELECT DISTINCT departure.customer_id
FROM customers_cancellation departure
WHERE departure.withdrawn_at IS NULL
  AND departure.effective_on > %(as_of)s
  AND (coalesce(departure.requested_at, departure.recorded_at) AT TIME ZONE %(zone)s)::date
      <= %(as_of)s::date
  AND (departure.subscription_id IS NULL AND NOT departure.ended_terms
       OR NOT EXISTS (
           SELECT FROM customers_term term
           JOIN customers_subscription subscription ON subscription.id = term.subscription_id
           WHERE subscription.customer_id = departure.customer_id
             AND term.superseded_at IS NULL AND term.kind IN ('paid', 'paused')
             AND term.starts_on <= departure.effective_on
             AND (term.ends_on IS NULL OR term.ends_on > departure.effective_on)
       ));

CREATE TEMP TABLE risk_spells ON COMMIT DROP AS
WITH paid AS (
    SELECT subscription.customer_id, term.plan_id, term.starts_on,
           coalesce(term.ends_on, 'infinity') AS ends_on
    FROM customers_term term
    JOIN customers_subscription subscription ON subscription.id = term.subscription_id
    WHERE term.kind = 'paid' AND term.arr_minor > 0
      AND term.superseded_at IS NULL
      AND term.starts_on <= %(as_of)s
),
reached AS (
    SELECT customer_id, plan_id, starts_on,
           max(ends_on) OVER (
               PARTITION BY customer_id ORDER BY starts_on
               ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
           ) AS paid_until
    FROM paid
)
SELECT customer_id, plan_id, starts_on,
       max(starts_on) FILTER (WHERE paid_until IS NULL OR paid_until < starts_on)
           OVER (PARTITION BY customer_id) AS paying_since
FROM reached;

CREATE TEMP TABLE risk_customers ON COMMIT DROP AS
SELECT running.customer_id, running.arr_minor, spell.paying_since
FROM (SELECT customer_id, sum(arr_minor)::bigint AS arr_minor FROM risk_terms GROUP BY 1) running
JOIN (SELECT DISTINCT customer_id, paying_since FROM risk_spells) spell USING (customer_id)
WHERE customer_id NOT IN (SELECT customer_id FROM risk_leaving);

CREATE TEMP TABLE risk_plans ON COMMIT DROP AS
SELECT spell.customer_id, spell.plan_id, min(spell.starts_on) AS since
FROM risk_spells spell
WHERE spell.starts_on >= spell.paying_since
  AND (spell.customer_id, spell.plan_id) IN (SELECT customer_id, plan_id FROM risk_terms)
GROUP BY 1, 2;

CREATE UNIQUE INDEX ON risk_customers (customer_id);
ANALYZE risk_customers;
ANALYZE risk_plans;
