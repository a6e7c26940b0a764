-- One row a rate of the file. The reporting currency needs none.
CREATE TEMP TABLE resolved AS
SELECT s.line, t.id, s."on", s.currency, s.rate
FROM staged s
LEFT JOIN customers_fxrate t ON t.currency = s.currency AND t."on" = s."on";
ANALYZE resolved;

INSERT INTO refused (line, column_name, value, reason)
SELECT line, 'rate', rate::float8::text, jsonb_build_object('code', CASE WHEN rate <= 0 THEN 'not_positive' ELSE 'too_large' END)
FROM resolved
WHERE rate <= 0 OR rate >= 1e10;

INSERT INTO refused (line, column_name, value, reason)
SELECT line, 'currency', currency, jsonb_build_object('code', 'reporting_currency')
FROM resolved
WHERE currency = %(currency)s AND rate <> 1;

INSERT INTO refused (line, column_name, value, reason)
SELECT line, 'on', "on"::text, jsonb_build_object('code', 'twice', 'line', first_line)
FROM (SELECT line, "on", min(line) OVER (PARTITION BY currency, "on") AS first_line FROM resolved) r
WHERE line <> first_line;
