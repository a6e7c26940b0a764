-- Plans that the file is the first to name, then which plans include which feature.
WITH made AS (
    INSERT INTO customers_plan (code, name)
    SELECT DISTINCT plan, ''
    FROM decided d, unnest(d.plans) AS plan
    WHERE NOT EXISTS (SELECT FROM customers_plan p WHERE p.code = plan)
    RETURNING id, md5(to_jsonb(customers_plan.*)::text)::uuid AS digest
)
INSERT INTO customers_rowbefore (file_import_id, "table", row_id, after_digest)
SELECT %(import_id)s, 'customers_plan', id, digest FROM made;

WITH gone AS (
    DELETE FROM customers_feature_plans m
    USING decided d, customers_feature f, customers_plan p
    WHERE %(has_plans)s AND f.code = d.code AND m.feature_id = f.id AND p.id = m.plan_id
      AND d.outcome <> 'unchanged' AND p.code <> ALL (d.plans)
    RETURNING m.id, to_jsonb(m.*) AS before
)
INSERT INTO customers_rowbefore (file_import_id, "table", row_id, before)
SELECT %(import_id)s, 'customers_feature_plans', id, before FROM gone;

WITH made AS (
    INSERT INTO customers_feature_plans (feature_id, plan_id)
    SELECT f.id, p.id
    FROM decided d
    JOIN customers_feature f ON f.code = d.code
    JOIN customers_plan p ON p.code = ANY (d.plans)
    WHERE d.outcome <> 'unchanged'
    ON CONFLICT DO NOTHING
    RETURNING id, md5(to_jsonb(customers_feature_plans.*)::text)::uuid AS digest
)
INSERT INTO customers_rowbefore (file_import_id, "table", row_id, after_digest)
SELECT %(import_id)s, 'customers_feature_plans', id, digest FROM made;
