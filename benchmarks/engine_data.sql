-- A company of {customers} customers over five years, drawn by hashes so that it is the same each time.
-- Of a hundred subscriptions 45 run on unchanged, 15 end, 25 change and run on, 7 change and end,
-- 5 return after a gap, 3 pause. One customer in ten has two subscriptions, one in ten pays in SEK
-- at a rate that differs by year, one in fifty has a contract, one in a hundred a parent company.
CREATE OR REPLACE FUNCTION draw(bigint, bigint, int) RETURNS int LANGUAGE sql IMMUTABLE AS
'SELECT (((hashint8extended($1, $2) % $3) + $3) % $3)::int';

ALTER TABLE customers_term DROP CONSTRAINT one_believed_term_a_day;

INSERT INTO customers_plan (id, code, name)
SELECT n, 'plan-' || n, '' FROM generate_series(1, 5) AS n;

INSERT INTO customers_customer (id, external_id, name, organisation_number, country, language,
                                currency, attributes, never_automatic, created_at)
SELECT n, 'C-' || n, 'Customer ' || n, '', (ARRAY['NO', 'SE', 'DK', 'FI'])[1 + draw(n, 1, 4)], 'en',
       CASE WHEN draw(n, 2, 10) = 0 THEN 'SEK' ELSE 'EUR' END, '{{}}', false, now()
FROM generate_series(1, {customers}) AS n;

UPDATE customers_customer SET parent_id = id - 1 WHERE id % 100 = 0;

INSERT INTO customers_subscription (id, customer_id, external_id, contract_ends_on, auto_renews)
SELECT n, 1 + (n - 1) % {customers}, 'S-' || n,
       CASE WHEN draw(n, 3, 50) = 0 THEN date '2020-06-01' + draw(n, 4, 1700) END,
       draw(n, 5, 2) = 0
FROM generate_series(1, {customers} * 11 / 10) AS n;

WITH drawn AS (
    SELECT s.id, s.customer_id, draw(s.id, 6, 100) AS lot, draw(s.id, 7, 5) + 1 AS plan,
           date '2020-01-01' + draw(s.id, 8, 1800) AS first_on,
           30 + draw(s.id, 9, 700) AS days, 30 + draw(s.id, 10, 500) AS more_days,
           30 + draw(s.id, 11, 150) AS gap, 1200 * (1 + draw(s.id, 12, 200)) AS native,
           80 + draw(s.id, 13, 60) AS percent, c.currency
    FROM customers_subscription AS s
    JOIN customers_customer AS c ON c.id = s.customer_id
),
laid AS (
    SELECT id, plan, currency, 'paid' AS kind, native, first_on AS starts_on,
           CASE WHEN lot >= 45 THEN first_on + days END AS ends_on
    FROM drawn
    UNION ALL
    SELECT id, plan, currency, 'paused', 0, first_on + days, first_on + days + gap
    FROM drawn WHERE lot >= 97
    UNION ALL
    SELECT id, plan, currency, 'paid', native * percent / 100,
           first_on + days + CASE WHEN lot >= 92 THEN gap ELSE 0 END,
           CASE WHEN lot BETWEEN 85 AND 91 THEN first_on + days + more_days END
    FROM drawn WHERE lot >= 60
),
rated AS (
    SELECT laid.*,
           CASE WHEN currency = 'SEK' AND kind = 'paid'
                THEN 0.0850 + 0.0013 * (extract(year FROM starts_on) - 2020) ELSE 1 END AS rate
    FROM laid
)
INSERT INTO customers_term (subscription_id, plan_id, quantity, kind, arr_native_minor, currency,
                            fx_rate, arr_minor, starts_on, ends_on, recorded_at)
SELECT id, plan, 1, kind, native, currency, rate, round(native * rate), starts_on, ends_on,
       coalesce(greatest(starts_on, ends_on - draw(id, 14, 60)), starts_on)
FROM rated;

INSERT INTO customers_cancellation (customer_id, effective_on, requested_at, recorded_at,
                                    involuntary, comment, competitor, missing_feature, ended_terms)
SELECT s.customer_id, t.ends_on, t.recorded_at, t.recorded_at, draw(t.id, 15, 5) = 0, '', '', '',
       false
FROM customers_term AS t
JOIN customers_subscription AS s ON s.id = t.subscription_id
WHERE t.ends_on < now() AND draw(t.id, 16, 10) = 0;

INSERT INTO customers_feature (id, code, name) VALUES (1, 'reports', '');

INSERT INTO customers_usage (customer_id, feature_id, day, count)
SELECT 1 + draw(n, 17, {customers}), 1, date '2020-01-01' + draw(n, 18, 1827), 3
FROM generate_series(1, {customers} / 10) AS n
ON CONFLICT DO NOTHING;

INSERT INTO customers_spend (month_on, channel, amount_minor, currency, purpose)
SELECT month, 'ads', 5000000, 'EUR', purpose
FROM generate_series(date '2020-01-01', date '2024-12-01', interval '1 month') AS month,
     unnest(ARRAY['acquisition', 'retention']) AS purpose;
