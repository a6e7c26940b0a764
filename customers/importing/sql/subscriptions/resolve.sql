-- One row a term of the file, with its subscription named, its amount annualised once, and the
-- customer, subscription, plan and rate that it means.

-- Where a row does not name its subscription, customer, plan and first day do, and its number in the
-- file where these repeat.
CREATE TEMP TABLE named AS
SELECT s.line, s.subscription_id AS subscription FROM staged s WHERE s.subscription_id IS NOT NULL
UNION ALL
SELECT line, left(name, 340) || CASE WHEN length(name) > 340 THEN '|' || md5(name) ELSE '' END
             || CASE WHEN number > 1 THEN '#' || number ELSE '' END
FROM (
    SELECT s.line, name, row_number() OVER (PARTITION BY name ORDER BY s.line) AS number
    FROM staged s
    CROSS JOIN LATERAL (SELECT concat_ws('|', s.customer_id, coalesce(s.plan, ''), s.starts_on)) n(name)
    WHERE s.subscription_id IS NULL
) r;
ANALYZE named;

-- The rate of a term's first day, else of the last day before it that has one.
CREATE TEMP TABLE day_rates AS
SELECT d.currency, d.starts_on, r.rate
FROM (
    SELECT DISTINCT coalesce(currency, %(currency)s) AS currency, starts_on
    FROM staged
    WHERE coalesce(currency, %(currency)s) <> %(currency)s
) d
CROSS JOIN LATERAL (
    SELECT rate FROM customers_fxrate r
    WHERE r.currency = d.currency AND r."on" <= d.starts_on
    ORDER BY r."on" DESC LIMIT 1
) r;
ANALYZE day_rates;

CREATE TEMP TABLE resolved AS
SELECT r.line, r.customer_key, r.subscription, r.plan_code, r.customer_id, r.subscription_pk, r.holder_id,
       p.id AS plan_id, r.kind, r.amount, r.quantity, r.currency, r.exponent,
       CASE WHEN r.exact < 1e18 THEN pg_temp.half_even(r.exact)::bigint END AS arr_native_minor,
       -- A term that is already known keeps its rate: rates that come later change nothing.
       CASE WHEN r.currency = %(currency)s THEN 1 ELSE coalesce(b.fx_rate, f.rate) END AS fx_rate,
       r.starts_on, r.ends_on, coalesce(r.starts_on = r.ends_on, false) AS never_in_force,
       r.contract_ends_on, r.notice_by, r.auto_renews, r.recorded_at, r.superseded_at
FROM (
    SELECT s.line, s.customer_id AS customer_key, n.subscription, s.plan AS plan_code,
           c.id AS customer_id, b.id AS subscription_pk, b.customer_id AS holder_id,
           w.kind, s.amount, coalesce(s.quantity, 1) AS quantity, e.code AS currency, e.exponent,
           CASE WHEN w.kind = 'paid'
                THEN s.amount * coalesce(s.quantity, 1) * y.periods * 10.0 ^ e.exponent ELSE 0 END AS exact,
           s.starts_on, s.ends_on, s.contract_ends_on, s.notice_by, s.auto_renews,
           s.recorded_at, s.superseded_at
    FROM staged s
    JOIN named n ON n.line = s.line
    JOIN currencies e ON e.code = coalesce(s.currency, %(currency)s)
    JOIN periods y ON y.name = coalesce(s."interval", 'month')
    CROSS JOIN LATERAL (SELECT coalesce(s.kind, CASE WHEN s.is_trial THEN 'trial' END, 'paid')) w(kind)
    LEFT JOIN customer_ids c ON c.external_id = s.customer_id
    LEFT JOIN customers_subscription b ON b.external_id = n.subscription
) r
LEFT JOIN customers_plan p ON p.code = r.plan_code
LEFT JOIN day_rates f ON f.currency = r.currency AND f.starts_on = r.starts_on
LEFT JOIN customers_term b
       ON b.subscription_id = r.subscription_pk AND b.superseded_at IS NULL
      AND b.starts_on = r.starts_on AND b.currency = r.currency;

-- One-off sales are no recurring revenue: they make no term, and alone no subscription or customer.
INSERT INTO noted (line, code, value)
SELECT line, 'one_off', customer_key FROM resolved WHERE kind = 'one_off';
DELETE FROM resolved WHERE kind = 'one_off' AND subscription_pk IS NULL;
UPDATE resolved SET never_in_force = true WHERE kind = 'one_off';
ANALYZE resolved;
