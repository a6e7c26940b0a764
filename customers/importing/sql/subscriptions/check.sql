-- What can't be: each row with its line, column, value and reason.
INSERT INTO refused (line, column_name, value, reason)
SELECT line, 'amount', '', jsonb_build_object('code', 'missing')
FROM resolved
WHERE kind = 'paid' AND amount IS NULL;

INSERT INTO refused (line, column_name, value, reason)
SELECT line, column_name, trim_scale(number)::text, jsonb_build_object('code', 'negative')
FROM resolved, LATERAL (VALUES ('amount', amount), ('quantity', quantity)) v(column_name, number)
WHERE (amount < 0 OR quantity < 0) AND number < 0;

INSERT INTO refused (line, column_name, value, reason)
SELECT line, 'amount', trim_scale(amount)::text,
       jsonb_build_object('code', 'over_limit_a_year') ||
       CASE WHEN arr_native_minor IS NULL
            THEN jsonb_build_object('limit', trim_scale(10.0 ^ (18 - exponent)), 'currency', currency)
            ELSE jsonb_build_object('limit', trim_scale(10.0 ^ (18 - %(exponent)s)), 'currency', %(currency)s::text) END
FROM resolved
WHERE amount IS NOT NULL AND (arr_native_minor IS NULL
       OR arr_native_minor * fx_rate * 10.0 ^ (%(exponent)s - exponent) >= 1e18);

INSERT INTO refused (line, column_name, value, reason)
SELECT line, 'ends_on', ends_on::text, jsonb_build_object('code', 'ends_before_start', 'day', starts_on)
FROM resolved
WHERE ends_on < starts_on;

INSERT INTO refused (line, column_name, value, reason)
SELECT line, 'currency', currency, jsonb_build_object('code', 'no_rate', 'day', starts_on)
FROM resolved
WHERE fx_rate IS NULL;

INSERT INTO refused (line, column_name, value, reason)
SELECT line, 'recorded_at', recorded_at::text, jsonb_build_object('code', 'in_the_future')
FROM resolved
WHERE recorded_at > %(moment)s;

INSERT INTO refused (line, column_name, value, reason)
SELECT line, 'superseded_at', superseded_at::text, jsonb_build_object('code', 'superseded_first')
FROM resolved
WHERE superseded_at < recorded_at OR superseded_at > %(moment)s OR superseded_at IS NOT NULL AND recorded_at IS NULL;

INSERT INTO refused (line, column_name, value, reason)
SELECT r.line, 'customer_id', r.customer_key,
       jsonb_build_object('code', 'subscription_of_other', 'customer', c.external_id, 'subscription', r.subscription)
FROM resolved r
JOIN customers_customer c ON c.id = r.holder_id
WHERE r.holder_id IS DISTINCT FROM r.customer_id;

-- Subscriptions of more than one row: only they can contradict themselves.
CREATE TEMP TABLE several AS
SELECT r.line, r.subscription, r.customer_key, r.starts_on, r.ends_on, r.never_in_force, r.recorded_at,
       r.superseded_at
FROM resolved r
JOIN (SELECT subscription FROM resolved GROUP BY subscription HAVING count(*) > 1) s USING (subscription);
ANALYZE several;

INSERT INTO refused (line, column_name, value, reason)
SELECT line, 'customer_id', customer_key,
       jsonb_build_object('code', 'two_customers', 'subscription', subscription, 'line', first_line)
FROM (
    SELECT s.*, first_value(line) OVER w AS first_line, first_value(customer_key) OVER w AS first_key
    FROM several s
    WINDOW w AS (PARTITION BY subscription ORDER BY line)
) s
WHERE customer_key <> first_key;

-- Two rows of one subscription that both hold on a day and were both believed at a moment.
INSERT INTO refused (line, column_name, value, reason)
SELECT DISTINCT ON (a.line) a.line, 'starts_on', a.starts_on::text,
       jsonb_build_object('code', 'overlap', 'line', b.line, 'subscription', a.subscription)
FROM (
    SELECT DISTINCT subscription
    FROM (
        SELECT subscription, starts_on,
               max(coalesce(ends_on, 'infinity')) OVER (
                   PARTITION BY subscription ORDER BY starts_on, line
                   ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS ends_before
        FROM several
        WHERE NOT never_in_force
    ) w
    WHERE ends_before > starts_on
) s
JOIN several a USING (subscription)
JOIN several b USING (subscription)
WHERE a.line <> b.line
  AND NOT a.never_in_force AND NOT b.never_in_force
  AND a.starts_on < coalesce(b.ends_on, 'infinity') AND b.starts_on < coalesce(a.ends_on, 'infinity')
  AND coalesce(a.recorded_at, %(moment)s) < coalesce(b.superseded_at, 'infinity')
  AND coalesce(b.recorded_at, %(moment)s) < coalesce(a.superseded_at, 'infinity')
ORDER BY a.line, b.line;

-- A subscription's rows are the whole truth about it: with one refused, none is taken.
UPDATE refused f SET key = r.subscription FROM resolved r WHERE r.line = f.line AND f.key IS NULL;
INSERT INTO refused (line, column_name, value, reason, key)
SELECT r.line, 'subscription_id', r.subscription, jsonb_build_object('code', 'refused_with', 'line', f.line), r.subscription
FROM resolved r
JOIN (SELECT key, min(line) AS line FROM refused WHERE key IS NOT NULL GROUP BY key) f ON f.key = r.subscription
WHERE r.line NOT IN (SELECT line FROM refused);
