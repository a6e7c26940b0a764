-- One row a feature of the file, with the plans that include it.
CREATE TEMP TABLE resolved AS
SELECT s.line,
       f.id,
       s.feature                                    AS code,
       coalesce(s.name, f.name, '')                 AS name,
       s.released_on,
       ARRAY(SELECT DISTINCT trim(plan)
             FROM regexp_split_to_table(s.plans, '[|,;]') AS plan
             WHERE trim(plan) <> '' ORDER BY 1)      AS plans
FROM staged s
LEFT JOIN customers_feature f ON f.code = s.feature;

ALTER TABLE resolved ADD COLUMN also_changed boolean;
UPDATE resolved r SET also_changed = %(has_plans)s AND id IS NOT NULL AND plans IS DISTINCT FROM ARRAY(
    SELECT p.code::text
    FROM customers_feature_plans m JOIN customers_plan p ON p.id = m.plan_id
    WHERE m.feature_id = r.id ORDER BY 1);
ANALYZE resolved;

INSERT INTO refused (line, column_name, value, reason)
SELECT line, 'feature', code, jsonb_build_object('code', 'twice', 'line', first_line)
FROM (SELECT line, code, min(line) OVER (PARTITION BY code) AS first_line FROM resolved) r
WHERE line <> first_line;

INSERT INTO refused (line, column_name, value, reason)
SELECT r.line, 'plans', plan, jsonb_build_object('code', 'too_long', 'limit', 200)
FROM resolved r, unnest(r.plans) AS plan
WHERE length(plan) > 200;

INSERT INTO noted (line, code, value)
SELECT min(r.line), 'plan_created', plan
FROM resolved r, unnest(r.plans) AS plan
WHERE NOT EXISTS (SELECT FROM customers_plan p WHERE p.code = plan)
GROUP BY plan;
