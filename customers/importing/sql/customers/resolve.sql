-- One row a customer of the file, with the customer, parent and owner it means, and its row as it
-- would become. Attributes are laid over those that are there; an empty one goes away. A parent
-- that the file calls by a former id is meant by its id of today: `parent_key`. Only those who work
-- with customers (%(at_work)s) may become owners; whoever is one already may stay so.
CREATE TEMP TABLE resolved AS
SELECT s.line,
       c.id,
       s.customer_id                                   AS external_id,
       coalesce(s.name, c.name, s.customer_id)         AS name,
       coalesce(s.organisation_number, '')             AS organisation_number,
       p.id                                            AS parent_id,
       coalesce(h.external_id, s.parent_id)            AS parent_key,
       s.parent_id                                     AS parent_named,
       CASE WHEN s.owner_email IS NULL THEN NULL ELSE coalesce(u.id, c.owner_id) END AS owner_id,
       s.owner_email,
       u.id IS NULL AND s.owner_email IS NOT NULL      AS owner_unknown,
       CASE WHEN u.id = c.owner_id OR u.id = ANY(%(at_work)s) THEN NULL
            WHEN u.is_active THEN 'owner_reads'
            WHEN NOT u.is_active THEN 'owner_left' END AS owner_refused,
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
LEFT JOIN customers_customer h ON h.id = p.id
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
SELECT line, 'owner_email', owner_email, jsonb_build_object('code', owner_refused)
FROM resolved
WHERE owner_refused IS NOT NULL;

INSERT INTO noted (line, code, value)
SELECT line, 'owner_unknown', owner_email FROM resolved WHERE owner_unknown;
