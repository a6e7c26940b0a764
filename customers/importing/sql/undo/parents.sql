-- Customers whose former parent is gone, or is below them by now: putting them back would close a
-- circle, so they stay. Each that stays keeps its parent, which may close another: so look again.
CREATE TEMP TABLE restoring AS
SELECT t.id, (b.before ->> 'parent_id')::bigint AS parent_id
FROM customers_rowbefore b
JOIN customers_customer t ON t.id = b.row_id
WHERE b.file_import_id = %(import_id)s AND b."table" = 'customers_customer' AND b.before IS NOT NULL
  AND b.after_digest = md5(to_jsonb(t.*)::text)::uuid;
ANALYZE restoring;
WITH gone AS (
    DELETE FROM restoring r
    WHERE r.parent_id IS NOT NULL AND NOT EXISTS (SELECT FROM customers_customer p WHERE p.id = r.parent_id)
    RETURNING r.id
)
INSERT INTO staying ("table", row_id) SELECT 'customers_customer', id FROM gone;
DO $$
DECLARE
    circled bigint;
BEGIN
    WHILE EXISTS (SELECT FROM restoring WHERE parent_id IS NOT NULL) LOOP
        CREATE TEMP TABLE leads AS
        SELECT id::text AS node, parent_id::text AS parent FROM restoring WHERE parent_id IS NOT NULL
        UNION ALL
        SELECT c.id::text, c.parent_id::text
        FROM customers_customer c
        WHERE c.parent_id IS NOT NULL AND NOT EXISTS (SELECT FROM restoring r WHERE r.id = c.id);
        WITH gone AS (
            DELETE FROM restoring r USING pg_temp.in_circles() AS circle(node) WHERE r.id = circle.node::bigint
            RETURNING r.id
        )
        INSERT INTO staying ("table", row_id) SELECT 'customers_customer', id FROM gone;
        GET DIAGNOSTICS circled = ROW_COUNT;
        EXIT WHEN circled = 0;
    END LOOP;
END $$;
