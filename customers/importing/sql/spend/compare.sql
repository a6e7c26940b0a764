-- Rows of one month, channel, purpose and currency are added up, and replace what an earlier file said.
CREATE TEMP TABLE summed AS
SELECT min(line) AS line, count(*) AS lines, month_on, channel, purpose, currency,
       sum(amount_minor)::bigint AS amount_minor
FROM resolved
GROUP BY month_on, channel, purpose, currency;

INSERT INTO noted (line, code, value) SELECT line, 'added_up', channel FROM summed WHERE lines > 1;

DROP TABLE resolved;
CREATE TEMP TABLE resolved AS
SELECT s.*, t.id
FROM summed s
LEFT JOIN customers_spend t
       ON t.month_on = s.month_on AND t.channel = s.channel
      AND t.purpose = s.purpose AND t.currency = s.currency;
ANALYZE resolved;
