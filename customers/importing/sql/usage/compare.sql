-- Rows of one customer, feature and day are added up, and replace what an earlier file said.
CREATE TEMP TABLE summed AS
SELECT min(r.line) AS line, count(*) AS lines, r.customer_id, f.id AS feature_id, r.feature_key, r.day,
       sum(r.count)::bigint AS count
FROM resolved r
LEFT JOIN customers_feature f ON f.code = r.feature_key
GROUP BY r.customer_id, f.id, r.feature_key, r.day;

INSERT INTO noted (line, code, value)
SELECT line, 'added_up', feature_key FROM summed WHERE lines > 1;
INSERT INTO noted (line, code, value)
SELECT min(line), 'feature_created', feature_key FROM summed WHERE feature_id IS NULL GROUP BY feature_key;

DROP TABLE resolved;
CREATE TEMP TABLE resolved AS
SELECT s.*, u.id
FROM summed s
LEFT JOIN customers_usage u
       ON u.customer_id = s.customer_id AND u.feature_id = s.feature_id AND u.day = s.day;
ANALYZE resolved;
