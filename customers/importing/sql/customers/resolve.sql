-- One row a customer of the file, with the customer, parent and owner it means, and its row as it
-- would become. Attributes are laid over those that are there; an empty one goes away.
CREATE TEMP TABLE resolved AS
SELECT s.line,
       c.id,
       s.customer_id                                   AS external_id,
       coalesce(s.name, c.name, s.customer_id)         AS name,
       coalesce(s.organisation_number, '')             AS organisation_number,
       p.id                                            AS parent_id,
       s.parent_id                                     AS parent_key,
       CASE WHEN s.owner_email IS NULL THEN NULL ELSE coalesce(u.id, c.owner_id) END AS owner_id,
       s.owner_email,
       u.id IS NULL AND s.owner_email IS NOT NULL      AS owner_unknown,
       s.signed_up_on,
       coalesce(s.country, '')                         AS country,
       coalesce(s.language, '')                        AS language,
       coalesce(s.currency, '')                        AS currency,
       jsonb_strip_nulls(coalesce(c.attributes, '{}') || coalesce(s.attributes, '{}')) AS attributes,
       false                                           AS never_automatic,
       %(moment)s::timestamptz                         AS created_at,
       c.id IS NOT NULL AND s.parent_id IS NOT NULL AND p.id IS NULL AS also_changed
FROM staged s
LEFT JOIN customers_customer c ON c.external_id = s.customer_id
LEFT JOIN customer_ids p ON p.external_id = s.parent_id
LEFT JOIN churnapp_user u ON lower(u.email) = s.owner_email;

-- What was merged into another customer stays so; the other has a row of its own.
INSERT INTO noted (line, code, value)
SELECT r.line, 'merged', r.external_id || ' → ' || c.external_id
FROM resolved r
JOIN customers_customeralias a USING (external_id)
JOIN customers_customer c ON c.id = a.customer_id
WHERE r.id IS NULL;
DELETE FROM resolved r USING customers_customeralias a WHERE r.id IS NULL AND a.external_id = r.external_id;
ANALYZE resolved;

INSERT INTO refused (line, column_name, value, reason)
SELECT line, 'customer_id', external_id, jsonb_build_object('code', 'twice', 'line', first_line)
FROM (SELECT line, external_id, min(line) OVER (PARTITION BY external_id) AS first_line FROM resolved) r
WHERE line <> first_line;

INSERT INTO refused (line, column_name, value, reason)
SELECT r.line, 'parent_id', r.parent_key, jsonb_build_object('code', 'own_parent')
FROM resolved r
WHERE r.parent_key = r.external_id;

INSERT INTO refused (line, column_name, value, reason)
SELECT r.line, 'parent_id', r.parent_key, jsonb_build_object('code', 'unknown_parent')
FROM resolved r
LEFT JOIN resolved p ON p.external_id = r.parent_key
WHERE r.parent_key IS NOT NULL AND r.parent_id IS NULL AND p.line IS NULL;

-- Whoever comes back to itself, walking from parent to parent, is its own ancestor.
INSERT INTO refused (line, column_name, value, reason)
WITH RECURSIVE parents AS (
    SELECT external_id, parent_key FROM resolved WHERE parent_key IS NOT NULL
    UNION ALL
    SELECT c.external_id, p.external_id
    FROM customers_customer c
    JOIN customers_customer p ON p.id = c.parent_id
    WHERE NOT EXISTS (SELECT FROM resolved r WHERE r.external_id = c.external_id)
      AND EXISTS (SELECT FROM resolved r WHERE r.parent_key IS NOT NULL)
), walk AS (
    SELECT line, external_id AS start, parent_key AS at, 1 AS steps
    FROM resolved
    WHERE parent_key IS NOT NULL AND parent_key <> external_id
    UNION ALL
    SELECT walk.line, walk.start, parents.parent_key, walk.steps + 1
    FROM walk JOIN parents ON parents.external_id = walk.at
    WHERE walk.at <> walk.start AND walk.steps < 50
)
SELECT DISTINCT line, 'parent_id', start, jsonb_build_object('code', 'own_ancestor')
FROM walk
WHERE at = start;

INSERT INTO noted (line, code, value)
SELECT line, 'owner_unknown', owner_email FROM resolved WHERE owner_unknown;
