-- Features that the file is the first to name.
WITH made AS (
    INSERT INTO customers_feature (code, name)
    SELECT DISTINCT feature_key, '' FROM decided WHERE feature_id IS NULL
    RETURNING id, md5(to_jsonb(customers_feature.*)::text)::uuid AS digest
)
INSERT INTO customers_rowbefore (file_import_id, "table", row_id, after_digest)
SELECT %(import_id)s, 'customers_feature', id, digest FROM made;

UPDATE decided d SET feature_id = f.id
FROM customers_feature f
WHERE d.feature_id IS NULL AND f.code = d.feature_key;
