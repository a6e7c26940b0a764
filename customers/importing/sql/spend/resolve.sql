-- One row a line of the file, its amount in minor units.
CREATE TEMP TABLE resolved AS
SELECT s.line,
       s.month                                              AS month_on,
       s.channel,
       s.amount,
       pg_temp.half_even(s.amount * 10.0 ^ e.exponent)        AS amount_minor,
       coalesce(s.currency, %(currency)s)                   AS currency,
       coalesce(s.purpose, 'acquisition')                   AS purpose
FROM staged s
JOIN currencies e ON e.code = coalesce(s.currency, %(currency)s);
ANALYZE resolved;

INSERT INTO refused (line, column_name, value, reason)
SELECT line, 'amount', trim_scale(amount)::text, jsonb_build_object('code', 'negative') FROM resolved WHERE amount < 0;

INSERT INTO refused (line, column_name, value, reason)
SELECT line, 'amount', trim_scale(amount)::text,
       jsonb_build_object('code', 'over_limit_together', 'limit', trim_scale(10.0 ^ (18 - exponent)))
FROM (
    SELECT r.line, r.amount, e.exponent,
           sum(r.amount_minor) OVER (PARTITION BY r.month_on, r.channel, r.purpose, r.currency) AS together
    FROM resolved r JOIN currencies e ON e.code = r.currency
) r
WHERE together >= 1e18;
