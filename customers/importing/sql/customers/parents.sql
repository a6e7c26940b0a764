-- Which parents can't be: the customer itself, nobody, somebody who is refused, or somebody below.
INSERT INTO refused (line, column_name, value, reason)
SELECT r.line, 'parent_id', r.parent_named,
       jsonb_build_object('code', CASE WHEN r.parent_named = r.external_id THEN 'own_parent' ELSE 'own_former_id' END)
FROM resolved r
WHERE r.parent_key = r.external_id;

-- A refused row leaves its customer as it is, perhaps without a row and perhaps below somebody: so
-- what remains is looked at again until all of it can be.
CREATE TEMP TABLE remaining (line bigint, id bigint, external_id text, parent_id bigint, parent_key text, parent_named text);
INSERT INTO remaining
SELECT line, id, external_id, parent_id, parent_key, parent_named
FROM resolved r
WHERE EXISTS (SELECT FROM resolved WHERE parent_key IS NOT NULL)
  AND NOT EXISTS (SELECT FROM refused f WHERE f.line = r.line);
ANALYZE remaining;
DO $$
DECLARE
    orphans bigint;
    circled bigint;
BEGIN
    WHILE EXISTS (SELECT FROM remaining WHERE parent_key IS NOT NULL) LOOP
        WITH RECURSIVE lost AS (
            SELECT r.line, r.id, r.external_id, r.parent_key, r.parent_named
            FROM remaining r
            WHERE r.parent_key IS NOT NULL AND r.parent_id IS NULL
              AND NOT EXISTS (SELECT FROM remaining p WHERE p.external_id = r.parent_key)
            UNION
            SELECT r.line, r.id, r.external_id, r.parent_key, r.parent_named
            FROM lost JOIN remaining r ON r.parent_key = lost.external_id
            WHERE lost.id IS NULL
        )
        INSERT INTO refused (line, column_name, value, reason)
        SELECT lost.line, 'parent_id', lost.parent_named,
               CASE WHEN p.line IS NULL THEN jsonb_build_object('code', 'unknown_parent')
                    ELSE jsonb_build_object('code', 'refused_parent', 'line', p.line) END
        FROM lost
        LEFT JOIN (SELECT external_id, min(line) AS line FROM resolved GROUP BY external_id) p
               ON p.external_id = lost.parent_key;
        GET DIAGNOSTICS orphans = ROW_COUNT;
        DELETE FROM remaining r USING refused f WHERE f.line = r.line;

        CREATE TEMP TABLE leads AS
        SELECT external_id AS node, parent_key AS parent FROM remaining WHERE parent_key IS NOT NULL
        UNION ALL
        SELECT c.external_id, p.external_id
        FROM customers_customer c
        JOIN customers_customer p ON p.id = c.parent_id
        WHERE NOT EXISTS (SELECT FROM remaining r WHERE r.external_id = c.external_id);
        INSERT INTO refused (line, column_name, value, reason)
        SELECT r.line, 'parent_id', r.parent_named, jsonb_build_object('code', 'own_ancestor')
        FROM remaining r
        JOIN pg_temp.in_circles() AS circle(external_id) USING (external_id);
        GET DIAGNOSTICS circled = ROW_COUNT;
        DELETE FROM remaining r USING refused f WHERE f.line = r.line;
        EXIT WHEN orphans + circled = 0;
    END LOOP;
END $$;
