-- One row a rate of the file. The reporting currency needs none.
CREATE TEMP TABLE resolved AS
SELECT s.line, t.id, s."on", s.currency, s.rate
FROM staged s
LEFT JOIN customers_fxrate t ON t.currency = s.currency AND t."on" = s."on";
ANALYZE resolved;

INSERT INTO refused (line, column_name, value, reason)
SELECT line, 'rate', trim_scale(rate)::text, jsonb_build_object('code', 'not_positive')
FROM resolved
WHERE rate <= 0;

INSERT INTO refused (line, column_name, value, reason)
SELECT line, 'currency', currency, jsonb_build_object('code', 'reporting_currency')
FROM resolved
WHERE currency = %(currency)s AND rate <> 1;

INSERT INTO refused (line, column_name, value, reason)
SELECT line, 'on', "on"::text, jsonb_build_object('code', 'twice', 'line', first_line)
FROM (SELECT line, "on", min(line) OVER (PARTITION BY currency, "on") AS first_line FROM resolved) r
WHERE line <> first_line;
